import { type Problem, problem } from '../../api/problem.js';
import type { AdmitFeed } from './feed-options.js';
import type { FeedOutlets } from './feed-outlets.js';
import type { FeedWish } from './feed-source.js';
import type { Feeds, OpenFeed, WantedFeed } from './feeds.js';

const tooMany = problem(
  'TOO_MANY_REQUESTS',
  'there are as many feeds as there may be, of this key or of all; end one first',
);

/** Feeds of one kind, of which each key may have as many as there is room for. */
export class AdmittedFeeds<Wish extends Pick<FeedWish, 'shard'>> implements Feeds<Wish> {
  constructor(
    private readonly outlets: FeedOutlets<Wish>,
    private readonly admit: AdmitFeed,
  ) {}

  open(feed: WantedFeed<Wish>): OpenFeed | Problem {
    const release = this.admit(feed.key);
    if (release === undefined) return tooMany;
    const opened = this.outlets.open({ ...feed, release });
    if (!opened.ok) release();
    return opened;
  }
}
