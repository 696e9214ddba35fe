import { describe, expect, it } from 'vitest';
import { atMost } from '../../../src/cluster/at-most.js';
import type { Scheduler } from '../../../src/exchange/shard/scheduler.js';

/** A stand-in for time: its one timer fires when a test says so. */
class OneTimer implements Scheduler {
  delayMs = 0;
  isCancelled = false;
  fire: () => void = () => undefined;

  soon(task: () => void): void {
    task();
  }

  after(delayMs: number, task: () => void): () => void {
    this.delayMs = delayMs;
    this.fire = task;
    return () => {
      this.isCancelled = true;
    };
  }
}

describe('work that is waited for with a limit', () => {
  it('Work that is waited for with a limit is waited for until it has ended, and leaves no timer behind', async () => {
    const timer = new OneTimer();
    await atMost(timer, 5_000, Promise.resolve());
    expect(timer.isCancelled).toBe(true);
  });

  it('Work that is waited for with a limit is waited for no longer than the limit', async () => {
    const timer = new OneTimer();
    let isOver = false;
    const waiting = atMost(timer, 5_000, new Promise(() => undefined)).then(() => (isOver = true));
    await Promise.resolve();
    expect([timer.delayMs, isOver]).toEqual([5_000, false]);
    timer.fire();
    await waiting;
    expect(isOver).toBe(true);
  });
});
