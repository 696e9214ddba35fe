import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Rate, RateLimits } from '../../../../src/server/limits/rate-limits.js';
import { runs } from '../../../support/property/runs.js';

const rate = fc.record({
  perSecond: fc.integer({ min: 1, max: 1_000 }),
  burst: fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
});
/** Waits so long, and then asks so often. */
const steps = fc.array(fc.record({ waitMs: fc.integer({ min: 0, max: 3_000 }), requests: fc.nat(60) }), {
  maxLength: 30,
});

const burstOf = ({ perSecond, burst = perSecond }: Rate): number => burst;

class Clock {
  nowMs = 1_000;
  readonly limits: RateLimits;
  constructor(usual: Rate | undefined) {
    this.limits = new RateLimits(usual, () => this.nowMs);
  }
}

describe('a rate', () => {
  it('A rate lets in, between any two moments, no more than its burst and what it brings in between', () => {
    fc.assert(
      fc.property(rate, steps, (given, plan) => {
        const clock = new Clock(given);
        const admitted: number[] = [];
        for (const { waitMs, requests } of plan) {
          clock.nowMs += waitMs;
          admitted.push(...admissions(clock, key, requests));
        }
        let mostBeyond = 0;
        for (const [from, fromMs] of admitted.entries()) {
          for (const [to, toMs] of admitted.entries()) {
            if (to < from) continue;
            const allowed = burstOf(given) + ((toMs - fromMs) * given.perSecond) / 1_000;
            mostBeyond = Math.max(mostBeyond, to - from + 1 - allowed);
          }
        }
        expect(mostBeyond).toBeLessThan(0.001);
      }),
      runs(100),
    );
  });

  it('A rate lets in who has waited for as long as it said, and nobody a moment earlier', () => {
    fc.assert(
      fc.property(rate, fc.nat(2_000), (given, spent) => {
        const clock = new Clock(given);
        const bucket = clock.limits.of(key);
        bucket?.spend(burstOf(given) + spent);
        const waitMs = bucket?.admit() ?? 0;
        expect(waitMs).toBeGreaterThan(0);
        clock.nowMs += waitMs * 0.999;
        expect(bucket?.admit()).toBeGreaterThan(0);
        clock.nowMs += waitMs * 0.001;
        expect(bucket?.admit()).toBe(0);
      }),
      runs(200),
    );
  });

  it('A rate is had whole after a rest, however much was spent ahead', () => {
    fc.assert(
      fc.property(rate, fc.nat(2_000), (given, spent) => {
        const clock = new Clock(given);
        clock.limits.of(key)?.spend(spent);
        clock.nowMs += ((spent + 1) * 1_000) / given.perSecond;
        expect(admissions(clock, key, 2 * burstOf(given))).toHaveLength(burstOf(given));
      }),
      runs(200),
    );
  });

  it('A rate says how much is left, and after how many seconds all of it is', () => {
    fc.assert(
      fc.property(rate, fc.nat(60), (given, requests) => {
        const clock = new Clock(given);
        const taken = admissions(clock, key, requests).length;
        const bucket = clock.limits.of(key);
        const [, left, fullInS] = /^"requests";r=(\d+);t=(\d+)$/.exec(bucket?.limit ?? '') ?? [];
        expect(Number(left)).toBe(burstOf(given) - taken);
        expect(Number(fullInS)).toBe(Math.max(0, Math.ceil(taken / given.perSecond - 1e-6)));
        expect(bucket?.policy).toBe(`"requests";q=${burstOf(given)};w=${Math.ceil(burstOf(given) / given.perSecond)}`);
      }),
      runs(200),
    );
  });

  it('A rate lets a stream post lines while more than half of it is left, so that single requests find room', () => {
    fc.assert(
      fc.property(rate, (given) => {
        const clock = new Clock(given);
        const bucket = clock.limits.of(key);
        for (let turn = 0; turn < 5; turn++) {
          clock.nowMs += bucket?.streamWaitMs ?? 0;
          const lines = bucket?.streamLines(256) ?? 0;
          expect(lines).toBeGreaterThan(0);
          expect(lines).toBeLessThanOrEqual(256);
          bucket?.spend(lines);
          if (lines < 256) {
            expect(bucket?.streamLines(256)).toBe(0);
            expect(bucket?.streamWaitMs).toBeGreaterThan(0);
          }
          if (burstOf(given) > 1) expect(bucket?.limit).not.toContain(';r=0;');
        }
      }),
      runs(200),
    );
  });
});

describe('rates', () => {
  it('Rates are of each key: what one has used up is no loss to another', () => {
    const clock = new Clock({ perSecond: 2 });
    const [one, other] = [{}, {}];
    expect(admissions(clock, one, 10)).toHaveLength(2);
    expect(admissions(clock, other, 10)).toHaveLength(2);
  });

  it('Rates that a key has of its own count instead of the usual one, from the moment at which it is given another', () => {
    const clock = new Clock({ perSecond: 2 });
    const rated: { rate?: Rate } = { rate: { perSecond: 5, burst: 7 } };
    expect(admissions(clock, rated, 10)).toHaveLength(7);
    rated.rate = { perSecond: 10 };
    clock.nowMs += 100;
    expect(admissions(clock, rated, 10).length).toBeLessThan(5);
    expect(clock.limits.of(rated)?.policy).toBe('"requests";q=10;w=1');
  });

  it('Rates bound nobody where there are none', () => {
    const clock = new Clock(undefined);
    expect(clock.limits.of({})).toBeUndefined();
    expect(admissions(clock, { rate: { perSecond: 1 } }, 3)).toHaveLength(1);
  });
});

const key = {};

/** Asks so often at once; the times of those that were let in. */
function admissions({ limits, nowMs }: Clock, of: { readonly rate?: Rate }, requests: number): number[] {
  const bucket = limits.of(of);
  return Array.from({ length: requests }, () => bucket?.admit() ?? 0)
    .filter((waitMs) => waitMs === 0)
    .map(() => nowMs);
}
