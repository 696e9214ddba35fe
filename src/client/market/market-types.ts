/** What the market data routes and streams give: no names of anybody. Prices and quantities are decimal strings, times RFC 3339. */
import type { BookLevel, Phase, Side } from '../types.js';

/** A deal as everybody may see it. */
export interface Trade {
  /** Of the decision in the log of the instrument’s shard. */
  readonly position: number;
  readonly at: string;
  readonly price: string;
  readonly quantity: string;
  /** Side of the intention that arrived. */
  readonly takerSide: Side;
}

/** What became of an instrument in the last 1,440 minutes, the running one among them. Prices are absent where there was no deal. */
export interface Ticker {
  readonly instrument: string;
  /** Price of the latest deal ever. */
  readonly last?: string;
  /** The window’s last price less its first. */
  readonly change?: string;
  readonly changePercent?: string;
  readonly high?: string;
  readonly low?: string;
  readonly volume: string;
  readonly deals: number;
  readonly bestBid?: string;
  readonly bestAsk?: string;
  /** It holds all events before this log position. */
  readonly position: number;
  /** Only where there are several shards: the one that lists the instrument, in whose log the position is. */
  readonly shard?: number;
}

export type CandleInterval = '1m' | '5m' | '15m' | '1h' | '1d';

export interface Candle {
  readonly start: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly deals: number;
}

/** All levels of a book. */
export interface BookSnapshot {
  readonly channel: 'book';
  readonly type: 'snapshot';
  readonly instrument: string;
  readonly phase: Phase;
  /** It holds all events before this log position. */
  readonly position: number;
  /** Best first. */
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
  readonly checksum: number;
}

/** What changed in a book from one position to another. */
export interface BookDiff {
  readonly channel: 'book';
  readonly type: 'diff';
  readonly instrument: string;
  /** Only where it changed. */
  readonly phase?: Phase;
  /** Position of the message before it. */
  readonly from: number;
  readonly position: number;
  /** Levels as they are now; one whose quantity is 0 is gone. */
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
  /** Of the book after it. */
  readonly checksum: number;
}

export type BookMessage = BookSnapshot | BookDiff;

export interface TradeMessage extends Trade {
  readonly channel: 'trades';
  readonly type: 'trade';
  readonly instrument: string;
}

export interface TickerMessage extends Ticker {
  readonly channel: 'ticker';
  readonly type: 'ticker';
}
