import { type Problem, problem } from '../../../api/problem.js';
import type { AdmitFeed } from '../feed-options.js';
import type { FeedOutlets, NewFeed, OpenFeed } from './feed-outlets.js';

/** Where feeds of one kind are opened, and how many a key may have. */
export interface OpenTo<Wish extends { readonly shard: number }> {
  readonly outlets: FeedOutlets<Wish>;
  readonly admit: AdmitFeed;
}

const tooManyFeeds = problem(
  'TOO_MANY_REQUESTS',
  'there are as many feeds as there may be, of this key or of all; end one first',
);

/** Begins a feed whose head the caller writes before it does anything else, or says why there can be none. */
export function openFeed<Wish extends { readonly shard: number }>(
  { outlets, admit }: OpenTo<Wish>,
  feed: Omit<NewFeed<Wish>, 'release'>,
): OpenFeed | Problem {
  const release = admit(feed.key);
  if (release === undefined) return tooManyFeeds;
  const opened = outlets.open({ ...feed, release });
  if (!opened.ok) release();
  return opened;
}
