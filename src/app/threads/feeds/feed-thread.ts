/** The thread of the feeds of events: follows the logs of all shards, once for all feeds, and encodes what they are sent. */
import { FeedHub } from '../../../server/feeds/hub/feed-hub.js';
import type { FeedWish } from '../../../server/feeds/feed-source.js';
import { runHubs } from './hub-thread.js';

await runHubs<FeedWish>(({ log }, takeRound) => new FeedHub(log, takeRound));
