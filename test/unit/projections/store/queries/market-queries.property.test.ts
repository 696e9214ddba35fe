import fc from 'fast-check';
import { expect, it } from 'vitest';
import { QueryStore } from '../../../../../projections/store/database/query-store.js';
import { DirectoryFold } from '../../../../../projections/directory/directory.js';
import { CandleFold } from '../../../../../projections/tape/candle-fold.js';
import { TickerFold } from '../../../../../projections/tape/ticker-fold.js';
import { FanOut } from '../../../../../src/events/handlers.generated.js';
import { folded } from '../../folding.js';
import { candleIntervals, type CandleInterval } from '../../../../../projections/tape/candles.js';
import type { CandleView, TradeView } from '../../../../../projections/tape/views.js';
import type { TickerView } from '../../../../../projections/tape/ticker.js';
import { formatUnits } from '../../../../../src/domain/instrument.js';
import type { EventBatch } from '../../../../../src/events/fold.js';
import type { Event } from '../../../../../src/events/event.js';
import { runs } from '../../../../support/property/runs.js';
import { type NaiveDeal, NaiveProjections } from '../../naive-projections.js';
import { dealtHistories, names, symbols } from './dealt-history.js';

type Listed = Extract<Event, { type: 'InstrumentListed' }>;

/** What happened in an instrument before a position, by looking at all of it. */
class NaiveInstrument {
  readonly deals: readonly NaiveDeal[];
  private readonly terms: Listed;
  private readonly naive: NaiveProjections;

  constructor(events: readonly Event[], symbol: string) {
    const terms = events.find((event): event is Listed => event.type === 'InstrumentListed' && event.symbol === symbol);
    if (terms === undefined) throw new RangeError(`${symbol} is not listed`);
    this.terms = terms;
    this.naive = new NaiveProjections(events);
    this.deals = this.naive.deals.filter(({ instrumentId }) => instrumentId === terms.instrumentId);
  }

  price(ticks: number): string {
    return formatUnits(BigInt(ticks) * BigInt(this.terms.tickSize), this.terms.priceDecimals);
  }

  quantity(lots: bigint): string {
    return formatUnits(lots * BigInt(this.terms.lotSize), this.terms.quantityDecimals);
  }

  trades(): TradeView[] {
    return this.deals.map(({ id, position, atMs, price, lots, buyerIntention }) => ({
      position,
      at: new Date(atMs).toISOString(),
      price: this.price(price),
      quantity: this.quantity(BigInt(lots)),
      takerSide: id.startsWith(`${buyerIntention}-`) ? 'sell' : 'buy',
    }));
  }

  candles(interval: CandleInterval): CandleView[] {
    const lengthMs = candleIntervals[interval];
    const startOf = ({ atMs }: NaiveDeal): number => Math.floor(atMs / lengthMs) * lengthMs;
    const starts = [...new Set(this.deals.map(startOf))].sort((one, other) => one - other);
    return starts.map((startMs) => {
      const deals = this.deals.filter((deal) => startOf(deal) === startMs);
      return { start: new Date(startMs).toISOString(), ...this.prices(deals), ...this.volume(deals) };
    });
  }

  ticker(nowMs: number): TickerView {
    const fromMs = Math.floor(nowMs / 60_000) * 60_000 - 1_439 * 60_000;
    const window = this.deals.filter(({ atMs }) => atMs >= fromMs);
    const last = this.deals.at(-1);
    const [bid] = this.naive.levels(this.terms.instrumentId, 'buy');
    const [ask] = this.naive.levels(this.terms.instrumentId, 'sell');
    return {
      instrument: this.terms.symbol,
      ...(last && { last: this.price(last.price) }),
      ...(window.length > 0 && this.change(window)),
      ...this.volume(window),
      ...(bid && { bestBid: this.price(bid.priceTicks) }),
      ...(ask && { bestAsk: this.price(ask.priceTicks) }),
    };
  }

  private change(window: readonly NaiveDeal[]): Pick<TickerView, 'change' | 'changePercent' | 'high' | 'low'> {
    const [first = 0, last = 0] = [window[0]?.price, window.at(-1)?.price];
    const { high, low } = this.prices(window);
    const by = formatUnits(BigInt(last - first) * BigInt(this.terms.tickSize), this.terms.priceDecimals);
    const hundredths = (Math.abs(last - first) * 10_000) / first;
    // Prices are below 2^31 here, so a half is exact.
    const rounded = Math.floor(hundredths) + (hundredths % 1 >= 0.5 ? 1 : 0);
    return { change: by, changePercent: formatUnits(last < first ? -rounded : rounded, 2), high, low };
  }

