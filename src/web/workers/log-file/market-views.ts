/** The market of a file as of any moment. */
import type { Instrument as Listed } from '../../../domain/instrument.js';
import { instrumentView } from '../../../../projections/directory/views.js';
import { bookOf, topsOf } from '../../../../projections/model/views.js';
import type { ReadModel } from '../../../../projections/model/read-model.js';
import { counted, limited } from '../../../../projections/store/queries/query-terms.js';
import { type Candle, candleIntervals, CandleTable } from '../../../../projections/tape/candles.js';
import { tickerView, windowStartMs } from '../../../../projections/tape/ticker.js';
import { candleView, tradeView } from '../../../../projections/tape/views.js';
import { bookChecksum } from '../../../client/market/checksum.js';
import { ParleyError } from '../../../client/wire/error.js';
import type { Source } from '../../source/source.js';
import type { LogFile } from './log-file.js';

/** How many levels of each side the checksum is over. */
const CHECKSUM_LEVELS = 10;

type MarketView = Pick<Source, 'instruments' | 'tickers' | 'ticker' | 'book' | 'trades' | 'candles'>;

export function marketViews(file: LogFile): MarketView {
  return {
    instruments: async (asked) => (await file.modelAt(asked)).directory.instruments().map(instrumentView),
    tickers: async (asked) => tickersOf(file, await file.modelAt(asked)),
    ticker: async (symbol, asked) => {
      const [ticker] = tickersOf(file, await file.modelAt(asked), symbol);
      if (ticker === undefined) throw unknown(symbol);
      return ticker;
    },
    book: async (symbol, { depth = CHECKSUM_LEVELS, ...asked }) => {
      const book = bookOf(await file.modelAt(asked), symbol, Math.max(depth, CHECKSUM_LEVELS));
      if (book === undefined) throw unknown(symbol);
      const { bids, asks } = book;
      return { ...book, bids: bids.slice(0, depth), asks: asks.slice(0, depth), checksum: bookChecksum(book) };
    },
    trades: async (symbol, { after, before = Number.POSITIVE_INFINITY, limit, ...asked }) => {
      const model = await file.modelAt(asked);
      const instrument = listed(model, symbol);
      const until = Math.min(before, model.foldedTo);
      const rows = rowsOf(file, instrument, { after, until, limit: limited(limit) });
      return rows.map((row) => tradeView(instrument, file.end.deals.at(row)));
    },
    candles: async (symbol, { interval, limit, until, ...asked }) => {
      const model = await file.modelAt(asked);
      const instrument = listed(model, symbol);
      const untilMs = until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until);
      const all = candlesOf(file, instrument, { until: model.foldedTo, intervalMs: candleIntervals[interval] });
      return all
        .filter(({ startMs }) => startMs < untilMs)
        .slice(-limited(limit))
        .map((candle) => candleView(instrument, candle));
    },
  };
}

function unknown(symbol: string): ParleyError {
  return new ParleyError(404, 'UNKNOWN_INSTRUMENT', `there is no instrument ${JSON.stringify(symbol)}`);
}

function listed(model: ReadModel, symbol: string): Readonly<Listed> {
  const instrument = model.directory.instrumentBySymbol(symbol);
  if (instrument === undefined) throw unknown(symbol);
  return instrument;
}

/** Rows of an instrument’s deals before a position, in the order of the log: the first ones after another, or the latest ones. */
function rowsOf(
  { end: { deals } }: LogFile,
  { instrumentId }: Readonly<Listed>,
  { after, until, limit }: { readonly after: number | undefined; readonly until: number; readonly limit: number },
): readonly number[] {
  const last = deals.firstFrom('position', until);
  const rows: number[] = [];
  if (after !== undefined) {
    for (let row = deals.firstFrom('position', counted('after', after) + 1); row < last && rows.length < limit; row++) {
      if (deals.get('instrumentId', row) === instrumentId) rows.push(row);
    }
    return rows;
  }
  for (let row = last - 1; row >= 0 && rows.length < limit; row--) {
    if (deals.get('instrumentId', row) === instrumentId) rows.push(row);
  }
  return rows.reverse();
}

function candlesOf(
  { end: { deals } }: LogFile,
  { instrumentId }: Readonly<Listed>,
  { until, intervalMs }: { readonly until: number; readonly intervalMs: number },
): readonly Candle[] {
  const table = new CandleTable([intervalMs]);
  const last = deals.firstFrom('position', until);
  for (let row = 0; row < last; row++) {
    if (deals.get('instrumentId', row) !== instrumentId) continue;
    const deal = deals.at(row);
    table.add({ ...deal, revision: 0 }, deal);
  }
  return table.candles(instrumentId, intervalMs);
}

/** Of one instrument, or of all: as of the log’s own time, as the server tells past ones. */
function tickersOf({ end: { deals } }: LogFile, model: ReadModel, symbol?: string) {
  const startMs = windowStartMs(model.atMs);
  const table = new CandleTable([candleIntervals['1m']]);
  const last = deals.firstFrom('position', model.foldedTo);
  // A shard’s time never falls, so its latest deals are those of the window.
  for (let row = deals.firstFrom('atMs', startMs); row < last; row++) {
    const deal = deals.at(row);
    table.add({ ...deal, revision: 0 }, deal);
  }
  return topsOf(model, symbol).map((top) => {
    const instrument = listed(model, top.symbol);
    const candles = table.candles(instrument.instrumentId, candleIntervals['1m']);
    const { lastTicks, bidTicks: bestBidTicks, askTicks: bestAskTicks } = top;
    return {
      ...tickerView(instrument, { lastTicks, candles, bestBidTicks, bestAskTicks }),
      position: model.foldedTo,
    };
  });
}
