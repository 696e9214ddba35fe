import type { FeedSource } from './feed-source.js';

export interface FeedOptions {
  readonly source?: FeedSource | undefined;
  /** For all, and so for each key. */
  readonly maxFeeds?: number | undefined;
  /** How long a connection may take nothing of what was written to it before it is cut. Milliseconds. */
  readonly stallMs?: number | undefined;
  /** How many bytes may wait for all connections together. 64 MiB unless said otherwise. */
  readonly maxHeldBytes?: number | undefined;
}

/** Unless said otherwise. */
export const defaultFeedBounds = { maxFeeds: 16_384, stallMs: 30_000 } as const;
