import type {
  BookMessage,
  Candle,
  CandleInterval,
  Ticker,
  TickerMessage,
  Trade,
  TradeMessage,
} from './market-types.js';
import type { Moment } from '../filters.js';
import { followFrom, followMessages, type FollowOptions } from '../wire/message-stream.js';
import { type BookRate, OrderBook } from './order-book.js';
import type { Transport } from '../wire/transport.js';
import type { Book, CallOptions } from '../types.js';

export interface TradeFilter extends Moment {
  /** The first ones after this log position: that of the last one you have. Without it, the latest ones. */
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  /** 1 to 1,000; 100 unless said otherwise. */
  readonly limit?: number | undefined;
}

export interface CandleFilter extends Moment {
  readonly interval: CandleInterval;
  /** RFC 3339: only those that begin then or later. Without it, the latest ones. */
  readonly from?: string | undefined;
  /** Only those that begin before it. */
  readonly until?: string | undefined;
  readonly limit?: number | undefined;
}

/**
 * What everybody may see of the market. A key of any role will do.
 *
 * The streams never end by themselves: what breaks is opened again, and goes on without a gap. They throw ParleyError where the server
 * refuses, or was never reached.
 */
export class MarketData {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The best levels of a book, now or at an earlier moment: 10 a side unless said otherwise, at most 1,000. Refusal: UNKNOWN_INSTRUMENT. */
  book(
    instrument: string,
    { signal, ...query }: CallOptions & Moment & { readonly depth?: number | undefined } = {},
  ): Promise<Book> {
    return this.#read(`/v1/book/${encodeURIComponent(instrument)}`, query, signal);
  }

  /** Deals without names, in the order of the log; the latest ones unless `after` is given. Refusal: UNKNOWN_INSTRUMENT. */
  async trades(instrument: string, { signal, ...query }: CallOptions & TradeFilter = {}): Promise<readonly Trade[]> {
    const path = `/v1/trades/${encodeURIComponent(instrument)}`;
    const { trades } = await this.#read<{ trades: Trade[] }>(path, query, signal);
    return trades;
  }

  /** What became of an instrument in the last 24 hours. Refusal: UNKNOWN_INSTRUMENT. */
  ticker(instrument: string, { signal, ...query }: CallOptions & Moment = {}): Promise<Ticker> {
    return this.#read(`/v1/ticker/${encodeURIComponent(instrument)}`, query, signal);
  }

  /** The tickers of all instruments, in the order in which they were listed, asked for page by page. */
  async tickers({ signal, ...query }: CallOptions & Moment = {}): Promise<readonly Ticker[]> {
    const all: Ticker[] = [];
    for (let after: string | undefined; ;) {
      const page: TickerPage = await this.#read('/v1/tickers', { ...query, after }, signal);
      all.push(...page.tickers);
      if (page.next === undefined || page.next === after || page.tickers.length === 0) return all;
      after = page.next;
    }
  }

  /** Candles, oldest first; the latest ones unless `from` is given. Intervals without a deal have none. Refusal: UNKNOWN_INSTRUMENT. */
  async candles(instrument: string, { signal, ...query }: CallOptions & CandleFilter): Promise<readonly Candle[]> {
    const path = `/v1/candles/${encodeURIComponent(instrument)}`;
    const { candles } = await this.#read<{ candles: Candle[] }>(path, query, signal);
    return candles;
  }

  /**
   * The book, live: yields the same OrderBook after each message. Checks every message, and begins with a new snapshot by itself when
   * one is missing or the connection breaks; `resyncs` counts how often. `rate`: with each batch of the log that changed it (the
   * default), or gathered, ten times a second at most.
   */
  async *followBook(
    instrument: string,
    { rate, signal }: FollowOptions & { readonly rate?: BookRate | undefined } = {},
  ): AsyncGenerator<OrderBook, void, undefined> {
    const book = new OrderBook(instrument);
    const source = {
      path: `/v1/book/${encodeURIComponent(instrument)}/stream`,
      query: () => ({ rate }),
      take: (message: BookMessage) => book.apply(message),
      signal,
    };
    for await (const _message of followMessages(this.#transport, source)) yield book;
  }

  /** Deals without names as they become durable; from the first one after the position `after` on, however old, where it is given. */
  followTrades(
    instrument: string,
    { after, signal }: FollowOptions & { readonly after?: number | undefined } = {},
  ): AsyncGenerator<TradeMessage, void, undefined> {
    const path = `/v1/trades/${encodeURIComponent(instrument)}/stream`;
    return followFrom(this.#transport, { path, from: after === undefined ? undefined : after + 1, signal });
  }

  /** The ticker whenever it has changed, once a second at most. */
  followTicker(instrument: string, { signal }: FollowOptions = {}): AsyncGenerator<TickerMessage, void, undefined> {
    const path = `/v1/ticker/${encodeURIComponent(instrument)}/stream`;
    return followMessages(this.#transport, { path, query: () => ({}), take: () => undefined, signal });
  }

  #read<Value>(path: string, query: object, signal: AbortSignal | undefined): Promise<Value> {
    return this.#transport.read(path, { ...query }, signal);
  }
}

interface TickerPage {
  readonly tickers: readonly Ticker[];
  /** Where more are listed after these. */
  readonly next?: string;
}
