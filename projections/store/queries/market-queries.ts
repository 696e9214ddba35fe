/** What is asked of the market itself: trades, candles, tickers. Of listed instruments; as of the checkpoint, or of an earlier position. */
import type { Instrument } from '../../../src/domain/instrument.js';
import { Side } from '../../../src/domain/terms.js';
import { type Candle, candleIntervals } from '../../tape/candles.js';
import { type TickerView, tickerView, windowStartMs } from '../../tape/ticker.js';
import { type CandleView, candleView, type TradeView, tradeView } from '../../tape/views.js';
import type { SqlDatabase } from '../database/database.js';
import type { InstrumentTop } from './store-moment.js';
import { DealRows } from '../rows/deal-rows.js';
import { Kind } from '../rows/postings.js';
import { selectDeals } from './deal-selection.js';
import type { StandingLevels } from '../database/standing-levels.js';
import { CandleRows } from './candle-rows.js';
import {
  type CandlesQuery,
  counted,
  InvalidQueryError,
  limited,
  type TickerQuery,
  type TradesQuery,
} from './query-terms.js';

const HOUR_MS = candleIntervals['1h'];

/** A page of an instrument's trades. */
export interface TradesView {
  readonly instrument: string;
  readonly trades: readonly TradeView[];
}

/** A page of an instrument's candles. */
export interface CandlesView {
  readonly instrument: string;
  readonly interval: CandlesQuery['interval'];
  readonly candles: readonly CandleView[];
  /** Where the next one starts, if more follow. */
  readonly next?: string;
}

export class MarketQueries {
  private readonly candleRows: CandleRows;

  constructor(
    private readonly database: SqlDatabase,
    private readonly standing: Pick<StandingLevels, 'levels'>,
  ) {
    this.candleRows = new CandleRows(database);
  }

  trades(instrument: Instrument, query: TradesQuery): TradesView {
    const after = query.after === undefined ? -1 : counted('after', query.after, -1);
    const rows = selectDeals(this.database, {
      ...{ participantId: undefined, intentionId: undefined, instrumentId: instrument.instrumentId },
      ...{ after, before: counted('before', earlier(query.before, query.at) ?? Number.MAX_SAFE_INTEGER) },
      ...{ descending: query.after === undefined, limit: limited(query.limit) },
    });
    const inOrder = query.after === undefined ? rows.toReversed() : rows;
    const trades = inOrder.map((row) => {
      const [position = 0, , initiatorSide = 0, , , , , , priceTicks = 0, quantityLots = 0, atMs = 0] = row.map(Number);
      return tradeView(instrument, { position, atMs, priceTicks, quantityLots, initiatorSide });
    });
    return { instrument: instrument.symbol, trades };
  }

  candles(instrument: Instrument, query: CandlesQuery): CandlesView {
    const { interval, fromMs, untilMs, at } = query;
    if (!Object.hasOwn(candleIntervals, interval)) {
      throw new InvalidQueryError(`interval: one of ${Object.keys(candleIntervals).join(', ')}`);
    }
    const limit = limited(query.limit);
    const candles = this.candleRows.between({
      ...{ instrumentId: instrument.instrumentId, intervalMs: candleIntervals[interval] },
      fromMs: fromMs === undefined ? 0 : counted('fromMs', fromMs),
      untilMs: untilMs === undefined ? Number.MAX_SAFE_INTEGER : counted('untilMs', untilMs),
      at: at === undefined ? undefined : counted('at', at),
      ...(fromMs === undefined ? { latest: limit } : { first: limit + 1 }),
    });
    const shown = candles.slice(0, limit).map((candle) => candleView(instrument, candle));
    const next = candles[limit] && candleView(instrument, candles[limit]).start;
    return { instrument: instrument.symbol, interval, candles: shown, ...(next !== undefined && { next }) };
  }

  /** As it is, or as of an earlier position, whose best prices and last one come with it. */
  ticker(instrument: Instrument, { nowMs, at, top = this.topOf(instrument) }: PastTicker): TickerView {
    return tickerView(instrument, {
      lastTicks: top.lastTicks,
      candles: this.window(instrument.instrumentId, windowStartMs(counted('nowMs', nowMs)), at),
      bestBidTicks: top.bidTicks,
      bestAskTicks: top.askTicks,
    });
  }

  private topOf({ instrumentId, symbol }: Instrument): InstrumentTop {
    const [bid] = this.standing.levels(instrumentId, Side.Buy, 1);
    const [ask] = this.standing.levels(instrumentId, Side.Sell, 1);
    const lastTicks = this.lastTicks(instrumentId);
    return { symbol, bidTicks: bid?.priceTicks, askTicks: ask?.priceTicks, lastTicks };
  }

  /** Minutes up to the first whole hour, and then hours: some eighty rows for a day. */
  private window(instrumentId: number, startMs: number, at: number | undefined): readonly Candle[] {
    const fromMs = Math.max(0, startMs);
    const hourMs = Math.ceil(fromMs / HOUR_MS) * HOUR_MS;
    const minutes = { instrumentId, intervalMs: candleIntervals['1m'], fromMs, untilMs: hourMs, at };
    const hours = { instrumentId, intervalMs: HOUR_MS, fromMs: hourMs, untilMs: Number.MAX_SAFE_INTEGER, at };
    return [...this.candleRows.between(minutes), ...this.candleRows.between(hours)];
  }

  private lastTicks(instrumentId: number): number | undefined {
    const latest = { after: -1, before: Number.MAX_SAFE_INTEGER, descending: true };
    const [row] = new DealRows(this.database).of({ kind: Kind.Instrument, id: instrumentId }, latest);
    return row && Number(row[8]);
  }
}

type PastTicker = TickerQuery & { readonly at?: number; readonly top?: InstrumentTop | undefined };

/** Undefined where neither is given. */
export function earlier(before: number | undefined, at: number | undefined): number | undefined {
  if (before === undefined || at === undefined) return before ?? at;
  return Math.min(counted('before', before), counted('at', at));
}
