import { describe, expect, it } from 'vitest';
import { type Timers, withDeadline } from '../../../src/resilience/deadline.js';

/** A stand-in for time: its one timer fires when a test says so. */
class OneTimer implements Timers {
  delayMs = 0;
  isCancelled = false;
  fire: () => void = () => undefined;

  after(delayMs: number, task: () => void): () => void {
    this.delayMs = delayMs;
    this.fire = task;
    return () => {
      this.isCancelled = true;
    };
  }
}

const never = new Promise<string>(() => undefined);

describe('what is asked with a deadline', () => {
  it('What is asked with a deadline is answered when the answer comes in time, and leaves no timer behind', async () => {
    const timer = new OneTimer();
    expect(await withDeadline(Promise.resolve('it'), 5_000, () => 'late', timer)).toBe('it');
    expect(timer.isCancelled).toBe(true);
  });

  it('What is asked with a deadline fails as the question fails, and leaves no timer behind', async () => {
    const timer = new OneTimer();
    const failing = withDeadline(Promise.reject(new Error('no')), 5_000, () => 'late', timer);
    await expect(failing).rejects.toThrow('no');
    expect(timer.isCancelled).toBe(true);
  });

  it('What is asked with a deadline is waited for no longer than the deadline, and then comes to what is said for that', async () => {
    const timer = new OneTimer();
    let isOver = false;
    const waiting = withDeadline(never, 5_000, () => 'late', timer).finally(() => (isOver = true));
    await Promise.resolve();
    expect([timer.delayMs, isOver]).toEqual([5_000, false]);
    timer.fire();
    expect(await waiting).toBe('late');
  });

  it('What is asked with a deadline fails with what is thrown for being late', async () => {
    const timer = new OneTimer();
    const late = (): never => {
      throw new Error('late');
    };
    const waiting = withDeadline(never, 5_000, late, timer);
    timer.fire();
    await expect(waiting).rejects.toThrow('late');
  });
});
