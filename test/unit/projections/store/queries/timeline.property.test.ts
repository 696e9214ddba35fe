import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QueryStore } from '../../../../../projections/store/database/query-store.js';
import type { TimelineView } from '../../../../../projections/store/queries/timeline.js';
import { MAX_MARKS, type TimelineMark } from '../../../../../projections/store/queries/timeline-marks.js';
import { History } from '../../../../support/history/history.js';
import { NaiveMarket } from '../../../../support/history/naive-market.js';
import { removeFolder, temporaryFolder } from '../../../../support/log/temporary-folder.js';
import { runs } from '../../../../support/property/runs.js';
import { NaiveProjections } from '../../naive-projections.js';

const wild = { crash: 0.02, decline: 0.1, auction: 0.05 };
const share = fc.double({ min: 0, max: 1, noNaN: true });
const cases = fc.record({
  seed: fc.nat(),
  length: fc.integer({ min: 1, max: 600 }),
  batchesAChunk: fc.integer({ min: 1, max: 9 }),
  ranges: fc.array(fc.tuple(share, share, fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 6 }),
});

function storeOf(history: History, batchesAChunk: number): QueryStore {
  const store = new QueryStore(':memory:');
  history.batches().forEach((batch, index) => {
    store.add(batch);
    if (index % batchesAChunk === 0) store.commit();
  });
  store.commit();
  return store;
}

/** The number of deals that follow an auction and are its own: of its instrument, until its phase changes or it is uncrossed again. */
function dealsOfAuction({ events }: History, { deals }: NaiveProjections, position: number): number {
  const auction = events[position];
  if (auction?.type !== 'AuctionUncrossed') throw new Error('there is no auction');
  const { instrumentId, volumeLots } = auction;
  const ends = events.findIndex(
    (event, at) =>
      at > position &&
      (event.type === 'PhaseChanged' || event.type === 'AuctionUncrossed') &&
      event.instrumentId === instrumentId,
  );
  let lots = 0;
  const own = deals.filter((deal) => {
    const isOwn = deal.instrumentId === instrumentId && deal.position > position && (ends < 0 || deal.position < ends);
    if (!isOwn || lots >= volumeLots) return false;
    lots += deal.lots;
    return true;
  });
  return own.length;
}

/** What the time line must mark, in the plainest way. */
function naiveMarks(history: History, naive: NaiveProjections): TimelineMark[] {
  return history.events.flatMap((event, position): TimelineMark[] => {
    if (event.type === 'ShardStarted') {
      return [{ position, at: new Date(event.atMs).toISOString(), kind: 'restart', epoch: event.epoch }];
    }
    if (event.type !== 'AuctionUncrossed') return [];
    const { instrumentId, priceTicks, volumeLots, atMs } = event;
    const placed = { position, at: new Date(atMs).toISOString(), kind: 'auction' } as const;
    const listed = history.events.find(
      (each) => each.type === 'InstrumentListed' && each.instrumentId === instrumentId,
    );
    const { symbol, priceDecimals } = listed as { symbol: string; priceDecimals: number }; // it was listed first
    const price = volumeLots > 0 ? { price: (priceTicks / 10 ** priceDecimals).toFixed(priceDecimals) } : {};
    const deals = dealsOfAuction(history, naive, position);
    return [{ ...placed, instrument: symbol, ...price, volume: String(volumeLots), deals }];
  });
}

describe('the time line', () => {
  it('The time line counts the deals of each stretch and marks each restart and auction, as a naive look through the whole log does', () => {
    fc.assert(
      fc.property(cases, ({ seed, length, batchesAChunk, ranges }) => {
        const history = new History();
        new NaiveMarket(history, seed, wild).run(length);
        history.seal();
        const naive = new NaiveProjections(history.events);
        const marks = naiveMarks(history, naive);
        const store = storeOf(history, batchesAChunk);
        const { head } = history;
        for (const [one, other, buckets] of ranges) {
          const [from, until] = [one, other].map((at) => Math.round(at * head)).sort((a, b) => a - b) as [
            number,
            number,
          ];
          const edge = (bucket: number): number => from + Math.floor((bucket * (until - from)) / buckets);
          const expected: TimelineView = {
            ...{ from, until },
            deals: Array.from({ length: buckets }, (_, bucket) =>
              naive.deals.filter(({ position }) => position >= edge(bucket) && position < edge(bucket + 1)),
            ).map((deals) => deals.length),
            marks: marks.filter(({ position }) => position >= from && position < until),
          };
          expect(store.queries.line.timeline({ from, until, buckets })).toEqual(expected);
        }
        const whole = store.queries.line.timeline({ buckets: 7 });
        expect(whole).toMatchObject({ from: 0, until: head, marks });
        expect(whole.deals.reduce((sum, count) => sum + count, 0)).toBe(naive.deals.length);
        store.close();
      }),
      runs(40),
    );
  });

  it('The deals around a moment are the last one that was decided before and the first one that is then or later, below the head', () => {
    fc.assert(
      fc.property(cases, share, ({ seed, length, batchesAChunk, ranges }, headShare) => {
        const history = new History();
        new NaiveMarket(history, seed, wild).run(length);
        history.seal();
        const { deals } = new NaiveProjections(history.events);
        const store = storeOf(history, batchesAChunk);
        const head = Math.round(headShare * history.head);
        const near = deals.flatMap(({ position: at }) => [at, at + 1, at + 2]).filter((at) => at <= head);
        for (const position of [0, 1, head, ...near, ...ranges.map(([at]) => Math.round(at * head))]) {
          const previous = deals.filter((deal) => deal.position + 1 < position).at(-1);
          const next = deals.find((deal) => deal.position >= position && deal.position < head);
          expect(store.queries.line.dealsAround(position, head)).toEqual({
            ...(previous !== undefined && { previousDeal: previous.position + 1 }),
            ...(next !== undefined && { nextDeal: next.position + 1 }),
          });
        }
        store.close();
      }),
      runs(25),
    );
  });
});

