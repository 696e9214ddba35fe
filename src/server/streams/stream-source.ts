/** Where the streams of a server get their messages: the interface of feeds (feed-source.ts), with wishes of their own. */
import type { BookRate, StreamChannel } from '../../../projections/streams/messages.js';
import type { FeedSource, Framing } from '../feeds/feed-source.js';

/** What one stream asks for. */
export interface StreamWish {
  readonly channel: StreamChannel;
  readonly shard: number;
  readonly framing: Framing;
  /** Of book, trades and ticker: the symbol of an instrument that this shard lists. */
  readonly instrument?: string | undefined;
  /** Of own: whose. Undefined: everybody’s, and then each message says whose it is. */
  readonly participant?: string | undefined;
  /** Of own: whether the reader is shown counterparties that an instrument hides. */
  readonly seesAll?: boolean | undefined;
  /** Of trades and own: position of the first event that may be told. */
  readonly from?: number | undefined;
  /** Of book; `batch` unless said otherwise. */
  readonly rate?: BookRate | undefined;
}

/**
 * 1. Each message is encoded and framed once for all that are sent it.
 * 2. A reader that falls so far behind that what it lacks is no longer kept gets a FeedFailure with the code TOO_SLOW.
 */
export type StreamSource = FeedSource<StreamWish>;
