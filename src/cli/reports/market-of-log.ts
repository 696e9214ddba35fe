/** What the market has done, from the logs alone: tickers, trades and candles as a running exchange tells them. */
import type { Command } from 'commander';
import { BookFold } from '../../../projections/book/book.js';
import type { DirectoryFold } from '../../../projections/directory/directory.js';
import { DealFold } from '../../../projections/ledger/deal-fold.js';
import { type CandleInterval, candleIntervals, CandleTable } from '../../../projections/tape/candles.js';
import { type TapeDeal, TapeFold } from '../../../projections/tape/tape.js';
import { type TickerView, tickerView, windowStartMs } from '../../../projections/tape/ticker.js';
import { type CandleView, candleView, type TradeView, tradeView } from '../../../projections/tape/views.js';
import type { ReadMarket } from '../../app/logs/market.js';
import type { Instrument } from '../../domain/instrument.js';
import type { DealConfirmed } from '../../domain/journal.generated.js';
import { Side } from '../../domain/terms.js';
import { FanOut } from '../../events/handlers.generated.js';
import type { AtOptions } from '../options/options.js';
import { readingMarket } from '../options/logs/with-market.js';
import type { Terminal } from '../terminal/terminal.js';
import { readHistories, type ReadShard } from './history.js';
import { readListed } from './listed.js';

/** A week of minutes: what a clock that runs back by less leaves out of a window is nothing. */
const MINUTES_KEPT = 10_080;

class TickerFold extends FanOut {
  constructor(
    readonly tape = new TapeFold({ dealsKept: 1, candlesKept: MINUTES_KEPT }),
    readonly book = new BookFold(),
  ) {
    super([tape, book]);
  }

  /** As of the log’s own time. */
  ticker(instrument: Readonly<Instrument>): TickerView {
    const { instrumentId } = instrument;
    const [bid] = this.book.levels(instrumentId, Side.Buy, 1);
    const [ask] = this.book.levels(instrumentId, Side.Sell, 1);
    const startMs = windowStartMs(this.atMs);
    return tickerView(instrument, {
      lastTicks: this.tape.lastPriceTicks(instrumentId),
      candles: this.tape.candles(instrumentId).filter((candle) => candle.startMs >= startMs),
      bestBidTicks: bid?.priceTicks,
      bestAskTicks: ask?.priceTicks,
    });
  }
}

/** A ticker, with where it stands. */
type ShownTicker = TickerView & { readonly position: number; readonly shard?: number };

/** Of one instrument, or of all that are listed. */
export function tickersOfLog(
  terminal: Terminal,
  command: Command,
  { symbol, ...options }: AtOptions & { readonly symbol: string | undefined },
): Promise<readonly ShownTicker[]> {
  const read = async (market: ReadMarket): Promise<readonly ShownTicker[]> => {
    const shown = ({ made, position, shard }: ReadShard<TickerFold>, of: Readonly<Instrument>): ShownTicker => {
      const ticker = { ...made.ticker(of), position };
      return market.isSharded ? { ...ticker, shard } : ticker;
    };
    if (symbol === undefined) {
      const histories = await readHistories(terminal, market, options, () => new TickerFold());
      return histories.flatMap((each) => each.directory.instruments().map((instrument) => shown(each, instrument)));
    }
    const one = await readListed(terminal, market, { ...options, symbol }, () => new TickerFold());
    return [shown(one, listedIn(one, symbol))];
  };
  return readingMarket(terminal, command, read, [options.at]);
}

/** Which trades of an instrument: the first ones after a position, or the latest ones. */
export interface TradesOfLog extends AtOptions {
  readonly symbol: string;
  readonly after?: number | undefined;
  readonly limit: number;
}

export function tradesOfLog(
  terminal: Terminal,
  command: Command,
  { symbol, after, limit, ...options }: TradesOfLog,
): Promise<readonly TradeView[]> {
  const read = async (market: ReadMarket): Promise<readonly TradeView[]> => {
    const trades: TradeView[] = [];
    await readListed(terminal, market, { ...options, symbol }, (directory) => {
      const onDeal = (deal: TapeDeal): void => {
        const instrument = directory.instrumentBySymbol(symbol);
        if (instrument?.instrumentId !== deal.instrumentId || deal.position <= (after ?? -1)) return;
        if (after !== undefined && trades.length >= limit) return;
        trades.push(tradeView(instrument, deal));
        if (trades.length >= 2 * limit) trades.splice(0, limit);
      };
      return new TapeFold({ dealsKept: 1, candlesKept: 1, onDeal });
    });
    return after === undefined ? trades.slice(-limit) : trades;
  };
  return readingMarket(terminal, command, read, [options.at]);
}

/** Which candles of an instrument: the first ones from a time on, or the latest ones. */
export interface CandlesOfLog extends AtOptions {
  readonly symbol: string;
  readonly interval: CandleInterval;
  /** Milliseconds since 1970. */
  readonly from?: number | undefined;
  readonly until?: number | undefined;
  readonly limit: number;
}

/** All candles of one instrument and interval. */
class CandleFold extends DealFold {
  readonly table: CandleTable;

  constructor(
    private readonly directory: DirectoryFold,
    private readonly symbol: string,
    intervalMs: number,
  ) {
    super();
    this.table = new CandleTable([intervalMs]);
  }

  protected override confirmed(deal: DealConfirmed): void {
    const listed = this.directory.instrumentBySymbol(this.symbol);
    if (listed?.instrumentId === deal.instrumentId) this.table.add(deal, this);
  }
}

export function candlesOfLog(
  terminal: Terminal,
  command: Command,
  { symbol, interval, from, until = Number.POSITIVE_INFINITY, limit, ...options }: CandlesOfLog,
): Promise<readonly CandleView[]> {
  const intervalMs = candleIntervals[interval];
  const read = async (market: ReadMarket): Promise<readonly CandleView[]> => {
    const make = (directory: DirectoryFold): CandleFold => new CandleFold(directory, symbol, intervalMs);
    const one = await readListed(terminal, market, { ...options, symbol }, make);
    const instrument = listedIn(one, symbol);
    const all = one.made.table.candles(instrument.instrumentId, intervalMs);
    const wanted = all.filter(({ startMs }) => startMs >= (from ?? 0) && startMs < until);
    const shown = from === undefined ? wanted.slice(-limit) : wanted.slice(0, limit);
    return shown.map((candle) => candleView(instrument, candle));
  };
  return readingMarket(terminal, command, read, [options.at]);
}

function listedIn({ directory }: ReadShard<unknown>, symbol: string): Readonly<Instrument> {
  const instrument = directory.instrumentBySymbol(symbol);
  if (instrument === undefined) throw new Error(`${symbol} is not listed any more`);
  return instrument;
}
