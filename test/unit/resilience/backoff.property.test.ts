import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Backoff } from '../../../src/resilience/backoff.js';
import { runs } from '../../support/property/runs.js';

const options = fc.record({
  firstMs: fc.integer({ min: 1, max: 1_000 }),
  lastMs: fc.integer({ min: 1, max: 60_000 }),
  jitter: fc.double({ min: 0, max: 1, noNaN: true }),
});
const chances = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
  minLength: 1,
  maxLength: 80,
});

/** Hands out what was given, in order. */
function drawing(given: readonly number[]): () => number {
  const left = [...given];
  return () => left.shift() ?? 0;
}

describe('a backoff', () => {
  it('A backoff waits up to twice as long after each failure, up to the longest wait, and leaves no more to chance than it may', () => {
    fc.assert(
      fc.property(options, chances, ({ firstMs, lastMs, jitter }, drawn) => {
        const backoff = new Backoff({ firstMs, lastMs, jitter, random: drawing(drawn) });
        let mostMs = Math.min(firstMs, lastMs);
        drawn.forEach((_, index) => {
          const waitMs = backoff.failed();
          expect(waitMs).toBeGreaterThanOrEqual(mostMs * (1 - jitter) * (1 - Number.EPSILON));
          expect(waitMs).toBeLessThanOrEqual(mostMs * (1 + Number.EPSILON));
          expect(backoff.failures).toBe(index + 1);
          mostMs = Math.min(2 * mostMs, lastMs);
        });
      }),
      runs(200),
    );
  });

  it('A backoff begins again with the first wait after a success', () => {
    fc.assert(
      fc.property(options, fc.nat(100), ({ firstMs, lastMs, jitter }, failures) => {
        const random = (): number => 0.25;
        const backoff = new Backoff({ firstMs, lastMs, jitter, random });
        const first = backoff.failed();
        for (let failure = 0; failure < failures; failure++) backoff.failed();
        backoff.reset();
        expect(backoff.failures).toBe(0);
        expect(backoff.failed()).toBe(first);
      }),
      runs(100),
    );
  });

  it('A backoff leaves half of each wait to chance unless said otherwise, and nothing where nothing may be', () => {
    const waits = { firstMs: 100, lastMs: 1_000 };
    expect(new Backoff({ ...waits, random: () => 0 }).failed()).toBe(50);
    expect(new Backoff({ ...waits, random: () => 0.5 }).failed()).toBe(75);
    expect(new Backoff({ ...waits, jitter: 0, random: () => 0 }).failed()).toBe(100);
  });

  it('A backoff does not wait where the first wait is none, however often it fails', () => {
    const backoff = new Backoff({ firstMs: 0, lastMs: 1_000 });
    const waits = Array.from({ length: 2_000 }, () => backoff.failed());
    expect(waits.every((waitMs) => waitMs === 0)).toBe(true);
  });

  it('A backoff lets who waits go on when the wait is over, or was aborted', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const backoff = new Backoff({ firstMs: 100, lastMs: 1_000, jitter: 0 });
    let isOver = false;
    const waiting = backoff.wait().then(() => (isOver = true));
    await vi.advanceTimersByTimeAsync(99);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await waiting;
    const stop = new AbortController();
    const aborted = backoff.wait(stop.signal);
    stop.abort();
    await aborted;
    expect([backoff.failures, vi.getTimerCount()]).toEqual([2, 0]);
  });

  it('A backoff refuses waits below 0, and a jitter that is no share', () => {
    for (const wrong of [{ firstMs: -1 }, { lastMs: Number.NaN }, { jitter: 1.1 }, { jitter: -0.1 }]) {
      expect(() => new Backoff({ firstMs: 1, lastMs: 1, ...wrong })).toThrow(RangeError);
    }
  });
});