  private prices(deals: readonly NaiveDeal[]): Pick<CandleView, 'open' | 'high' | 'low' | 'close'> {
    const all = deals.map(({ price }) => price);
    const [open = 0, close = 0] = [all[0], all.at(-1)];
    return {
      open: this.price(open),
      high: this.price(Math.max(...all)),
      low: this.price(Math.min(...all)),
      close: this.price(close),
    };
  }

  private volume(deals: readonly NaiveDeal[]): Pick<CandleView, 'volume' | 'deals'> {
    return { volume: this.quantity(deals.reduce((sum, { lots }) => sum + BigInt(lots), 0n)), deals: deals.length };
  }
}

function stored(batches: readonly EventBatch[], batchesAChunk: number): QueryStore {
  const store = new QueryStore(':memory:');
  batches.forEach((batch, index) => {
    store.add(batch);
    if (index % batchesAChunk === 0) store.commit();
  });
  store.commit();
  return store;
}

const shares = fc.nat({ max: 100 }).map((percent) => percent / 100);
const chunks = fc.integer({ min: 1, max: 20 });
const intervals = Object.keys(candleIntervals) as CandleInterval[]; // its keys

it('Trades, candles and tickers are those of a naive look at all that happened before any batch of the log ended', () => {
  fc.assert(
    fc.property(dealtHistories, chunks, shares, (history, chunk, share) => {
      const all = history.batches();
      const batches = all.slice(0, Math.max(1, Math.ceil(share * all.length)));
      const head = batches.reduce((count, batch) => count + batch.count, 0);
      const events = history.events.slice(0, head);
      const { queries } = stored(batches, chunk);
      const listed = symbols.filter((symbol) => events.some((event) => 'symbol' in event && event.symbol === symbol));
      const lastMs = events.reduce((latest, event) => ('atMs' in event ? Math.max(latest, event.atMs) : latest), 0);
      for (const instrument of listed) {
        const naive = new NaiveInstrument(events, instrument);
        expect(queries.trades({ instrument, after: -1, limit: 1_000 })?.trades).toEqual(naive.trades());
        for (const interval of intervals) {
          const candles = { instrument, interval, fromMs: 0, limit: 1_000 };
          expect(queries.candles(candles)).toEqual({ instrument, interval, candles: naive.candles(interval) });
        }
        for (const nowMs of [0, lastMs, lastMs + 40 * 60_000, lastMs + 86_399_999, lastMs + 86_400_000]) {
          expect(queries.ticker(instrument, { nowMs }), String(nowMs)).toEqual(naive.ticker(nowMs));
        }
      }
      expect(queries.tickers({ nowMs: lastMs })).toEqual(
        listed.map((symbol) => queries.ticker(symbol, { nowMs: lastMs })),
      );
    }),
    runs(60),
  );
});

it('Trades, deals and candles as of an earlier position are those of the log up to there', () => {
  fc.assert(
    fc.property(dealtHistories, chunks, shares, (history, chunk, share) => {
      const { queries } = stored(history.batches(), chunk);
      const at = Math.round(share * history.head);
      const events = history.events.slice(0, at);
      const naive = new NaiveProjections(events);
      const deals = queries.deals({ after: -1, at, limit: 1_000 });
      expect(deals.map(({ id }) => id)).toEqual(naive.deals.map(({ id }) => id));
      for (const instrument of symbols) {
        if (!events.some((event) => 'symbol' in event && event.symbol === instrument)) continue;
        const of = new NaiveInstrument(events, instrument);
        expect(queries.trades({ instrument, at, limit: 1_000 })?.trades).toEqual(of.trades());
        for (const interval of intervals) {
          const candles = queries.candles({ instrument, interval, at, fromMs: 0, limit: 1_000 });
          expect(candles?.candles, interval).toEqual(of.candles(interval));
        }
      }
    }),
    runs(60),
  );
});

it('Tickers and candles from a log alone are those that a store tells of it, as of any position', () => {
  fc.assert(
    fc.property(dealtHistories, shares, (history, share) => {
      const batches = history.batches().slice(0, Math.max(1, Math.ceil(share * history.batches().length)));
      const { queries } = stored(batches, 7);
      const directory = new DirectoryFold();
      const tickers = new TickerFold();
      const candles = symbols.map((symbol) => new CandleFold(directory, { symbol, interval: '15m' }));
      const all = folded(batches, new FanOut([directory, tickers, ...candles]));
      all.align();
      for (const [index, symbol] of symbols.entries()) {
        const instrument = directory.instrumentBySymbol(symbol);
        const query = { instrument: symbol, interval: '15m', fromMs: 0, limit: 1_000 } as const;
        expect(candles[index]?.candles()).toEqual(queries.candles(query)?.candles ?? []);
        const ticker = queries.ticker(symbol, { nowMs: all.atMs });
        expect(instrument && tickers.ticker(instrument)).toEqual(ticker);
      }
    }),
    runs(40),
  );
});

