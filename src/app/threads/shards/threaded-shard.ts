import type { CarriedAnswer } from '../../../cluster/forwarding/requests.js';
import { unopened } from '../../../cluster/solo-exchange.js';
import { refuse, type ShardStatus } from '../../../exchange/commands.js';
import type { Logger } from '../../../resilience/logger.js';
import { isFinalAlone } from '../../serving/final.js';
import type { KnownLog } from '../../serving/opening.js';
import type { ShardNews } from '../../serving/shard-writers.js';
import { startThread, SupervisedThread, type Thread } from '../supervised-thread.js';
import { heardError } from '../told-error.js';
import type {
  FromShardThread,
  ShardCall,
  ShardReport,
  ShardThreadData,
  ShardWork,
  ToldLine,
  ToShardThread,
} from './shard-messages.js';

const MODULE = new URL('./shard-thread.js', import.meta.url);
const AWAY = 'the thread of the shard is being started; nothing was carried out, try again shortly';
const UNKNOWN =
  'the thread of the shard has ended; whether this was carried out is unknown: look before you send it again';

export interface ThreadedShardOptions {
  readonly data: Omit<ShardThreadData, 'known'>;
  readonly logger: Logger;
  readonly news: ShardNews;
  /** How far the replay of its log is, while it is opened. */
  readonly onReplay: (replayed: number, head: number | undefined) => void;
  /** How its thread is started, unless it is the real one. */
  readonly start?: typeof startShard;
}

interface UnderWay {
  /** How many answers there are to be. */
  readonly count: number;
  readonly settle: (answers: readonly CarriedAnswer[]) => void;
}

/**
 * A shard that a thread of its own writes, as the front of the process asks it.
 *
 * 1. What is asked arrives in the order in which it was handed over, and is answered once all that the answer rests on is durable and
 *    those who follow the log have been told so.
 * 2. A thread that ends by itself is started again, and opens the log as a process does that finds it; what was under way has an unknown
 *    outcome. Other shards go on meanwhile.
 * 3. What keeps the shard from being opened at first ends the process, which nobody relies on yet; later, what cannot get better is
 *    reported once and stays.
 */
export class ThreadedShard {
  private readonly thread: SupervisedThread<ToShardThread, FromShardThread>;
  private readonly underWay = new Map<number, UnderWay>();
  private queue: ShardCall[] = [];
  private calls = 0;
  private known: KnownLog | undefined;
  private settleOpening: (failure: Error | undefined) => void = () => undefined;
  private isOpened = false;
  /** How often the threads before have opened it. */
  private openedBefore = 0;
  status: ShardStatus;

  constructor(private readonly options: ThreadedShardOptions) {
    const { data, logger, start = startShard } = options;
    const { shard } = data.settings;
    this.status = { ...unopened, shard };
    this.thread = new SupervisedThread<ToShardThread, FromShardThread>({
      ...{ name: `the thread of shard ${shard}`, logger },
      start: () => start({ ...data, known: this.known }, logger),
      onMessage: (message) => this.hear(message),
      onExit: (isFinal) => this.onExit(isFinal),
    });
  }

  /** Resolves once it serves for the first time, or is to end before; rejects with why it never will. */
  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.settleOpening = (failure) => (failure === undefined ? resolve() : reject(failure));
      this.thread.start();
    });
  }

  /** Never rejects. */
  carry(work: ShardWork): Promise<readonly CarriedAnswer[]> {
    const count = 'posts' in work ? work.posts.length : work.requests.length;
    if (!this.thread.isRunning) return Promise.resolve(refuseAll(count, AWAY));
    const id = ++this.calls;
    if (this.queue.length === 0) setImmediate(() => this.send());
    this.queue.push({ id, ...work });
    return new Promise((settle) => this.underWay.set(id, { count, settle }));
  }

  /** Carries out what it was handed, commits what is open, closes the log and ends. */
  end(): Promise<void> {
    this.send();
    return this.thread.end();
  }

  private send(): void {
    const calls = this.queue;
    this.queue = [];
    if (calls.length > 0) this.thread.tell({ calls: JSON.stringify(calls) });
  }

  private hear(message: FromShardThread): void {
    const { logger, news, onReplay } = this.options;
    if ('report' in message)
      this.onReport(JSON.parse(message.report) as ShardReport); // as the thread writes it
    else if ('opened' in message) this.onOpened();
    else if ('failed' in message) this.onFailed(heardError(message.failed));
    else if ('final' in message) news.onFinal(this.status.shard, message.final);
    else if ('line' in message) write(logger, message.line);
    else onReplay(message.replayed, message.head);
  }

  private onReport({ status, writerEpoch, answered }: ShardReport): void {
    const { shard, durable } = status;
    const isFurther = durable > this.status.durable;
    this.status = { ...status, openings: this.openedBefore + status.openings };
    if (isFurther) {
      const source = `the thread that wrote it under epoch ${writerEpoch}`;
      this.known = { epoch: writerEpoch, evidence: { source, position: durable } };
      this.options.news.onDurable(shard, durable);
    }
    for (const { id, answers } of answered) {
      this.underWay.get(id)?.settle(answers);
      this.underWay.delete(id);
    }
  }

  private onOpened(): void {
    this.isOpened = true;
    this.thread.recovered();
    this.settleOpening(undefined);
  }

  private onFailed(failure: Error): void {
    if (!this.isOpened) {
      this.giveUp(failure);
      return;
    }
    const { logger, news } = this.options;
    const { shard } = this.status;
    logger.error({ err: failure, shard }, 'the shard could not be opened by a new thread');
    this.status = { ...this.status, state: 'stopped', reason: failure.message };
    if (!isFinalAlone(failure)) return;
    void this.thread.end();
    news.onFinal(shard, failure.message);
  }

  private onExit(isFinal: boolean): void {
    this.queue = [];
    this.openedBefore = this.status.openings;
    const { state } = this.status;
    if (state !== 'stopped') this.status = { ...this.status, state: 'stopped', reason: 'its thread has ended' };
    for (const { count, settle } of this.underWay.values()) settle(refuseAll(count, UNKNOWN));
    this.underWay.clear();
    if (isFinal) this.settleOpening(undefined);
    else if (!this.isOpened) this.giveUp(new Error(`the thread of shard ${this.status.shard} ended before it served`));
  }

  private giveUp(failure: Error): void {
    this.settleOpening(failure);
    void this.thread.end();
  }
}

function startShard(data: ShardThreadData, logger: Logger): Thread<ToShardThread, FromShardThread> {
  return startThread(MODULE, { name: `shard ${data.settings.shard}`, data, logger });
}

function refuseAll(count: number, why: string): readonly CarriedAnswer[] {
  return Array.from({ length: count }, () => refuse('SHARD_UNAVAILABLE', why));
}

function write(logger: Logger, { level, details, err, message }: ToldLine): void {
  logger[level](err === undefined ? details : { ...details, err: heardError(err) }, message);
}
