import { feedAdmission } from '../../server/feeds/feed-admission.js';
import type { FeedOptions } from '../../server/feeds/feed-options.js';
import type { FeedSource } from '../../server/feeds/feed-source.js';

/** How much feeds may take, as `serve` is told. */
export interface FeedBounds {
  readonly maxFeeds: number;
  readonly stallMs: number;
}

export function feedOptions(source: FeedSource, { maxFeeds, stallMs }: FeedBounds): FeedOptions {
  return { source, admit: feedAdmission(maxFeeds), stallMs };
}
