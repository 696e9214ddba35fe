import fc from 'fast-check';
import { expect, it } from 'vitest';
import { auditLog } from '../../../../../projections/audit/audit-log.js';
import { chartJson } from '../../../../../projections/handshake/chart-json.js';
import { readChart } from '../../../../../projections/handshake/read-chart.js';
import { checkedBook } from '../../../../../projections/book/checksum.js';
import { QueryStore } from '../../../../../projections/store/database/query-store.js';
import { MAX_ROWS } from '../../../../../projections/store/queries/query-terms.js';
import { candleIntervals } from '../../../../../projections/tape/candles.js';
import { explain } from '../../../../../projections/why/explain.js';
import { explanationJson } from '../../../../../projections/why/explanation-json.js';
import type { Event } from '../../../../../src/events/event.js';
import { type EventBatch, eventsOfBatch } from '../../../../../src/events/fold.js';
import { replay } from '../../../../../src/exchange/recovery/recovery.js';
import { stateDigest } from '../../../../../src/exchange/recovery/state-digest.js';
import { toHex } from '../../../../../src/events/bytes.js';
import { sourceOf } from '../../../../../src/web/workers/log-file/handlers.js';
import { auditFile, replayFile } from '../../../../../src/web/workers/log-file/proofs.js';
import { growingLog } from '../../../projections/folding.js';
import { History } from '../../../../support/history/history.js';
import { NaiveMarket } from '../../../../support/history/naive-market.js';
import { runs } from '../../../../support/property/runs.js';
import { sessions } from '../../../../support/reference/arbitrary-steps.js';
import { playSession } from '../../../../support/reference/play-session.js';
import { fileOf, linesOf, openFile, upTo } from './exported.js';

const wild = { crash: 0.01, decline: 0.1, auction: 0.02, risk: 0.03 };
/** Evenly: doubles would nearly always be next to 0. */
const share = fc.integer({ min: 0, max: 1_000 }).map((thousandths) => thousandths / 1_000);
const cuts = fc.array(share, { minLength: 1, maxLength: 6 });
const cases = fc.record({ seed: fc.nat(), length: fc.integer({ min: 20, max: 700 }), cuts });

function batchesOf(which: { seed: number; length: number }, chances = wild): readonly EventBatch[] {
  const history = new History();
  new NaiveMarket(history, which.seed, chances).run(which.length);
  return history.batches();
}

function eventsIn(batches: readonly EventBatch[]): Event[] {
  return batches.flatMap((batch) => [...eventsOfBatch(batch)].map(({ event }) => event));
}

function headOf(batches: readonly EventBatch[]): number {
  return batches.reduce((head, { count }) => head + count, 0);
}

/** A store that holds just the events before a position. */
function storeAt(batches: readonly EventBatch[], position: number): QueryStore {
  const store = new QueryStore(':memory:');
  for (const batch of upTo(batches, position)) store.add(batch);
  store.commit();
  return store;
}

const participants = [undefined, 'alice', 'bob', 'nobody'];

it('An exported log is replayed to the state digest that a replay on the server gives, at its head and at any moment', async () => {
  const property = fc.asyncProperty(sessions(40), cuts, async (session, cuts) => {
    const { log } = await playSession(session);
    const batches: EventBatch[] = [];
    for await (const batch of log.read(0)) batches.push(batch);
    const file = await openFile(fileOf(linesOf(batches)));
    expect(file.told).toMatchObject({ shard: 0, head: await log.head(), eventsSealed: 0, wrongSeals: 0 });
    for (const cut of [...cuts, 1]) {
      const at = Math.floor(cut * file.head);
      const { state, head } = await replay(log, { until: at });
      const told = await replayFile(file, { at });
      expect(told).toMatchObject({ head, stateDigest: stateDigest(state.market), batchDigest: toHex(state.digest) });
      expect(told.openIntentions).toBe(state.market.negotiators.size);
    }
  });
  await fc.assert(property, runs(20));
});

