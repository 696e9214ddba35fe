import { setImmediate as nextRound } from 'node:timers/promises';
import type { Scheduler } from '../../../src/exchange/shard/scheduler.js';

interface Timer {
  readonly task: () => void;
  /** 0 for one that runs once. */
  readonly periodMs: number;
  atMs: number;
}

/** What has not come by then never comes. */
const MOST_MS = 120_000;
const EPOCH_MS = Date.UTC(2030, 0, 1);

/**
 * Time that stands still but where a test lets it pass, and then goes from timer to timer, with all that one sets off done before the
 * next: however long a machine takes for it, it takes no time. What is under way besides, over HTTP say, is not waited for; nothing of
 * that may be what time is let pass for.
 */
export class VirtualTime {
  nowMs = 0;
  private readonly timers = new Set<Timer>();
  /** Tasks of the scheduler that are to run in this round of the event loop or the next. */
  private soon = 0;

  readonly now = (): number => this.nowMs;

  readonly clock = (): number => EPOCH_MS + this.nowMs;

  readonly every = (periodMs: number, task: () => void): (() => void) => this.add(periodMs, periodMs, task);

  readonly scheduler: Scheduler = {
    soon: (task) => {
      this.soon++;
      setImmediate(() => {
        this.soon--;
        task();
      });
    },
    after: (delayMs, task) => this.add(delayMs, 0, task),
  };

  /** Resolves once all is done that can be done without time. */
  async standStill(): Promise<void> {
    do await nextRound();
    while (this.soon > 0);
  }

  async pass(forMs: number): Promise<void> {
    const endMs = this.nowMs + forMs;
    await this.standStill();
    for (let next = this.next(endMs); next !== undefined; next = this.next(endMs)) {
      this.run(next);
      await this.standStill();
    }
    this.nowMs = endMs;
  }

  /** Lets time pass until `check` no longer throws. Rejects with what it threw last, should it always. */
  async passUntil(check: () => void): Promise<void> {
    const endMs = this.nowMs + MOST_MS;
    for (;;) {
      await this.standStill();
      const next = this.next(endMs);
      try {
        check();
        return;
      } catch (error) {
        if (next === undefined) throw error;
      }
      this.run(next);
    }
  }

  /** Lets time pass for as long as something takes. */
  async during(something: Promise<void>): Promise<void> {
    let isUnderWay = true;
    const ended = something.finally(() => (isUnderWay = false));
    const passed = this.passUntil(() => {
      if (isUnderWay) throw new Error('it does not end');
    });
    await Promise.all([ended, passed]);
  }

  /** Runs what is due next, and waits for nothing. False where nothing is to come. */
  passToNext(): boolean {
    const next = this.next(Infinity);
    if (next !== undefined) this.run(next);
    return next !== undefined;
  }

  private add(delayMs: number, periodMs: number, task: () => void): () => void {
    const timer = { task, periodMs, atMs: this.nowMs + delayMs };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  /** The first that is due by then; of several for one moment, the one that was set first. */
  private next(endMs: number): Timer | undefined {
    const due = [...this.timers].filter(({ atMs }) => atMs <= endMs);
    return due.sort((a, b) => a.atMs - b.atMs)[0];
  }

  private run(timer: Timer): void {
    this.nowMs = Math.max(this.nowMs, timer.atMs);
    this.timers.delete(timer);
    if (timer.periodMs > 0) {
      timer.atMs += timer.periodMs;
      this.timers.add(timer);
    }
    timer.task();
  }
}
