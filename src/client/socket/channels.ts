/** The streams of a WebSocket. */
import type { BookMessage, TickerMessage, TradeMessage } from '../market/market-types.js';
import type { BookRate } from '../market/order-book.js';
import type { OwnMessage } from '../own/own-types.js';
import type { RecordedEvent } from '../types.js';

interface Messages {
  readonly book: BookMessage;
  readonly trades: TradeMessage;
  readonly ticker: TickerMessage;
  readonly own: OwnMessage;
  readonly events: RecordedEvent & { readonly channel: 'events' };
}

export type Channel = keyof Messages;

export type MessageOf<Name extends Channel> = Messages[Name];

interface From {
  /** Only what stands at this log position or later; what is new where it is left out. */
  readonly from?: number;
}

/** Which stream. */
export type Subscribe =
  | { readonly channel: 'book'; readonly instrument: string; readonly rate?: BookRate }
  | ({ readonly channel: 'trades'; readonly instrument: string } & From)
  | { readonly channel: 'ticker'; readonly instrument: string }
  | ({ readonly channel: 'own'; readonly participant?: string; readonly shard?: number } & From)
  | ({ readonly channel: 'events'; readonly shard?: number; readonly stream?: string } & From);
