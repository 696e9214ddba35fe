import type { KeyInUse } from '../doors/access.js';
import type { StreamSource } from '../streams/stream-source.js';
import { Allowance } from '../limits/allowance.js';
import type { FeedSource } from './feed-source.js';

export interface FeedOptions {
  /** Of events. */
  readonly source?: FeedSource | undefined;
  /** Of streams. */
  readonly streams?: StreamSource | undefined;
  /** For all, and so for each key. */
  readonly maxFeeds?: number | undefined;
  /** How long a connection may take nothing of what was written to it before it is cut. Milliseconds. */
  readonly stallMs?: number | undefined;
  /** How many bytes may wait for all connections together. 64 MiB unless said otherwise. */
  readonly maxHeldBytes?: number | undefined;
}

/** Unless said otherwise. */
export const defaultFeedBounds = { maxFeeds: 16_384, stallMs: 30_000 } as const;

/** Takes a place for a feed of this key; undefined where there is none. What it returns gives the place back. */
export type AdmitFeed = (key: KeyInUse) => (() => void) | undefined;

/** So many a key may have while there are any. */
const LEAST_OF_A_KEY = 16;

/** How many feeds there may be, of all and so of each key. */
export function feedAdmission(most: number): AdmitFeed {
  const allowance = new Allowance(most, { least: LEAST_OF_A_KEY, share: 2 });
  return ({ id }) => (allowance.tryHold(id, 1) ? () => allowance.release(id, 1) : undefined);
}
