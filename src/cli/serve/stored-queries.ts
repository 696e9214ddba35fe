import { MessageChannel, Worker } from 'node:worker_threads';
import { QueryClient } from '../../../projections/store/client.js';
import type { Answer, Asked, Question } from '../../../projections/store/protocol.js';
import type { ShardLogger } from '../../exchange/logger.js';
import type { StoreProgress } from '../../server/queries.js';
import type { LogSettings } from '../log-target/settings.js';
import type { FromQueryThread, ToQueryThread } from './query-messages.js';
import type { QueryThreadData, ThreadShard } from './query-thread.js';
import { ShardQueryClient } from './shard-query-client.js';
import { logStderr } from './warnings.js';

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
  readonly logger: ShardLogger;
}

const STARTING = 'the query store is being started';
const FIRST_RESTART_MS = 500;
const LAST_RESTART_MS = 30_000;
const END_MS = 5_000;

/**
 * The query stores of all shards that a process reads, in one thread, so that neither their folding nor their SQL holds up the
 * exchange.
 *
 * 1. A thread that fails is started anew, later each time; until then nothing is caught up, and readers are told to come back. One
 *    store that fails is started anew by the thread itself.
 */
export class StoredQueries implements Asked, StoreProgress {
  private readonly shards: ReadonlyMap<number, ShardQueryClient>;
  private places: readonly ReadShard[] = [];
  private worker: Worker | undefined;
  private restart: NodeJS.Timeout | undefined;
  private restartMs = FIRST_RESTART_MS;
  private isEnding = false;
  /** Undefined while there is no thread to ask. */
  private client: QueryClient | undefined;
  private readonly listeners: (() => void)[] = [];

  constructor(private readonly options: StoredQueriesOptions) {
    this.shards = new Map(
      options.shards.map((shard) => [
        shard,
        new ShardQueryClient((durable) => {
          this.tell({ shard, durable });
        }),
      ]),
    );
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
    this.shards.get(shard)?.advance(durable);
  }

  /** Ends the thread; what was not written yet is, first. */
  async end(): Promise<void> {
    this.isEnding = true;
    clearTimeout(this.restart);
    const { worker } = this;
    if (worker === undefined) return;
    const exited = new Promise((resolve) => worker.once('exit', resolve));
    this.tell({ end: true });
    const timer = setTimeout(() => void worker.terminate(), END_MS);
    await exited;
    clearTimeout(timer);
  }

  private tell(message: ToQueryThread): void {
    this.worker?.postMessage(message);
  }

  /** Starts the thread. The stores follow their logs from then on, so whoever compares them with those has done so before. */
  start(places: readonly ReadShard[]): void {
    this.places = places;
    this.startThread();
  }

  private startThread(): void {
    const { port1, port2: questions } = new MessageChannel();
    this.client = new QueryClient(port1);
    const shards = this.places.map(({ log, file, durable }): ThreadShard => {
      const shard = this.shards.get(log.shard);
      if (shard !== undefined) shard.told = undefined;
      return { log, file, durable: durable?.() };
    });
    const worker = new Worker(new URL('./query-thread.js', import.meta.url), {
      workerData: { shards, questions } satisfies QueryThreadData,
      transferList: [questions],
      stderr: true,
    });
    logStderr(worker.stderr, 'query stores', this.options.logger);
    worker.on('message', (message: FromQueryThread) => {
      this.hear(message);
    });
    worker.on('error', (error) => {
      this.options.logger.error({ err: error }, 'the thread of the query stores failed');
    });
    worker.once('exit', () => {
      this.onExit();
    });
    this.worker = worker;
  }

  private hear(message: FromQueryThread): void {
    const { logger } = this.options;
    const { shard } = message;
    if ('rebuild' in message) {
      logger.warn({ shard, reason: message.rebuild }, 'the query store is rebuilt from the log');
      return;
    }
    const store = this.shards.get(shard);
    if (store !== undefined && 'caughtUpTo' in message) {
      store.caughtUpTo = message.caughtUpTo;
      this.restartMs = FIRST_RESTART_MS;
      for (const listener of this.listeners) listener();
      return;
    }
    if (store === undefined || 'caughtUpTo' in message || store.told === message.trouble) return;
    store.told = message.trouble;
    if (message.trouble === undefined) logger.info({ shard }, 'the query store keeps up with its log again');
    else logger.warn({ shard, reason: message.trouble }, 'the query store does not keep up with its log');
  }

  private onExit(): void {
    this.worker = undefined;
    this.client = undefined;
    for (const shard of this.shards.values()) shard.caughtUpTo = -1;
    if (this.isEnding) return;
    this.options.logger.warn({ afterMs: this.restartMs }, 'the query stores will be started again');
    this.restart = setTimeout(() => {
      this.startThread();
    }, this.restartMs).unref();
    this.restartMs = Math.min(2 * this.restartMs, LAST_RESTART_MS);
  }
}