it('An exported log is audited as on the server, with the same findings at the same positions, whether it is honest or not', async () => {
  const property = fc.asyncProperty(cases, fc.boolean(), async (which, isHonest) => {
    const batches = batchesOf(which);
    const { log } = await growingLog(batches);
    const expected = await auditLog(log);
    const lines = linesOf(batches);
    if (isHonest) {
      const file = await openFile(fileOf(lines));
      const { shard, anchor, ...report } = await auditFile(file, {});
      expect(report).toEqual(expected);
      expect({ shard, anchor }).toEqual({ shard: 0, anchor: `0/${file.head}:${expected.digest}` });
      return;
    }
    // A larger fill than was agreed: seals are wrong from there on, and so is what is settled.
    const at = lines.findIndex((line) => line.includes('"DealConfirmed"'));
    const forged = lines.map((line, index) =>
      index === at
        ? line.replace(/"quantityLots":(\d+)/, (_, lots: string) => `"quantityLots":${Number(lots) + 1}`)
        : line,
    );
    const file = await openFile(fileOf(forged));
    const report = await auditFile(file, {});
    expect(report.countByCode.get('DIGEST_MISMATCH')).toBe(at < 0 ? undefined : 1);
    expect(file.told.wrongSeals).toBe(at < 0 ? 0 : 1);
    if (at >= 0) expect(report.findings.map(({ position }) => position)).toContain(at);
  });
  await fc.assert(property, runs(20));
});

it('Books, trades, candles and tickers of an exported log at any moment are those of a store that holds the events before it and no other', async () => {
  const property = fc.asyncProperty(cases, async (which) => {
    const batches = batchesOf(which);
    const file = await openFile(fileOf(linesOf(batches)));
    const source = sourceOf(file);
    for (const cut of which.cuts) {
      const at = Math.floor(cut * file.head);
      const { queries } = storeAt(batches, at);
      const { atMs } = await file.modelAt({ at });
      const listed = queries.instruments();
      expect(await source.instruments({ at })).toEqual(listed);
      const tickers = queries.tickers({ nowMs: atMs }).map((ticker) => ({ ...ticker, position: at }));
      expect(await source.tickers({ at })).toEqual(tickers);
      for (const { symbol } of listed) {
        const book = queries.book(symbol, MAX_ROWS);
        expect(await source.book(symbol, { at, depth: 3 })).toEqual(book && checkedBook(book, 3));
        const trades = queries.trades({ instrument: symbol, limit: 7 });
        expect(await source.trades(symbol, { at, limit: 7 })).toEqual(trades?.trades);
        const after = Math.floor(at / 2);
        const later = queries.trades({ instrument: symbol, after, before: at - 3, limit: 5 });
        if (at > 3) expect(await source.trades(symbol, { at, after, before: at - 3, limit: 5 })).toEqual(later?.trades);
        for (const interval of Object.keys(candleIntervals) as (keyof typeof candleIntervals)[]) {
          const candles = queries.candles({ instrument: symbol, interval, limit: 20 });
          expect(await source.candles(symbol, { at, interval, limit: 20 })).toEqual(candles?.candles);
        }
      }
    }
  });
  await fc.assert(property, runs(12));
});

it('Intentions, deals, positions and promises of an exported log at any moment are those of a store that holds the events before it and no other', async () => {
  const property = fc.asyncProperty(cases, async (which) => {
    const batches = batchesOf(which);
    const file = await openFile(fileOf(linesOf(batches)));
    const source = sourceOf(file);
    for (const cut of which.cuts) {
      const at = Math.floor(cut * file.head);
      const { queries } = storeAt(batches, at);
      const { atMs } = await file.modelAt({ at });
      for (const participant of participants) {
        for (const [side, status, instrument] of [
          [undefined, undefined, undefined],
          ['buy', 'filled', undefined],
          ['sell', 'open', 'S1'],
          [undefined, 'withdrawn', 'S0'],
        ] as const) {
          const filter = { participant, side, status, instrument, after: '4', limit: 9 };
          expect(await source.intentions({ at, ...filter })).toEqual(queries.intentions(filter));
        }
        const deals = { participant, instrument: 'S2', limit: 6 };
        expect(await source.deals({ at, ...deals })).toEqual(queries.deals(deals));
        expect(await source.positions({ at, participant, limit: 5 })).toEqual(
          queries.positions({ participant, limit: 5 }),
        );
      }
      const [, , third] = await source.positions({ at });
      if (third !== undefined) {
        expect(await source.positions({ at, after: third })).toEqual(queries.positions({ after: third }));
      }
      expect(await source.doubts({ at })).toEqual(queries.doubts(atMs));
      for (const { id, clientIntentionId, participant } of queries.intentions({ limit: 30 })) {
        expect(await source.intention(id, { at })).toEqual(queries.intention(id));
        const found = await source.intentions({ at, participant, clientIntentionId });
        expect(found).toEqual([queries.intentionByClientId(participant, clientIntentionId)]);
        expect(await source.deals({ at, intention: id })).toEqual(queries.deals({ intention: id }));
      }
    }
    for (const event of eventsIn(batches)) {
      if (event.type !== 'DealConfirmed' && event.type !== 'DealAborted') continue;
      const id = `${event.initiatorId}-${event.dealNumber}`;
      expect(await source.deal(id, {})).toEqual(storeOf(batches).queries.deal(id));
    }
  });
  await fc.assert(property, runs(12));
});

