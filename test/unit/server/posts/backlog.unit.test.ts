import { beforeEach, describe, expect, it } from 'vitest';
import { Backlog } from '../../../../src/server/posts/backlog.js';

let nowMs: number;
let durable: number;
let caughtUpTo: number;
let troubles: Map<number, string>;
let progress: () => void;
let backlog: Backlog;
/** Ends the read that is under way. */
let answer: () => void;
beforeEach(() => {
  [nowMs, durable, caughtUpTo] = [0, 0, 0];
  troubles = new Map();
  backlog = new Backlog({
    shards: () => [{ shard: 0, durable }],
    stores: {
      shards: [0],
      caughtUpTo: () => caughtUpTo,
      onProgress: (listener) => (progress = listener),
      get troubles() {
        return troubles;
      },
    },
    maxLagEvents: 1_000,
    now: () => nowMs,
  });
});

const read = (): Promise<void> => backlog.whileRead(() => new Promise((resolve) => (answer = resolve)));
/** Whether bulk is held when it next asks, after so long. */
const isHeldAfter = (ms: number): boolean => {
  nowMs += ms;
  return backlog.isBulkHeld();
};

describe('bulk', () => {
  it('Bulk goes on where nobody reads, however far the projections are behind', () => {
    durable = 1_000_000;
    expect(isHeldAfter(10)).toBe(false);
    expect(backlog.lagEvents).toBe(1_000_000);
  });

  it('Bulk makes way while a read is under way and a fifth of the bound is lacking, until it is not', async () => {
    durable = 200;
    const reading = read();
    expect(isHeldAfter(10)).toBe(false);
    durable = 201;
    expect(isHeldAfter(10)).toBe(true);
    const released = backlog.released();
    caughtUpTo = 1;
    progress();
    await released;
    expect(isHeldAfter(0)).toBe(false);
    answer();
    await reading;
  });

  it('Bulk makes way for some time after a read while more than the bound is lacking', async () => {
    const reading = read();
    answer();
    await reading;
    durable = 1_000;
    expect(isHeldAfter(1_000)).toBe(false);
    durable = 1_001;
    expect(isHeldAfter(10)).toBe(true);
    expect(isHeldAfter(10_000)).toBe(false);
  });

  it('Bulk is slowed, and not stopped, where the projections do not come after', async () => {
    durable = 1_000_000;
    const reading = read();
    expect(isHeldAfter(10)).toBe(true);
    expect(isHeldAfter(1_900)).toBe(true);
    expect(isHeldAfter(100)).toBe(false);
    expect(isHeldAfter(90)).toBe(false);
    expect(isHeldAfter(10)).toBe(true);
    nowMs += 2_000;
    await backlog.released(); // looks by itself
    answer();
    await reading;
  });

  it('Bulk does not wait for projections that are in trouble', async () => {
    durable = 1_000_000;
    troubles.set(0, 'the disk is full');
    const reading = read();
    expect(isHeldAfter(10)).toBe(false);
    answer();
    await reading;
  });
});
