import type { Logger } from '../../resilience/logger.js';
import type { FeedReceiver, FeedSource, FeedWish } from '../../server/feeds/feed-source.js';
import { problem, type Problem } from '../../api/problem.js';
import { type FromFeedThread, heard, type ToFeedThread } from './feed-messages.js';
import type { FeedThreadData } from './feed-thread.js';
import type { ReadShard } from './stored-queries.js';
import { DurableNews } from './durable-news.js';
import { startThread, SupervisedThread, type Thread } from './supervised-thread.js';

export type FollowedShard = Pick<ReadShard, 'log' | 'durable'>;

export type FeedWorker = Thread<ToFeedThread, FromFeedThread>;

const AWAY = problem('UNAVAILABLE', 'what reads the log for the feeds is being started; try again shortly');

/**
 * The feeds of all shards, read in one thread of their own, so that neither reading nor encoding holds up the exchange.
 *
 * 1. When the thread ends, its feeds end with an error; a subscriber that comes while it does not run is asked to try again.
 * 2. The thread hears how far logs are durable only while there are feeds.
 */
export class ThreadedFeeds implements FeedSource {
  private readonly thread: SupervisedThread<ToFeedThread, FromFeedThread>;
  private receiver: FeedReceiver | undefined;
  private shards: ReadonlyMap<number, FollowedShard> = new Map();
  /** By number, the shard of each feed. */
  private readonly feeds = new Map<number, number>();
  private readonly news = new DurableNews((news) => this.thread.tell(news));

  constructor(logger: Logger, makeWorker: (data: FeedThreadData, logger: Logger) => FeedWorker = makeThread) {
    this.thread = new SupervisedThread({
      name: 'the thread of the feeds',
      logger,
      start: () => makeWorker({ shards: this.threadShards() }, logger),
      onMessage: ({ shard, round }) => {
        this.thread.recovered();
        this.receiver?.receive(shard, round.map(heard));
      },
      onExit: (isFinal) => {
        this.feeds.clear();
        if (!isFinal) this.receiver?.lost(new Error('the thread of the feeds ended'));
      },
    });
  }

  connect(receiver: FeedReceiver): void {
    this.receiver = receiver;
  }

  /** Starts the thread. */
  start(shards: readonly FollowedShard[]): void {
    this.shards = new Map(shards.map((shard) => [shard.log.shard, shard]));
    this.thread.start();
  }

  /** To be called after each commit of a shard that is written here. */
  advance(shard: number, durable: number): void {
    if (this.feeds.size > 0) this.news.advance(shard, durable);
  }

  subscribe(id: number, wish: FeedWish): Problem | undefined {
    if (!this.thread.isRunning || !this.shards.has(wish.shard)) return AWAY;
    this.feeds.set(id, wish.shard);
    const durable = this.shards.get(wish.shard)?.durable?.();
    if (durable !== undefined) this.thread.tell({ shard: wish.shard, durable });
    this.thread.tell({ subscribe: id, wish });
    return undefined;
  }

  unsubscribe(shard: number, id: number): void {
    if (this.feeds.delete(id)) this.thread.tell({ unsubscribe: id, shard });
  }

  credit(shard: number, credits: readonly number[]): void {
    this.thread.tell({ shard, credits });
  }

  acknowledge(shard: number): void {
    this.thread.tell({ acknowledge: shard });
  }

  end(): Promise<void> {
    return this.thread.end();
  }

  private threadShards(): FeedThreadData['shards'] {
    return [...this.shards.values()].map(({ log, durable }) => ({ log, durable: durable?.() }));
  }
}

function makeThread(data: FeedThreadData, logger: Logger): FeedWorker {
  return startThread(new URL('./feed-thread.js', import.meta.url), { name: 'feeds', data, logger });
}
