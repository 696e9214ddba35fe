import type { EventBatch } from '../../src/events/fold.js';
import { digestBefore, isLossAccepted } from '../../src/log/evidence.js';
import { withDeadline } from '../../src/resilience/deadline.js';
import { isDamage } from './database/database.js';
import { fromLog, LogHealth, OtherLogError, UnreadableLogError } from './desk/log-health.js';
import { LagClock } from './lag-clock.js';
import { Throttle } from './throttle.js';
import { DamagedPagesError } from './pages/page-sums.js';
import type { QueryStore } from './database/query-store.js';
import { PositionWaiters } from './desk/waiters.js';

/** What of a log the follower needs: any ShardLog has it. */
export interface FollowableLog {
  read(from: number): AsyncIterable<EventBatch>;
  follow(from: number, signal: AbortSignal): AsyncIterable<EventBatch>;
}

export interface FollowerOptions {
  /** A transaction holds about this many events at most; 120,000 unless said otherwise. */
  readonly chunkEvents?: number;
  /**
   * It is written this long after its first one came, or as long as the last one took to be written, or at once when somebody waits for it;
   * 10 unless said otherwise.
   */
  readonly delayMs?: number;
  /** How far the log is, where that is known without asking it: who is behind rests less. */
  readonly head?: () => number | undefined;
  /** How much of its thread's time it takes; all of it unless said otherwise. */
  readonly pace?: Throttle;
  /** Whether somebody wants what is not there yet: then there is no rest. Never, unless said otherwise. */
  readonly isUrgent?: () => boolean;
  /** Called when what the store holds has been given up, or is damaged, and it is rebuilt. */
  readonly onRebuild?: (reason: string) => void;
  /** Called when the log cannot be read, with the reason, and with undefined once it can be again; once for each change. */
  readonly onTrouble?: (trouble: string | undefined) => void;
  /** Called with how far the tables have come, whenever that changes, and once they are known to be of this log. */
  readonly onProgress?: (caughtUpTo: number) => void;
  /** How long after a failure the log is asked again, the first time; then twice as long each time, up to 5 s. 200 unless said otherwise. */
  readonly retryMs?: number;
}

const nothing = (): void => undefined;

const defaults: Required<FollowerOptions> = {
  ...{
    chunkEvents: 120_000,
    delayMs: 10,
    retryMs: 200,
    pace: new Throttle(1),
    isUrgent: () => false,
    head: (): undefined => undefined,
  },
  ...{ onRebuild: nothing, onTrouble: nothing, onProgress: nothing },
};

/** However long the last transaction took, nothing waits longer for the next one. */
const LONGEST_GATHERING_MS = 250;

/** Following that has gone well for so long counts as reading, even where there is nothing to read. */
const CALM_MS = 1_000;

/** The follower has stopped; what it had not reached then it never will. */
export class FollowingEndedError extends Error {
  readonly code = 'FOLLOWING_ENDED';
  constructor(options?: ErrorOptions) {
    super('the query store no longer follows its log', options);
    this.name = 'FollowingEndedError';
  }
}

/**
 * Keeps a query store up with a log: adds what the log holds, in transactions of bounded size, and lets its thread's other work run
 * in between.
 *
 * 1. A store whose checkpoint is not a place in this log, by digest, knows of something that the log has lost: it is kept, and shows
 *    nothing, until an operator has accepted that loss. Then it is emptied and rebuilt; so is one whose file is damaged.
 * 2. `caughtUpTo` never goes back, but for that.
 * 3. A log that cannot be read is asked again for as long as it takes; what the store holds stays, and is answered from. A store that
 *    fails ends the following.
 */
export class StoreFollower {
  private readonly waiters = new PositionWaiters();
  private readonly options: Required<FollowerOptions>;
  private readonly logHealth: LogHealth;
  /** Whether the store's checkpoint has been found in the log; until then it shows nothing that can be trusted. */
  private isOfThisLog = false;
  /** When the oldest event that is not committed came. */
  private firstPendingMs = 0;
  /** How long the last transaction took. What is gathered meanwhile makes the next one larger, and an event of it cheaper. */
  private commitMs = 0;
  private readonly lag: LagClock;
  /** Time spent on work since the last rest. */
  private busyMs = 0;

  constructor(
    private readonly store: QueryStore,
    private readonly log: FollowableLog,
    options: FollowerOptions = {},
  ) {
    this.options = { ...defaults, ...options };
    const { chunkEvents, delayMs, retryMs, onTrouble } = this.options;
    this.logHealth = new LogHealth(onTrouble, retryMs);
    this.lag = new LagClock(this.options.head);
    if (!(chunkEvents >= 1) || !(delayMs >= 0) || !(retryMs > 0)) {
      throw new RangeError('chunkEvents is 1 or more, delayMs 0 or more, retryMs above 0');
    }
  }

  /** The store's tables show all events of this log before this position. */
  get caughtUpTo(): number {
    return this.isOfThisLog ? this.store.checkpoint.position : 0;
  }

