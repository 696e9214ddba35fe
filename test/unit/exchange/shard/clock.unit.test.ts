import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Scheduler } from '../../../../src/exchange/shard/scheduler.js';
import { nodeScheduler } from '../../../../src/exchange/shard/scheduler.js';
import { MemoryLog } from '../../../support/log/memory-log.js';
import { post } from '../../../support/reference/steps-of.js';
import { acme, eventsIn, Listener, OPENING_MS, ExchangeHarness } from '../../../support/reference/exchange-harness.js';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600 * SECOND_MS;
const DAY_MS = 24 * HOUR_MS;

interface Task {
  readonly delayMs: number;
  readonly run: () => void;
}

/** The tasks that are to run later; they run when a test says so. */
let tasks: Task[];
const scheduler: Scheduler = {
  soon: (task) => {
    nodeScheduler.soon(task);
  },
  after: (delayMs, run) => {
    const task = { delayMs, run };
    tasks.push(task);
    return () => {
      tasks = tasks.filter((each) => each !== task);
    };
  },
};

/** What was asked for last, whenever it was to be. */
function wake(): void {
  tasks.splice(0).forEach(({ run }) => {
    run();
  });
}

const until = (ms: number) => ({ timeInForce: 'gtd', expiresAtMs: OPENING_MS + ms }) as const;

describe('a shard’s deadline timer', () => {
  let harness: ExchangeHarness;
  beforeEach(async () => {
    tasks = [];
    harness = await ExchangeHarness.open(new MemoryLog(), { scheduler });
    await harness.play({ kind: 'list', listing: acme }, 'durable');
  });
  afterEach(async () => {
    await harness.close();
  });

  const expired = async (): Promise<number> => {
    await harness.exchange.log.flushed();
    return (await eventsIn(harness.log)).filter(({ event }) => event.type === 'IntentionExpired').length;
  };

  it('A shard’s deadline timer wakes nobody while nothing is to fall due', async () => {
    await harness.play(post('alice', 'sell', 100, 5), 'durable');
    expect(tasks).toEqual([]);
  });

  it('A shard’s deadline timer looks at the clock each second, and expires by the next look what a clock that leaps has passed', async () => {
    await harness.play(post('alice', 'sell', 100, 5, until(DAY_MS)), 'durable');
    for (let seconds = 0; seconds < 3; seconds++) {
      expect(tasks).toMatchObject([{ delayMs: SECOND_MS }]);
      harness.advance(SECOND_MS);
      wake();
      expect(await expired()).toBe(0);
    }
    harness.advance(2 * DAY_MS);
    wake();
    expect(await expired()).toBe(1);
    expect(harness.market.negotiators.size).toBe(0);
    expect(tasks).toEqual([]);
  });

  it('A shard’s deadline timer expires nothing before its time, though the scheduler wakes it early and the clock stands still', async () => {
    await harness.play(post('alice', 'sell', 100, 5, until(10)), 'durable');
    for (let looks = 0; looks < 5; looks++) wake();
    expect(await expired()).toBe(0);
    expect(tasks).toMatchObject([{ delayMs: 10 }]);
    harness.advance(10);
    wake();
    expect(await expired()).toBe(1);
  });
});

describe('a shard whose log’s time is ahead of the clock', () => {
  let log: MemoryLog;
  beforeEach(async () => {
    log = new MemoryLog();
    const harness = await ExchangeHarness.open(log);
    await harness.play({ kind: 'list', listing: acme }, 'durable');
    await harness.close();
  });

  it('A shard whose log’s time is ahead of the clock is not opened when that is more than it may be, and its log is as it was', async () => {
    const before = await eventsIn(log);
    await expect(ExchangeHarness.open(log, { nowMs: OPENING_MS - HOUR_MS - 1 })).rejects.toMatchObject({
      code: 'CLOCK_BEHIND_LOG',
    });
    await expect(ExchangeHarness.open(log, { nowMs: OPENING_MS - 6, maxClockAheadMs: 5 })).rejects.toThrow(
      '--max-clock-ahead',
    );
    expect(await eventsIn(log)).toEqual(before);
  });

  it('A shard whose log’s time is ahead of the clock goes on in the log’s time when that is allowed, says how far that is, and says less as the clock comes nearer', async () => {
    const harness = await ExchangeHarness.open(log, { nowMs: OPENING_MS - DAY_MS, maxClockAheadMs: DAY_MS });
    expect(harness.listener.said).toContainEqual(
      expect.objectContaining({ level: 'warn', fields: expect.objectContaining({ aheadOfClockMs: DAY_MS }) }),
    );
    expect(harness.exchange.status().aheadOfClockMs).toBe(DAY_MS);
    expect(harness.shard.clock.nowMs()).toBe(OPENING_MS);
    harness.advance(HOUR_MS);
    expect(harness.exchange.status().aheadOfClockMs).toBe(DAY_MS - HOUR_MS);
    harness.advance(DAY_MS);
    expect(harness.exchange.status().aheadOfClockMs).toBe(0);
    await harness.close();
  });

  it('A shard whose log’s time is ahead of the clock by no more than clocks differ is opened without a warning', async () => {
    const listener = new Listener();
    const harness = await ExchangeHarness.open(log, { nowMs: OPENING_MS - SECOND_MS, logger: listener });
    expect(listener.said.filter(({ level }) => level !== 'info')).toEqual([]);
    expect(listener.said).toContainEqual(
      expect.objectContaining({ message: 'replayed', fields: expect.objectContaining({ aheadOfClockMs: SECOND_MS }) }),
    );
    await harness.close();
  });
});
