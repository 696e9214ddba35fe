import { problem, type Problem } from '../../../api/problem.js';
import type { Logger } from '../../../resilience/logger.js';
import type { FeedReceiver, FeedSource, FeedWish } from '../../../server/feeds/feed-source.js';
import type { StreamWish } from '../../../server/streams/stream-source.js';
import { DurableNews } from '../durable-news.js';
import type { ReadShard } from '../stored-queries.js';
import { startThread, SupervisedThread, type Thread } from '../supervised-thread.js';
import { type FromFeedThread, heard, type ToFeedThread } from './feed-messages.js';
import type { HubThreadData } from './hub-thread.js';

type FeedWorker<Wish> = Thread<ToFeedThread<Wish>, FromFeedThread>;

export interface FeedThread<Wish> {
  /** What the log calls it. */
  readonly name: string;
  readonly start: (data: HubThreadData, logger: Logger) => FeedWorker<Wish>;
}

/** The threads that there are. */
export const feedThread = threadOf<FeedWish>(
  'the thread of the feeds',
  'feeds',
  new URL('./feed-thread.js', import.meta.url),
);
export const streamThread = threadOf<StreamWish>(
  'the thread of the streams',
  'streams',
  new URL('./stream-thread.js', import.meta.url),
);

const AWAY = problem('UNAVAILABLE', 'what reads the log for the feeds is being started; try again shortly');

/**
 * Feeds of all shards, made in one thread of their own, so that neither reading nor encoding holds up the exchange.
 *
 * 1. When the thread ends, its feeds end with an error; a subscriber that comes while it does not run is asked to try again.
 * 2. The thread hears how far logs are durable only while there are feeds.
 */
export class ThreadedFeeds<Wish extends { readonly shard: number }> implements FeedSource<Wish> {
  private readonly thread: SupervisedThread<ToFeedThread<Wish>, FromFeedThread>;
  private receiver: FeedReceiver | undefined;
  private shards: ReadonlyMap<number, ReadShard> = new Map();
  /** By number, the shard of each feed. */
  private readonly feeds = new Map<number, number>();
  private readonly news = new DurableNews((news) => this.thread.tell(news));

  constructor({ name, start }: FeedThread<Wish>, logger: Logger) {
    this.thread = new SupervisedThread({
      ...{ name, logger },
      start: () => start({ shards: this.threadShards() }, logger),
      onMessage: ({ shard, round }) => {
        this.thread.recovered();
        this.receiver?.receive(shard, round.map(heard));
      },
      onExit: (isFinal) => {
        this.feeds.clear();
        if (!isFinal) this.receiver?.lost(new Error(`${name} ended`));
      },
    });
  }

  connect(receiver: FeedReceiver): void {
    this.receiver = receiver;
  }

  /** Starts the thread. */
  start(shards: readonly ReadShard[]): void {
    this.shards = new Map(shards.map((shard) => [shard.log.shard, shard]));
    this.thread.start();
  }

  /** To be called after each commit of a shard that is written here. */
  advance(shard: number, durable: number): void {
    if (this.feeds.size > 0) this.news.advance(shard, durable);
  }

  subscribe(id: number, wish: Wish): Problem | undefined {
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

  private threadShards(): HubThreadData['shards'] {
    return [...this.shards.values()].map(({ log, file, durable }) => ({ log, file, durable: durable?.() }));
  }
}

function threadOf<Wish>(name: string, shortName: string, url: URL): FeedThread<Wish> {
  return { name, start: (data, logger) => startThread(url, { name: shortName, data, logger }) };
}
