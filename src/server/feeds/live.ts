import { ReadModel } from '../../../projections/model/read-model.js';
import type { ShardLog } from '../../log/port.js';
import type { ServerContext } from '../context.js';
import { StreamHub } from '../streams/stream-hub.js';
import type { StreamWish } from '../streams/stream-source.js';
import { FeedHub } from './hub/feed-hub.js';
import { type AdmitFeed, defaultFeedBounds, feedAdmission } from './feed-options.js';
import { FeedOutlets } from './outlets/feed-outlets.js';
import type { FeedWish } from './feed-source.js';
import { LocalFeeds } from './local-feeds.js';

/** All that is sent as it happens, over whatever connection. */
export interface Live {
  readonly events: FeedOutlets;
  readonly streams: FeedOutlets<StreamWish>;
  /** A key has so many of both together. */
  readonly admit: AdmitFeed;
}

const HEARTBEAT_MS = 15_000;

/** Without sources, the logs are read in this thread, from their beginnings. */
export function openLive(context: ServerContext): Live {
  const { logs, clock, heartbeatMs = HEARTBEAT_MS, feeds = {} } = context;
  const { maxFeeds = defaultFeedBounds.maxFeeds, stallMs = defaultFeedBounds.stallMs, maxHeldBytes } = feeds;
  const { source = new LocalFeeds<FeedWish>(logs, (log, takeRound) => new FeedHub(log, takeRound)) } = feeds;
  const shownShard = (log: ShardLog): number | undefined => (logs.length > 1 ? log.shard : undefined);
  const start = async (): Promise<ReadModel> => new ReadModel();
  const {
    streams = new LocalFeeds(
      logs,
      (log, takeRound) => new StreamHub({ log, start, shownShard: shownShard(log), clock }, takeRound),
    ),
  } = feeds;
  const options = { ...context, heartbeatMs, stallMs, maxHeldBytes };
  return {
    events: new FeedOutlets({ ...options, source }),
    streams: new FeedOutlets({ ...options, source: streams }),
    admit: feedAdmission(maxFeeds),
  };
}