const stores = new WeakMap<readonly EventBatch[], QueryStore>();

/** Of all of them, made once. */
function storeOf(batches: readonly EventBatch[]): QueryStore {
  const store = stores.get(batches) ?? storeAt(batches, headOf(batches));
  stores.set(batches, store);
  return store;
}

it('Explanations and charts of an exported log at any moment are those of the log up to there', async () => {
  const property = fc.asyncProperty(cases, share, async (which, subject) => {
    const batches = batchesOf(which);
    const { log } = await growingLog(batches);
    const file = await openFile(fileOf(linesOf(batches)));
    const source = sourceOf(file);
    const events = eventsIn(batches);
    const proposals = events.filter((event) => event.type === 'ProposalMade');
    const proposal = proposals[Math.floor(subject * (proposals.length - 1))];
    if (proposal === undefined) return;
    const { intentionId, dealNumber } = proposal;
    const id = String(intentionId);
    for (const cut of which.cuts) {
      const at = Math.floor(cut * file.head);
      const isPosted = events
        .slice(0, at)
        .some((event) => event.type === 'IntentionPosted' && event.intentionId === intentionId);
      const why = explained(await explain(log, intentionId, { until: at }));
      if (isPosted) expect(await source.why(id, { at })).toEqual({ ...why, position: at });
      else await expect(source.why(id, { at })).rejects.toMatchObject({ status: 404, code: 'UNKNOWN_INTENTION' });
      const whole = await readChart(log, { intentionId }, { until: at });
      const chart = whole && { ...chartJson(whole.chart, whole.names), position: at };
      if (chart === undefined) await expect(source.intentionChart(id, { at })).rejects.toMatchObject({ status: 404 });
      else expect(await source.intentionChart(id, { at })).toEqual(chart);
      const ofDeal = await readChart(log, { deal: { initiatorId: intentionId, dealNumber } }, { until: at });
      const drawn = ofDeal && { ...chartJson(ofDeal.chart, ofDeal.names), position: at };
      const deal = `${id}-${dealNumber}`;
      if (drawn === undefined) await expect(source.dealChart(deal, { at })).rejects.toMatchObject({ status: 404 });
      else expect(await source.dealChart(deal, { at })).toEqual(drawn);
    }
  });
  await fc.assert(property, runs(15));
});

/** It is told from the post on. */
function explained(whole: Awaited<ReturnType<typeof explain>>): object | undefined {
  if (whole === undefined) return undefined;
  const reasons = whole.explanation.reasons.filter(({ kind }) => kind !== 'refused');
  return explanationJson({ ...whole.explanation, reasons }, whole.names);
}

