import type { Scheduler } from '../../exchange/shard/scheduler.js';
import { nodeScheduler } from '../../exchange/shard/scheduler.js';

interface Timer {
  readonly dueMs: number;
  readonly task: () => void;
}

/**
 * A clock that stands still until it is told otherwise. It is the time of every exchange that was opened with it: of their events, of what
 * expires, of what falls due.
 *
 * 1. `advance` goes from one timer to the next, and each is over, durable and to be read before the next runs: so whatever falls due has
 *    the time at which it does.
 */
export class ManualClock {
  /** What exchanges are opened with. */
  readonly time = {
    clock: (): number => this.ms,
    // Nobody sets it but `advance`, which runs what is due.
    lookEachMs: Number.POSITIVE_INFINITY,
    scheduler: {
      soon: (task) => nodeScheduler.soon(task),
      after: (delayMs, task) => this.add(delayMs, task),
    } satisfies Scheduler,
    maxClockAheadMs: Number.POSITIVE_INFINITY,
  };
  private ms: number;
  private readonly timers = new Set<Timer>();
  private readonly settles = new Set<() => Promise<void>>();
  private advancing: Promise<void> = Promise.resolve();

  /** Begins at an instant (RFC 3339, or milliseconds since 1970); at the machine's time unless said otherwise. */
  constructor(startsAt: string | number | Date = Date.now()) {
    this.ms = new Date(startsAt).getTime();
    if (Number.isNaN(this.ms)) throw new RangeError(`${String(startsAt)} is no instant`);
  }

  /** What it says. */
  get now(): Date {
    return new Date(this.ms);
  }

  /** Lets so many milliseconds pass. Resolves once all that fell due is done and durable, and every read shows it. */
  advance(byMs: number): Promise<void> {
    if (!(byMs >= 0)) throw new RangeError('time passes by 0 ms or more');
    const before = this.advancing.catch(() => undefined); // whoever let that time pass was told
    this.advancing = before.then(() => this.pass(this.ms + byMs));
    return this.advancing;
  }

  /** From now on `settle` is waited for whenever time has passed; until the function that it returns is called. */
  watch(settle: () => Promise<void>): () => void {
    this.settles.add(settle);
    return () => this.settles.delete(settle);
  }

  private async pass(untilMs: number): Promise<void> {
    await this.settle();
    for (let timer = this.next(untilMs); timer !== undefined; timer = this.next(untilMs)) {
      this.timers.delete(timer);
      this.ms = Math.max(this.ms, timer.dueMs);
      timer.task();
      await this.settle();
    }
    this.ms = untilMs;
  }

  private async settle(): Promise<void> {
    for (const settle of this.settles) await settle();
  }

  /** The first that is due by then; of several for one moment, the one that was set first. */
  private next(untilMs: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.timers) {
      if (timer.dueMs <= untilMs && (first === undefined || timer.dueMs < first.dueMs)) first = timer;
    }
    return first;
  }

  private add(delayMs: number, task: () => void): () => void {
    const timer = { dueMs: this.ms + delayMs, task };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }
}
