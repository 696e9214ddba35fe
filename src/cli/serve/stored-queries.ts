import { MessageChannel, Worker } from 'node:worker_threads';
import { QueryClient } from '../../../projections/store/client.js';
import { QueryFailedError } from '../../../projections/store/protocol.js';
import type { ShardLogger } from '../../exchange/logger.js';
import type {
  AbortedDealView,
  DealsQuery,
  DealView,
  IntentionsQuery,
  IntentionView,
  PositionsQuery,
  PositionView,
  Queries,
} from '../../server/queries.js';
import type { LogSettings } from '../log-place/settings.js';
import type { FromQueryThread, QueryThreadData, ToQueryThread } from './query-thread.js';

export interface StoredQueriesOptions {
  readonly settings: LogSettings;
  /** The database. */
  readonly file: string;
  /** How far the log is durable now. */
  readonly durable: () => number;
  readonly logger: ShardLogger;
}

const LOOK_EACH_MS = 1_000;
const FIRST_RESTART_MS = 500;
const LAST_RESTART_MS = 30_000;
const END_MS = 5_000;
/** A message to the thread at every commit would cost the exchange more than most commits do. */
const TELL_EACH_MS = 5;

interface Thread {
  readonly worker: Worker;
  readonly client: QueryClient;
}

/**
 * The query store in a thread of its own, so that neither its folding nor its SQL holds up the exchange.
 *
 * 1. A thread that fails is started anew, later each time; until then nothing is caught up, and readers are told to come back.
 */
export class StoredQueries implements Queries {
  private thread: Thread | undefined;
  private restart: NodeJS.Timeout | undefined;
  private restartMs = FIRST_RESTART_MS;
  private telling: NodeJS.Timeout | undefined;
  private untold: number | undefined;
  private isEnding = false;
  private readonly look: NodeJS.Timeout;

  constructor(private readonly options: StoredQueriesOptions) {
    this.start();
    // Answers tell how far the store has come. Where nobody asks, this does: for the metrics.
    this.look = setInterval(() => void this.waitFor(0, LOOK_EACH_MS), LOOK_EACH_MS).unref();
  }

  get caughtUpTo(): number {
    return this.thread?.client.caughtUpTo ?? -1;
  }

  /** To be called after each commit. The thread is told at once, but not again within the next few milliseconds. */
  advance(durable: number): void {
    if (this.telling !== undefined) {
      this.untold = durable;
      return;
    }
    this.tell({ durable });
    this.telling = setTimeout(() => {
      this.telling = undefined;
      const { untold } = this;
      this.untold = undefined;
      if (untold !== undefined) this.advance(untold);
    }, TELL_EACH_MS).unref();
  }

  async waitFor(position: number, timeoutMs: number): Promise<boolean> {
    try {
      await this.client.summary({ atLeast: position, timeoutMs });
      this.restartMs = FIRST_RESTART_MS;
      return true;
    } catch (error) {
      if (error instanceof QueryFailedError) return false;
      throw error;
    }
  }

  deal(id: string): Promise<DealView | AbortedDealView | undefined> {
    return this.client.deal(id);
  }

  deals(query: DealsQuery): Promise<readonly DealView[]> {
    return this.client.deals(query);
  }

  intention(id: string): Promise<IntentionView | undefined> {
    return this.client.intention(id);
  }

  intentionByClientId(participant: string, clientIntentionId: string): Promise<IntentionView | undefined> {
    return this.client.intentionByClientId(participant, clientIntentionId);
  }

  intentions(query: IntentionsQuery): Promise<readonly IntentionView[]> {
    return this.client.intentions(query);
  }

  positions(query: PositionsQuery): Promise<readonly PositionView[]> {
    return this.client.positions(query);
  }

  /** Ends the thread; what was not written yet is, first. */
  async end(): Promise<void> {
    this.isEnding = true;
    clearInterval(this.look);
    clearTimeout(this.restart);
    const { thread } = this;
    if (thread === undefined) return;
    const exited = new Promise((resolve) => thread.worker.once('exit', resolve));
    this.tell({ end: true });
    const timer = setTimeout(() => void thread.worker.terminate(), END_MS);
    await exited;
    clearTimeout(timer);
  }

  private get client(): QueryClient {
    if (this.thread === undefined) throw new QueryFailedError('STORE_GONE', 'the query store is being started');
    return this.thread.client;
  }

  private tell(message: ToQueryThread): void {
    this.thread?.worker.postMessage(message);
  }

  private start(): void {
    const { settings, file, durable, logger } = this.options;
    const { port1, port2 } = new MessageChannel();
    const data: QueryThreadData = { settings, file, durable: durable(), queries: port2 };
    const worker = new Worker(new URL('./query-thread.js', import.meta.url), {
      workerData: data,
      transferList: [port2],
    });
    worker.on('message', ({ rebuild }: FromQueryThread) => {
      logger.warn({ file, reason: rebuild }, 'the query store is rebuilt from the log');
    });
    worker.on('error', (error) => {
      logger.error({ err: error, file }, 'the query store failed');
    });
    worker.once('exit', () => {
      this.onExit();
    });
    this.thread = { worker, client: new QueryClient(port1) };
  }

  private onExit(): void {
    this.thread = undefined;
    if (this.isEnding) return;
    this.options.logger.warn({ afterMs: this.restartMs }, 'the query store will be started again');
    this.restart = setTimeout(() => {
      this.start();
    }, this.restartMs).unref();
    this.restartMs = Math.min(2 * this.restartMs, LAST_RESTART_MS);
  }
}