it('The time line, the moments next to one and the pages of events of an exported log are what a look at all its events gives', async () => {
  const property = fc.asyncProperty(cases, fc.integer({ min: 1, max: 30 }), async (which, buckets) => {
    const batches = batchesOf(which);
    const file = await openFile(fileOf(linesOf(batches)));
    const source = sourceOf(file);
    const events = eventsIn(batches);
    const dealt = events.flatMap((event, position) => (event.type === 'DealConfirmed' ? [position] : []));
    const line = await source.timeline({ buckets });
    const edge = (bucket: number): number => Math.floor((bucket * file.head) / buckets);
    const counts = Array.from({ length: buckets }, (_, bucket) => {
      return dealt.filter((position) => position >= edge(bucket) && position < edge(bucket + 1)).length;
    });
    expect(line).toMatchObject({ position: file.head, from: 0, until: file.head, deals: counts });
    const marked = events.flatMap(({ type }, position) =>
      type === 'ShardStarted' || type === 'AuctionUncrossed' ? [position] : [],
    );
    expect(line.marks.map(({ position }) => position)).toEqual(marked);
    const auctioned = line.marks.flatMap((mark) => (mark.kind === 'auction' ? [mark.deals] : []));
    expect(auctioned).toEqual(auctionDeals(events));

    const starts = batches.map(({ firstPosition }) => firstPosition);
    const ends = batches.map(({ firstPosition, count }) => firstPosition + count);
    for (const cut of which.cuts) {
      const at = Math.floor(cut * file.head);
      const { at: _time, ...place } = await source.moment({ at });
      expect({
        previousBatch: undefined,
        nextBatch: undefined,
        previousDeal: undefined,
        nextDeal: undefined,
        ...place,
      }).toEqual({
        position: at,
        previousBatch: starts.findLast((start) => start < at),
        nextBatch: ends.find((end) => end > at),
        previousDeal: dealt.map((position) => position + 1).findLast((moment) => moment < at),
        nextDeal: dealt.map((position) => position + 1).find((moment) => moment > at),
      });
      const page = await source.events({ from: at, limit: 5, types: ['IntentionPosted', 'DealConfirmed'] });
      const wanted = linesOf(batches)
        .slice(at)
        .filter((text) => /"type":"(IntentionPosted|DealConfirmed)"/.test(text));
      expect(page.events.map((event) => JSON.stringify(event))).toEqual(wanted.slice(0, 5));
      expect(page.upTo).toBe(wanted.length < 5 ? file.head : (page.events.at(-1)?.position ?? -1) + 1);
    }
  });
  await fc.assert(property, runs(15));
});

/** How many deals each auction has: those of its instrument up to its volume, before the phase changes. */
function auctionDeals(events: readonly Event[]): number[] {
  return events.flatMap((auction, position) => {
    if (auction.type !== 'AuctionUncrossed') return [];
    let [deals, left] = [0, auction.volumeLots];
    for (const event of events.slice(position + 1)) {
      if (!('instrumentId' in event) || event.instrumentId !== auction.instrumentId) continue;
      if (event.type === 'PhaseChanged' || event.type === 'AuctionUncrossed' || left <= 0) break;
      if (event.type !== 'DealConfirmed') continue;
      deals++;
      left -= event.quantityLots;
    }
    return [deals];
  });
}

it('A log that was cut anywhere is the one that import makes of it: what is whole is kept, and sealed', async () => {
  const property = fc.asyncProperty(cases, share, async (which, cut) => {
    const lines = linesOf(batchesOf(which, { ...wild, risk: 0 }));
    const text = lines.map((line) => `${line}\n`).join('');
    const bytes = Math.max(1, Math.floor(cut * text.length));
    const whole = text.slice(0, bytes).split('\n');
    const rest = whole.pop() ?? '';
    const isWholeLine = lines[whole.length] === rest;
    const events = whole.length + Number(isWholeLine);
    const opening = openFile(new Blob([text.slice(0, bytes)]));
    if (events === 0) {
      await expect(opening).rejects.toMatchObject({ code: 'LINE_INVALID', line: 1 });
      return;
    }
    const file = await opening;
    const isSealed = lines[events - 1]?.includes('"BatchSealed"') === true;
    expect(file.head).toBe(events + Number(!isSealed));
    expect(file.told.cutLine).toBe(rest === '' || isWholeLine ? undefined : whole.length + 1);
    expect(file.told.eventsSealed > 0).toBe(!isSealed);
    expect((await auditFile(file, {})).findings.filter(({ severity }) => severity === 'violation')).toEqual([]);
  });
  await fc.assert(property, runs(25));
});
