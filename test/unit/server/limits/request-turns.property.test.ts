import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestTurns, type Worker } from '../../../../src/server/limits/request-turns.js';
import { runs } from '../../../support/property/runs.js';

/** A thread on which time passes by work alone. */
class Thread {
  nowMs = 0;
  /** How long it was kept each time, before everything else had its turn. */
  readonly slices: number[] = [];
  private readonly later: (() => void)[] = [];
  readonly turns = new RequestTurns({
    mostWaiting: 100_000,
    nowMs: () => this.nowMs,
    afterOthers: (work) => void this.later.push(work),
  });

  /** Runs until nothing is left, or until it has been so late. */
  run(untilMs = Infinity): void {
    while (this.nowMs < untilMs) {
      const next = this.later.shift();
      if (next === undefined) return;
      const fromMs = this.nowMs;
      next();
      this.slices.push(this.nowMs - fromMs);
    }
  }
}

const LONGEST_MS = 1;
const duration = fc.double({ min: 0.01, max: LONGEST_MS, noNaN: true });

describe('turns', () => {
  it('Turns do the work of each in its order, all of it, and let others have their turn every few milliseconds', () => {
    const piece = fc.record({ who: fc.constantFrom('a', 'b', 'c'), tookMs: duration });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 200 }), (pieces) => {
        const thread = new Thread();
        const done: number[] = [];
        pieces.forEach(({ who, tookMs }, index) => {
          thread.turns.take({ id: who, weight: 1 }, 0, () => {
            thread.nowMs += tookMs;
            done.push(index);
          });
        });
        thread.run();
        for (const who of ['a', 'b', 'c']) {
          const own = pieces.flatMap((each, index) => (each.who === who ? [index] : []));
          expect(done.filter((index) => pieces[index]?.who === who)).toEqual(own);
        }
        expect(done).toHaveLength(pieces.length);
        expect(Math.max(0, ...thread.slices)).toBeLessThan(2 + LONGEST_MS);
        expect(thread.turns.waiting).toBe(0);
      }),
      runs(300),
    );
  });

  it('Turns give each who always has something waiting its weight’s share of the time, however long its pieces are', () => {
    const worker = fc.record({ weight: fc.integer({ min: 1, max: 5 }), tookMs: duration });
    fc.assert(
      fc.property(fc.array(worker, { minLength: 2, maxLength: 6 }), (workers) => {
        const thread = new Thread();
        const spentMs = workers.map(() => 0);
        workers.forEach(({ weight, tookMs }, index) => {
          const who: Worker = { id: String(index), weight };
          const again = (): void => {
            thread.nowMs += tookMs;
            spentMs[index] = (spentMs[index] ?? 0) + tookMs;
            thread.turns.take(who, 0, again);
          };
          // How much one has waiting gains it nothing.
          for (let more = 0; more <= index * 50; more++) thread.turns.take(who, 0, again);
        });
        thread.run(2_000);
        const weights = workers.reduce((sum, { weight }) => sum + weight, 0);
        workers.forEach(({ weight }, index) => {
          const share = (spentMs[index] ?? 0) / thread.nowMs;
          expect(Math.abs(share - weight / weights)).toBeLessThan(0.02);
        });
      }),
      runs(100),
    );
  });

  it('Turns do one’s work soon, however much another has waiting', () => {
    const thread = new Thread();
    const greedy = { id: 'greedy', weight: 1 };
    for (let piece = 0; piece < 10_000; piece++) thread.turns.take(greedy, 0, () => (thread.nowMs += 0.3));
    thread.run(100);
    const fromMs = thread.nowMs;
    let waitedMs = Infinity;
    thread.turns.take({ id: 'other', weight: 1 }, 0, () => (waitedMs = thread.nowMs - fromMs));
    thread.run(200);
    expect(waitedMs).toBeLessThan(2);
  });

  it('Turns count what a piece costs other threads, so that pieces that take no time here are not all done at once', () => {
    const thread = new Thread();
    let done = 0;
    for (let piece = 0; piece < 1_000; piece++) thread.turns.take({ id: 'a', weight: 1 }, 0.1, () => done++);
    expect(done).toBeLessThan(30);
    thread.run();
    expect(done).toBe(1_000);
    expect(thread.slices.length).toBeGreaterThan(30);
  });

  it('Turns have no room for more of one who has too much waiting, and room for another', () => {
    const turns = new RequestTurns({ mostWaiting: 1_000, nowMs: () => 0, afterOthers: () => undefined });
    const greedy = { id: 'greedy', weight: 1 };
    let begun = 0;
    while (turns.hasRoom(greedy) && begun < 10_000) {
      turns.take(greedy, 1, () => undefined);
      begun++;
    }
    expect(begun).toBeLessThan(600);
    expect(turns.hasRoom({ id: 'other', weight: 1 })).toBe(true);
  });
});
