import { MessageChannel } from 'node:worker_threads';
import type { LookAnswer, LookedAt, LookFailure, LookQuestion } from '../../../../projections/moments/look.js';
import { PortClient } from '../../../../projections/port-client.js';
import type { Logger } from '../../../resilience/logger.js';
import { DurableNews } from '../durable-news.js';
import type { ReadShard } from '../stored-queries.js';
import { startThread, SupervisedThread, type Thread } from '../supervised-thread.js';
import type { FromMomentsThread, MomentsThreadData, ToMomentsThread } from './moments-thread.js';

const MODULE = new URL('./moments-thread.js', import.meta.url);

const failed = (code: LookFailure, message: string): LookAnswer => ({ ok: false, code, message });

const STARTING = failed('LOOKS_GONE', 'what shows past moments is being started');

/**
 * Past moments of all shards that a process reads, in one thread, so that neither making models of them nor folding up to a moment holds
 * up the exchange. While the thread does not run, nothing is looked at.
 */
export class ThreadedLooks implements LookedAt {
  private readonly thread: SupervisedThread<ToMomentsThread, FromMomentsThread>;
  private readonly news = new DurableNews((news) => this.thread.tell(news));
  private read: readonly ReadShard[] = [];
  /** Undefined while there is no thread to ask. */
  private client: PortClient<LookQuestion, LookAnswer> | undefined;

  constructor(private readonly logger: Logger) {
    this.thread = new SupervisedThread({
      name: 'the thread of past moments',
      logger,
      start: () => this.startThread(),
      onMessage: (message) => {
        if ('begun' in message) this.thread.recovered();
        else logger.warn({ shard: message.shard, reason: message.trouble }, 'a model of past moments is missing');
      },
      onExit: () => (this.client = undefined),
    });
  }

  look(question: LookQuestion): Promise<LookAnswer> {
    return this.client?.ask(question) ?? Promise.resolve(STARTING);
  }

  /** Starts the thread. */
  start(shards: readonly ReadShard[]): void {
    this.read = shards;
    this.thread.start();
  }

  /** To be called after each commit of a shard that is written here. */
  advance(shard: number, durable: number): void {
    this.news.advance(shard, durable);
  }

  end(): Promise<void> {
    return this.thread.end();
  }

  private startThread(): Thread<ToMomentsThread, FromMomentsThread> {
    const { port1, port2: looks } = new MessageChannel();
    this.client = new PortClient(port1, {
      tooMany: failed('TOO_FAR', 'too many looks wait for an answer'),
      late: (timeoutMs) => failed('TOO_FAR', `the thread of past moments has not answered in ${timeoutMs} ms`),
      gone: (why) => failed('LOOKS_GONE', `the thread of past moments has ended${why}`),
    });
    const shards = this.read.map(({ log, file, durable }) => ({ log, file, durable: durable?.() }));
    const data: MomentsThreadData = { shards, looks };
    return startThread(MODULE, { name: 'past moments', data, transfer: [looks], logger: this.logger });
  }
}