describe('the deals of an auction', () => {
  it('The deals of an auction that is cut in two by a crash count as its own, also in a store that is closed and opened in between; no others do', () => {
    const folder = temporaryFolder();
    const history = new History();
    const [alice, bob] = [history.admit('alice'), history.admit('bob')];
    const [acme, other] = [history.list('ACME'), history.list('OTHER')];
    const deal = (instrument: number, lots: number): void => {
      const sell = history.post(bob, instrument, 'sell', 10, lots);
      history.deal(sell, history.post(alice, instrument, 'buy', 10, lots), 10, lots);
    };
    history.uncross(acme, 10, 9);
    deal(acme, 2);
    history.restart();
    deal(other, 3);
    deal(acme, 3);
    history.restart();
    deal(acme, 4);
    deal(acme, 1);
    const disturbed = history.uncross(acme, 10, 9);
    deal(acme, 2);
    history.restart();
    history.phase(acme, 'continuous');
    deal(acme, 1);
    history.seal();
    for (const batch of history.batches()) {
      const store = new QueryStore(`${folder}/store.db`);
      store.add(batch);
      store.commit();
      store.close();
    }
    const store = new QueryStore(`${folder}/store.db`);
    const { marks } = store.queries.line.timeline({ buckets: 1 });
    const auctions = marks.flatMap((mark) => (mark.kind === 'auction' ? [mark] : []));
    expect(auctions.map(({ deals }) => deals)).toEqual([3, 1]);
    expect(auctions[1]?.position).toBe(disturbed);
    store.close();
    removeFolder(folder);
  });
});

describe('a time line with many marks', () => {
  function crowded(restarts: number, auctions: number): QueryStore {
    const history = new History();
    const instrument = history.list('ACME');
    for (let count = 1; count < restarts; count++) history.restart();
    for (let count = 0; count < auctions; count++) history.uncross(instrument, 0, 0);
    history.seal();
    return storeOf(history, 50);
  }
  const kinds = ({ marks }: TimelineView) => ({
    restarts: marks.filter(({ kind }) => kind === 'restart').length,
    auctions: marks.filter(({ kind }) => kind === 'auction').length,
  });

  it('A time line with too many marks shows as many as it may, restarts before auctions up to a half, and says how many it leaves out', () => {
    for (const [restarts, auctions, shown] of [
      [3, 900, { restarts: 3, auctions: 497 }],
      [900, 3, { restarts: 497, auctions: 3 }],
      [900, 900, { restarts: 250, auctions: 250 }],
      [250, 250, { restarts: 250, auctions: 250 }],
    ] as const) {
      const store = crowded(restarts, auctions);
      const view = store.queries.line.timeline({ buckets: 1 });
      expect(kinds(view)).toEqual(shown);
      expect(view.marksLeftOut ?? 0).toBe(restarts + auctions - MAX_MARKS > 0 ? restarts + auctions - MAX_MARKS : 0);
      const positions = view.marks.map(({ position }) => position);
      expect(positions).toEqual([...new Set(positions)].sort((one, other) => one - other));
      store.close();
    }
  });

  it('A time line that leaves marks out spreads those it shows evenly, with the last one among them', () => {
    const store = crowded(1, 2_000);
    const { marks, until } = store.queries.line.timeline({ buckets: 1 });
    const [first = 0, ...rest] = marks.filter(({ kind }) => kind === 'auction').map(({ position }) => position);
    const gaps = rest.map((position, index) => position - (rest[index - 1] ?? first));
    expect(new Set(gaps)).toEqual(new Set([4, 5]));
    expect(rest.at(-1)).toBe(until - 2); // the last event seals its batch
    store.close();
  });
});

describe('what a time line refuses', () => {
  it('A time line refuses what lies beyond the head and what is no number of stretches; a stretch that ends before it begins is empty', () => {
    const history = new History();
    history.seal();
    const store = storeOf(history, 1);
    const { head } = history;
    const { line } = store.queries;
    const ahead = expect.objectContaining({ code: 'POSITION_AHEAD' });
    expect(() => line.timeline({ until: head + 1, buckets: 1 })).toThrow(ahead);
    expect(() => line.timeline({ from: head + 1, buckets: 1 })).toThrow(ahead);
    for (const buckets of [0, 1.5, 1_001]) {
      expect(() => line.timeline({ buckets })).toThrow(expect.objectContaining({ code: 'INVALID_QUERY' }));
    }
    const empty = { from: head, until: head, deals: [0, 0], marks: [] };
    expect(line.timeline({ from: head, until: 0, buckets: 2 })).toEqual(empty);
    store.close();
  });
});
