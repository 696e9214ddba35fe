/** What the market has done, from the logs alone: tickers, trades and candles as a running exchange tells them. */
import type { Command } from 'commander';
import type { DirectoryFold } from '../../../../projections/directory/directory.js';
import { CandleFold } from '../../../../projections/tape/candle-fold.js';
import type { CandleInterval } from '../../../../projections/tape/candles.js';
import { type TapeDeal, TapeFold } from '../../../../projections/tape/tape.js';
import type { TickerView } from '../../../../projections/tape/ticker.js';
import { TickerFold } from '../../../../projections/tape/ticker-fold.js';
import { type CandleView, type TradeView, tradeView } from '../../../../projections/tape/views.js';
import type { ReadMarket } from '../../../app/logs/market.js';
import type { AtOptions } from '../../options/options.js';
import { readingMarket } from '../../options/logs/with-market.js';
import type { Terminal } from '../../terminal/terminal.js';
import { readHistories, type ReadShard } from './history.js';
import { readListed } from './listed.js';

/** A ticker, with where it stands. */
type ShownTicker = TickerView & { readonly position: number; readonly shard?: number };

/** Of one instrument, or of all that are listed. */
export function tickersOfLog(
  terminal: Terminal,
  command: Command,
  { symbol, ...options }: AtOptions & { readonly symbol: string | undefined },
): Promise<readonly ShownTicker[]> {
  const read = async (market: ReadMarket): Promise<readonly ShownTicker[]> => {
    const shown = ({ made, directory, position, shard }: ReadShard<TickerFold>): readonly ShownTicker[] => {
      const wanted = directory.instruments().filter((each) => symbol === undefined || each.symbol === symbol);
      const standing = market.isSharded ? { position, shard } : { position };
      return wanted.map((instrument) => ({ ...made.ticker(instrument), ...standing }));
    };
    if (symbol !== undefined) {
      return shown(await readListed(terminal, market, { ...options, symbol }, () => new TickerFold()));
    }
    const histories = await readHistories(terminal, market, options, () => new TickerFold());
    return histories.flatMap(shown);
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

export function candlesOfLog(
  terminal: Terminal,
  command: Command,
  { symbol, interval, from, until, limit, ...options }: CandlesOfLog,
): Promise<readonly CandleView[]> {
  const read = async (market: ReadMarket): Promise<readonly CandleView[]> => {
    const make = (directory: DirectoryFold): CandleFold => new CandleFold(directory, { symbol, interval });
    const { made } = await readListed(terminal, market, { ...options, symbol }, make);
    const candles = made.candles(from, until);
    return from === undefined ? candles.slice(-limit) : candles.slice(0, limit);
  };
  return readingMarket(terminal, command, read, [options.at]);
}
