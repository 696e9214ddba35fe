import { MessageChannel } from 'node:worker_threads';
import { QueryClient } from '../../../projections/store/desk/client.js';
import type { Answer, Asked, Question } from '../../../projections/store/desk/protocol.js';
import type { Logger } from '../../resilience/logger.js';
import type { StoreProgress } from '../../../projections/store/reading/shard-stores.js';
import type { LogSettings } from '../logs/settings.js';
import type { FromQueryThread, ToQueryThread } from './query-messages.js';
import type { QueryThreadData, ThreadShard } from './query-thread.js';
import { DurableNews } from './durable-news.js';
import { startThread, SupervisedThread, type Thread } from './supervised-thread.js';

export interface ReadShard {
  readonly log: LogSettings;
  /** The database. */
  readonly file: string;
  /** How far the log is durable now; undefined where the log itself shows only what is. */
  readonly durable?: (() => number) | undefined;
}

export interface StoredQueriesOptions {
  /** By number: those that can be asked, once `start` has said where they are. */
  readonly shards: readonly number[];
  readonly logger: Logger;
}

/** What is known of one shard’s store. */
interface ShardStore {
  /** Up to where it has come; -1 while there is none. */
  caughtUpTo: number;
  /** What the thread says of it. */
  told: string | undefined;
}

const STARTING = 'the query store is being started';
const MODULE = new URL('./query-thread.js', import.meta.url);
/** What a chunk gathers dies when it is written: with room for all of it nothing is copied before. */
const YOUNG_MEGABYTES = 192;

/**
 * The query stores of all shards that a process reads, in one thread, so that neither their folding nor their SQL holds up the
 * exchange.
 *
 * 1. While the thread does not run, no store is caught up, and readers are asked to try again. One store that fails is opened again by
 *    the thread itself.
 */
export class StoredQueries implements Asked, StoreProgress {
  private readonly shards: ReadonlyMap<number, ShardStore>;
  private readonly thread: SupervisedThread<ToQueryThread, FromQueryThread>;
  private readonly news = new DurableNews((news) => this.thread.tell(news));
  private read: readonly ReadShard[] = [];
  /** Undefined while there is no thread to ask. */
  private client: QueryClient | undefined;
  private readonly listeners: (() => void)[] = [];

  constructor(private readonly options: StoredQueriesOptions) {
    this.shards = new Map(options.shards.map((shard) => [shard, { caughtUpTo: -1, told: undefined }]));
    this.thread = new SupervisedThread({
      name: 'the thread of the query stores',
      logger: options.logger,
      start: () => this.startThread(),
      onMessage: (message) => this.hear(message),
      onExit: () => {
        this.client = undefined;
        for (const shard of this.shards.values()) shard.caughtUpTo = -1;
      },
    });
  }

  answer(question: Question): Promise<Answer> {
    if (this.client !== undefined) return this.client.answer(question);
    return Promise.resolve({ ok: false, code: 'STORE_GONE', message: STARTING });
  }

  caughtUpTo(shard: number): number {
    return this.shards.get(shard)?.caughtUpTo ?? -1;
  }

  trouble(shard: number): string | undefined {
    return this.client === undefined ? STARTING : this.shards.get(shard)?.told;
  }

  onProgress(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** To be called after each commit of a shard that is written here. */
  advance(shard: number, durable: number): void {
    this.news.advance(shard, durable);
  }

  /** Starts the thread. The stores follow their logs from then on: a log is compared with its store before that, or not at all. */
  start(shards: readonly ReadShard[]): void {
    this.read = shards;
    this.thread.start();
  }

  /** Ends the thread; what was not written yet is, first. */
  end(): Promise<void> {
    return this.thread.end();
  }

  private startThread(): Thread<ToQueryThread, FromQueryThread> {
    const { port1, port2: questions } = new MessageChannel();
    this.client = new QueryClient(port1);
    const shards = this.read.map(({ log, file, durable }): ThreadShard => {
      const shard = this.shards.get(log.shard);
      if (shard !== undefined) shard.told = undefined;
      return { log, file, durable: durable?.() };
    });
    const data: QueryThreadData = { shards, questions };
    const { logger } = this.options;
    const start = { name: 'query stores', data, transfer: [questions], logger, youngMegabytes: YOUNG_MEGABYTES };
    return startThread(MODULE, start);
  }

  private hear(message: FromQueryThread): void {
    const { logger } = this.options;
    const { shard } = message;
    if ('rebuild' in message) {
      logger.warn({ shard, reason: message.rebuild }, 'the query store is rebuilt from the log');
      return;
    }
    const store = this.shards.get(shard);
    if (store === undefined) return;
    if ('caughtUpTo' in message) {
      store.caughtUpTo = message.caughtUpTo;
      this.thread.recovered();
      for (const listener of this.listeners) listener();
      return;
    }
    if (store.told === message.trouble) return;
    store.told = message.trouble;
    if (message.trouble === undefined) logger.info({ shard }, 'the query store keeps up with its log again');
    else logger.warn({ shard, reason: message.trouble }, 'the query store does not keep up with its log');
  }
}
