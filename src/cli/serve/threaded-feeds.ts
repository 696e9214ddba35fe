import { Worker } from 'node:worker_threads';
import type { ShardLogger } from '../../exchange/logger.js';
import type { FeedReceiver, FeedSource, FeedWish } from '../../server/feeds/feed-source.js';
import { problem, type Problem } from '../../server/problem.js';
import { type FromFeedThread, heard, type ToFeedThread } from './feed-messages.js';
import type { FeedThreadData } from './feed-thread.js';
import type { ReadShard } from './stored-queries.js';
import { logStderr } from './warnings.js';

export type FollowedShard = Pick<ReadShard, 'log' | 'durable'>;

/** The thread, as far as it is needed here. */
export interface FeedWorker {
  postMessage(message: ToFeedThread): void;
  on(event: 'message', listener: (message: FromFeedThread) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  once(event: 'exit', listener: () => void): unknown;
  terminate(): Promise<unknown>;
}

/** A message to the thread at every commit would cost the exchange more than most commits do. */
const TELL_EACH_MS = 5;
const FIRST_RESTART_MS = 500;
const LAST_RESTART_MS = 30_000;
const END_MS = 5_000;
const AWAY = problem('UNAVAILABLE', 'what reads the log for the feeds is being started; try again shortly');

/**
 * The feeds of all shards, read in one thread of their own, so that neither reading nor encoding holds up the exchange.
 *
 * 1. A thread that fails is started anew, later each time; its feeds end with an error then, and whoever comes meanwhile is told to come
 *    back.
 * 2. The thread is told how far logs are durable only while there are feeds.
 */
export class ThreadedFeeds implements FeedSource {
  private receiver: FeedReceiver | undefined;
  private shards: ReadonlyMap<number, FollowedShard> = new Map();
  private worker: FeedWorker | undefined;
  private restart: NodeJS.Timeout | undefined;
  private restartMs = FIRST_RESTART_MS;
  private isEnding = false;
  /** By number, the shard of each feed. */
  private readonly feeds = new Map<number, number>();
  /** Shards that are durable further than the thread was told. */
  private readonly untold = new Map<number, number>();
  private telling: NodeJS.Timeout | undefined;

  constructor(
    private readonly logger: ShardLogger,
    private readonly makeWorker: (data: FeedThreadData, logger: ShardLogger) => FeedWorker = makeThread,
  ) {}

  connect(receiver: FeedReceiver): void {
    this.receiver = receiver;
  }

  /** Starts the thread. */
  start(shards: readonly FollowedShard[]): void {
    this.shards = new Map(shards.map((shard) => [shard.log.shard, shard]));
    this.startThread();
  }

  /** To be called after each commit of a shard that is written here. */
  advance(shard: number, durable: number): void {
    if (this.feeds.size === 0) return;
    this.untold.set(shard, durable);
    this.telling ??= setTimeout(() => {
      this.telling = undefined;
      this.tellDurable();
    }, TELL_EACH_MS).unref();
  }

  subscribe(id: number, wish: FeedWish): Problem | undefined {
    if (this.worker === undefined || !this.shards.has(wish.shard)) return AWAY;
    this.feeds.set(id, wish.shard);
    const durable = this.shards.get(wish.shard)?.durable?.();
    if (durable !== undefined) this.tell({ shard: wish.shard, durable });
    this.tell({ subscribe: id, wish });
    return undefined;
  }

  unsubscribe(shard: number, id: number): void {
    if (this.feeds.delete(id)) this.tell({ unsubscribe: id, shard });
  }

  credit(shard: number, credits: readonly number[]): void {
    this.tell({ shard, credits });
  }

  acknowledge(shard: number): void {
    this.tell({ acknowledge: shard });
  }

  async end(): Promise<void> {
    this.isEnding = true;
    clearTimeout(this.restart);
    clearTimeout(this.telling);
    const { worker } = this;
    if (worker === undefined) return;
    const exited = new Promise<void>((resolve) => worker.once('exit', resolve));
    this.tell({ end: true });
    const timer = setTimeout(() => void worker.terminate(), END_MS);
    await exited;
    clearTimeout(timer);
  }

  private startThread(): void {
    const shards = [...this.shards.values()].map(({ log, durable }) => ({ log, durable: durable?.() }));
    const worker = this.makeWorker({ shards }, this.logger);
    worker.on('message', ({ shard, round }) => {
      this.restartMs = FIRST_RESTART_MS;
      this.receiver?.receive(shard, round.map(heard));
    });
    worker.on('error', (error) => {
      this.logger.error({ err: error }, 'the thread of the feeds failed');
    });
    worker.once('exit', () => {
      this.onExit();
    });
    this.worker = worker;
  }

  private onExit(): void {
    this.worker = undefined;
    this.feeds.clear();
    this.untold.clear();
    if (this.isEnding) return;
    this.receiver?.lost(new Error('the thread of the feeds ended'));
    this.logger.warn({ afterMs: this.restartMs }, 'the thread of the feeds will be started again');
    this.restart = setTimeout(() => {
      this.startThread();
    }, this.restartMs).unref();
    this.restartMs = Math.min(2 * this.restartMs, LAST_RESTART_MS);
  }

  private tellDurable(): void {
    for (const [shard, durable] of this.untold) this.tell({ shard, durable });
    this.untold.clear();
  }

  private tell(message: ToFeedThread): void {
    this.worker?.postMessage(message);
  }
}

function makeThread(data: FeedThreadData, logger: ShardLogger): FeedWorker {
  const worker = new Worker(new URL('./feed-thread.js', import.meta.url), { workerData: data, stderr: true });
  logStderr(worker.stderr, 'feeds', logger);
  return worker;
}
