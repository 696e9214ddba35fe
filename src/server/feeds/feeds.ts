import type { Problem } from '../../api/problem.js';
import type { KeyInUse } from '../doors/access.js';
import type { FeedOutput } from './feed-output.js';

export interface WantedFeed<Wish> {
  readonly output: FeedOutput;
  readonly wish: Wish;
  /** On whose share it counts; when it is taken back, the feed ends. */
  readonly key: KeyInUse;
}

export interface OpenFeed {
  readonly ok: true;
  /** Ends it from this side, while its connection stays. Once is enough. */
  readonly end: () => void;
}

/** Where the ways in (server-sent events, WebSockets) open feeds of one kind. */
export interface Feeds<Wish> {
  /** Begins a feed whose head the caller writes before it does anything else, or says why there can be none. */
  open(feed: WantedFeed<Wish>): OpenFeed | Problem;
}
