import type { AdmitFeed } from './feed-admission.js';
import type { FeedSource } from './feed-source.js';

export interface FeedOptions {
  readonly source?: FeedSource | undefined;
  /** Who may have one more. 16,384 for all, and as many for one key as are still free for others, unless said otherwise. */
  readonly admit?: AdmitFeed | undefined;
  /** How long a connection may take nothing of what was written to it before it is cut. 30,000 unless said otherwise. */
  readonly stallMs?: number | undefined;
  /** How many bytes may wait for all connections together. 64 MiB unless said otherwise. */
  readonly maxHeldBytes?: number | undefined;
}