it('Pages of trades and of candles have each of them once, whatever their size', () => {
  fc.assert(
    fc.property(dealtHistories, fc.integer({ min: 1, max: 5 }), (history, limit) => {
      const { queries } = stored(history.batches(), 3);
      const naive = new NaiveInstrument(history.events, 'ACME');
      const query = { instrument: 'ACME', limit } as const;
      const [onward, back]: [TradeView[], TradeView[]] = [[], []];
      for (let after = -1; ; after = onward.at(-1)?.position ?? 0) {
        const page = queries.trades({ ...query, after })?.trades ?? [];
        onward.push(...page);
        if (page.length < limit) break;
      }
      for (let before: number | undefined; ; before = back[0]?.position) {
        const page = queries.trades({ ...query, before })?.trades ?? [];
        back.unshift(...page);
        if (page.length < limit) break;
      }
      expect(onward).toEqual(naive.trades());
      expect(back).toEqual(naive.trades());
      const candles: CandleView[] = [];
      for (let from: string | undefined = new Date(0).toISOString(); from !== undefined;) {
        const page = queries.candles({ ...query, interval: '5m', fromMs: Date.parse(from) });
        candles.push(...(page?.candles ?? []));
        from = page?.next;
      }
      expect(candles).toEqual(naive.candles('5m'));
      const latest = queries.candles({ ...query, interval: '5m' });
      expect(latest).toEqual({ instrument: 'ACME', interval: '5m', candles: naive.candles('5m').slice(-limit) });
    }),
    runs(60),
  );
});

it('An account has the open intentions, the positions and the deals since that a naive look at the log has', () => {
  fc.assert(
    fc.property(dealtHistories, chunks, shares, (history, chunk, share) => {
      const { queries } = stored(history.batches(), chunk);
      const naive = new NaiveProjections(history.events);
      const after = Math.round(share * history.head) - 1;
      for (const [index, participant] of names.entries()) {
        const id = index + 1;
        const account = queries.account({ participant, after });
        const open = naive.intentions.filter((one) => one.participantId === id && one.status === 'open');
        expect(account.intentions.map((one) => one.id)).toEqual(open.map((one) => String(one.id)));
        const own = naive.deals.filter(
          ({ buyer, seller, position }) => [buyer, seller].includes(id) && position > after,
        );
        expect(account.deals.map((deal) => deal.id)).toEqual(own.map((deal) => deal.id));
        expect(account.positions).toEqual(queries.positions({ participant }));
        expect(account).toMatchObject({ participant, moreDeals: false });
        expect(queries.account({ participant })).toEqual({ ...account, deals: [] });
        const few = queries.account({ participant, after, limit: 1 });
        expect(few).toEqual({ ...account, deals: account.deals.slice(0, 1), moreDeals: own.length > 1 });
      }
    }),
    runs(40),
  );
});

it('Doubts are the promises of the log that have no decision', () => {
  fc.assert(
    fc.property(dealtHistories, chunks, (history, chunk) => {
      const { queries } = stored(history.batches(), chunk);
      const doubts = new Map<string, { state: string; position: number }>();
      history.events.forEach((event, position) => {
        if (event.type === 'ProposalMade')
          doubts.set(`${event.intentionId}-${event.dealNumber}`, { state: 'proposed', position });
        else if (event.type === 'ProposalAccepted')
          doubts.set(`${event.initiatorId}-${event.dealNumber}`, { state: 'accepted', position });
        else if (event.type === 'DealConfirmed' || event.type === 'DealAborted')
          doubts.delete(`${event.initiatorId}-${event.dealNumber}`);
      });
      const expected = [...doubts].map(([deal, { state, position }]) => ({ deal, state, position }));
      const nowMs = history.atMs;
      const found = queries.doubts(nowMs);
      const told = found.map(({ deal, state, position }) => ({ deal, state, position }));
      expect(told).toEqual(expected.sort((one, other) => one.position - other.position));
      for (const { at, ageMs, state, settledBy } of found) {
        expect(ageMs).toBe(Math.max(0, nowMs - Date.parse(at)));
        expect(settledBy).toBe(state === 'proposed' ? 'responder' : 'initiator');
      }
    }),
    runs(40),
  );
});
