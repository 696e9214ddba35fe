import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { QueryStore } from '../../projections/store/database/query-store.js';
import { QueryDesk } from '../../projections/store/desk/desk.js';
import { StoreFollower } from '../../projections/store/follower.js';
import type { StoreQueries } from '../../projections/store/queries/queries.js';
import { ShardStores } from '../../projections/store/reading/shard-stores.js';
import type { HighWatermark } from '../app/threads/durable-log.js';
import { ShardUnavailableError } from '../exchange/port.js';
import { FOLDER_MODE } from '../log/file-modes.js';
import type { ShardLog } from '../log/port.js';
import type { Logger } from '../resilience/logger.js';

/** How long a read waits for the store to come as far as the log. */
const WAIT_MS = 10_000;
export const IN_MEMORY = ':memory:';

export interface StoreReadingOptions {
  /** The log as far as it is durable. */
  readonly log: ShardLog;
  /** How far that is. */
  readonly mark: HighWatermark;
  /** The database. */
  readonly file: string;
  readonly logger: Logger;
}

/**
 * The query store of an exchange in its own thread, kept on the log, for reads in this process and for a server.
 *
 * 1. A read that waits has the store written at once: nobody waits for more to come.
 * 2. A store that fails is an error of the log for people, and of every read from then on; the exchange goes on.
 */
export class StoreReading {
  readonly stores: ShardStores;
  private readonly follower: StoreFollower;
  private readonly ending = new AbortController();
  private readonly followed: Promise<void>;
  private onProgress: () => void = () => undefined;

  private constructor(
    private readonly store: QueryStore,
    private readonly options: StoreReadingOptions,
  ) {
    const { log, logger } = options;
    const { shard } = log;
    this.follower = new StoreFollower(store, log, {
      onRebuild: (reason) => logger.warn({ shard, reason }, 'the query store is rebuilt from the log'),
      onProgress: () => this.onProgress(),
    });
    const desk = new QueryDesk([shard]);
    desk.serve(shard, {
      find: (ask) => store.find(ask),
      waitFor: (position, timeoutMs) => this.waitFor(position, timeoutMs),
    });
    const progress = {
      caughtUpTo: () => this.follower.caughtUpTo,
      trouble: () => this.follower.trouble,
      onProgress: (listener: () => void) => (this.onProgress = listener),
    };
    this.stores = new ShardStores({ shards: [shard], desk, progress });
    this.followed = this.follower.run(this.ending.signal).catch((error: unknown) => {
      logger.error(
        { err: error, shard },
        'the query store failed: nothing can be read until the exchange is opened again',
      );
    });
  }

  static async open(options: StoreReadingOptions): Promise<StoreReading> {
    if (options.file !== IN_MEMORY) await mkdir(path.dirname(options.file), { recursive: true, mode: FOLDER_MODE });
    return new StoreReading(new QueryStore(options.file), options);
  }

  /** What a question comes to, asked of a store that shows all that is durable now. */
  async find<Value>(ask: (queries: StoreQueries) => Value): Promise<Value> {
    await this.caughtUp();
    return this.store.find(ask).value;
  }

  /** Resolves once the store shows all that is durable now. Rejects with ShardUnavailableError where it does not in time. */
  async caughtUp(): Promise<void> {
    const { position } = this.options.mark;
    if (await this.waitFor(position, WAIT_MS)) return;
    throw new ShardUnavailableError(`the projections have not yet reached log position ${position}; try again shortly`);
  }

  /** Ends the following, with all that it has seen in the database. */
  async end(): Promise<void> {
    this.ending.abort();
    await this.followed;
    this.store.close();
  }

  /** What is asked for is durable, and may be so before the mark says it. */
  private waitFor(position: number, timeoutMs: number): Promise<boolean> {
    this.options.mark.advance(position);
    return this.follower.waitFor(position, timeoutMs);
  }
}