  /**
   * True once the tables show all events before `position`, of this log and no other, even when that is 0; false when they do not
   * within the time. Rejects when following has ended.
   */
  waitFor(position: number, timeoutMs: number): Promise<boolean> {
    if (this.store.pendingEvents > 0 && this.store.foldedTo >= position) this.commitEarly();
    return this.waiters.waitFor(position, timeoutMs, this.isOfThisLog ? this.caughtUpTo : -1);
  }

  /** Why nothing new comes from the log; undefined while it is read. */
  get trouble(): string | undefined {
    return this.logHealth.trouble;
  }

  /** Follows the log until aborted. Rejects with what the store throws; those who wait receive an error. To be called once. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      await this.followThrough(signal).catch((error: unknown) => this.repair(error, signal));
      this.waiters.end(new FollowingEndedError());
    } catch (error) {
      this.waiters.end(new FollowingEndedError({ cause: error }));
      throw error;
    }
  }

  /** Follows, and again after each failure of the log. */
  private async followThrough(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.ensureSameLog();
        this.isOfThisLog = true;
        this.reached();
        await this.follow(signal);
        // A log is followed until that is aborted; one that ends earlier is asked again like one that failed.
        await this.logHealth.failed('the log came to an end', signal);
      } catch (error) {
        if (!(error instanceof UnreadableLogError)) throw error;
        if (this.isOfThisLog) this.commit();
        // Whatever it was before: that it can be read, and is another one, is news.
        if (error instanceof OtherLogError && this.trouble !== error.message) this.logHealth.isOver();
        await this.logHealth.failed(error.message, signal);
      }
    }
  }

  private async ensureSameLog(): Promise<void> {
    const { position, sealDigest } = this.store.checkpoint;
    if (position === 0) return;
    const { log } = this;
    const held = await fromLog(digestBefore(log, position));
    if (held === sealDigest) return;
    if (await fromLog(isLossAccepted(log, position))) {
      this.rebuild(`the loss of what the store held before position ${position} was accepted`);
      return;
    }
    const why = held === '' ? 'ends before the store does, or inside a batch there' : 'is another one';
    throw new OtherLogError(`the log ${why}: the store knows it up to position ${position}, digest ${sealDigest}`);
  }

  private async repair(error: unknown, signal: AbortSignal): Promise<void> {
    // Where bytes have changed nothing of the file can be used any more: it is replaced when it is opened again.
    if (!isDamage(error) || error instanceof DamagedPagesError) throw error;
    this.rebuild('the database is damaged');
    await this.followThrough(signal);
  }

  private rebuild(reason: string): void {
    this.store.reset();
    this.options.onRebuild(reason);
  }

  private async follow(signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const until = AbortSignal.any([signal, stop.signal]);
    const batches = this.log.follow(this.caughtUpTo, until)[Symbol.asyncIterator]();
    const calm = setTimeout(() => this.logHealth.isOver(), CALM_MS);
    let next = fromLog(batches.next());
    try {
      for (;;) {
        const result = await this.untilDue(next);
        if (result !== 'due') {
          if (result.done === true) break;
          this.logHealth.isOver();
          this.add(result.value);
          next = fromLog(batches.next());
        }
        if (result === 'due' || this.isDue()) await this.commitAndRest();
      }
      this.commit();
    } finally {
      clearTimeout(calm);
      stop.abort();
      await Promise.resolve(batches.return?.()).catch(() => undefined); // it may fail because it was given up
    }
  }

  private add(batch: EventBatch): void {
    const startMs = performance.now();
    if (this.store.pendingEvents === 0) this.firstPendingMs = startMs;
    this.store.add(batch);
    this.busyMs += performance.now() - startMs;
  }

  private isDue(): boolean {
    const { pendingEvents, foldedTo } = this.store;
    if (pendingEvents === 0) return false;
    const isOld = performance.now() >= this.dueMs;
    return pendingEvents >= this.options.chunkEvents || isOld || this.waiters.isAwaited(foldedTo);
  }

  /** When what is pending is to be written. */
  private get dueMs(): number {
    return this.firstPendingMs + Math.max(this.options.delayMs, Math.min(this.commitMs, LONGEST_GATHERING_MS));
  }

  /** The next batch, or `due` when what is pending may wait no longer for it. */
  private async untilDue<Result>(next: Promise<Result>): Promise<Result | 'due'> {
    if (this.store.pendingEvents === 0) return await next;
    const leftMs = Math.max(0, this.dueMs - performance.now());
    return withDeadline(next, leftMs, () => 'due' as const);
  }

  private commit(): void {
    const startMs = performance.now();
    this.store.commit();
    this.commitMs = performance.now() - startMs;
    this.reached();
    this.busyMs += this.commitMs;
  }

  private reached(): void {
    this.waiters.reached(this.caughtUpTo);
    this.options.onProgress(this.caughtUpTo);
  }

  private commitEarly(): void {
    try {
      this.commit();
    } catch {
      // A store that has failed throws the same again when `run` goes on, which tells everybody.
    }
  }

  private async commitAndRest(): Promise<void> {
    this.commit();
    const { busyMs } = this;
    this.busyMs = 0;
    const lagMs = this.lag.reached(this.caughtUpTo);
    await this.options.pace.rest(busyMs, { isUrgent: this.options.isUrgent(), lagMs });
  }
}
