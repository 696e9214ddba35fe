import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { StoreFollower, type FollowerOptions, type FollowableLog } from '../../../../projections/store/follower.js';
import { Throttle } from '../../../../projections/store/throttle.js';
import { QueryStore } from '../../../../projections/store/database/query-store.js';
import type { EventBatch } from '../../../../src/events/fold.js';
import { History, withByte } from '../../../support/history/history.js';
import { removeFolder, temporaryFolder } from '../../../support/log/temporary-folder.js';
import { PATIENCE_MS } from '../../../support/patience.js';
import { growingLog } from '../folding.js';

vi.mock('node:timers/promises', () => import('../../../support/time/held-timers.js'));

const nextTurn = promisify(setImmediate);

let folder: string;
let store: QueryStore;
let stop: AbortController;
beforeEach(() => {
  folder = temporaryFolder();
  store = new QueryStore(path.join(folder, 'queries.db'));
  stop = new AbortController();
});
afterEach(() => {
  stop.abort();
  vi.useRealTimers();
  vi.restoreAllMocks();
  store.close();
  removeFolder(folder);
});

/** From now on time passes only when a test lets it. */
function holdTime(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
}

/** Lets time pass that is held, and what falls due in it come to its end. */
async function pass(forMs: number): Promise<void> {
  await nextTurn();
  await vi.advanceTimersByTimeAsync(forMs);
  await nextTurn();
}

/** So many deals, each in a batch of its own. */
function market(deals: number, price = 100): History {
  const history = new History();
  const [alice, bob, acme] = [history.admit('alice'), history.admit('bob'), history.list('ACME')];
  for (let count = 0; count < deals; count++) {
    const sell = history.post(alice, acme, 'sell', price, 5);
    history.deal(sell, history.post(bob, acme, 'buy', price, 5), price, 5);
    history.seal();
  }
  return history;
}

/** Follows until the position is reached, then stops. */
async function followTo(position: number, log: FollowableLog, options?: FollowerOptions): Promise<StoreFollower> {
  const follower = new StoreFollower(store, log, options);
  const run = new AbortController();
  const running = follower.run(run.signal);
  await expect(follower.waitFor(position, PATIENCE_MS)).resolves.toBe(true);
  run.abort();
  await running;
  return follower;
}

describe('following', () => {
  it('A follower brings the store up to the head, and on as the log grows', async () => {
    const history = market(20);
    const batches = history.batches();
    const { log, append } = await growingLog(batches.slice(0, 15));
    const follower = new StoreFollower(store, log, { chunkEvents: 30 });
    const running = follower.run(stop.signal);
    await expect(follower.waitFor(1, PATIENCE_MS)).resolves.toBe(true);
    await append(batches.slice(15));
    await expect(follower.waitFor(history.head, PATIENCE_MS)).resolves.toBe(true);
    expect(follower.caughtUpTo).toBe(history.head);
    expect(store.queries.deals()).toHaveLength(20);
    stop.abort();
    await running;
  });

  it('A follower lets other work of its thread run between chunks, and rests as its pace says', async () => {
    const history = market(200);
    const { log } = await growingLog(history.batches());
    let nowMs = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
    let turns = 0;
    let turning = setImmediate(function turn() {
      turns++;
      turning = setImmediate(turn);
    });
    onTestFinished(() => {
      clearImmediate(turning);
    });
    /** Takes so much time as it says, by the clock that stands still otherwise. */
    class SlowStore extends QueryStore {
      readonly chunks: { readonly turn: number; readonly busyMs: number }[] = [];
      private busyMs = 0;

      override add(batch: EventBatch): void {
        super.add(batch);
        this.work(1 / 64);
      }

      override commit(): void {
        super.commit();
        this.work(1 / 32);
        this.chunks.push({ turn: turns, busyMs: this.busyMs });
        this.busyMs = 0;
      }

      private work(forMs: number): void {
        nowMs += forMs;
        this.busyMs += forMs;
      }
    }
    const rests: number[] = [];
    class NotedPace extends Throttle {
      override rest(busyMs: number): Promise<void> {
        rests.push(busyMs);
        return super.rest(busyMs);
      }
    }
    store.close();
    const slow = new SlowStore(':memory:');
    store = slow;
    await followTo(history.head, log, { chunkEvents: 40, pace: new NotedPace(0.5) });
    const chunks = slow.chunks.slice(0, rests.length); // the last commit is that of the end
    expect(chunks.length).toBeGreaterThan(20);
    expect(rests).toEqual(chunks.map(({ busyMs }) => busyMs));
    expect(new Set(chunks.map(({ turn }) => turn)).size).toBe(chunks.length);
  });

  it('A follower writes a few events soon, without waiting for a full chunk', async () => {
    const { log } = await growingLog(market(1).batches());
    const follower = new StoreFollower(store, log, { chunkEvents: 1_000_000, delayMs: 20 });
    const running = follower.run(stop.signal);
    await expect.poll(() => follower.caughtUpTo).toBeGreaterThan(0);
    stop.abort();
    await running;
  });

  it('A follower writes at once what somebody waits for', async () => {
    const history = market(1);
    const { log } = await growingLog(history.batches());
    await followTo(history.head, log, { chunkEvents: 1_000_000, delayMs: 100 * PATIENCE_MS });
  });

  it('A follower goes on from its checkpoint after a restart', async () => {
    const history = market(12);
    const batches = history.batches();
    const { log, append } = await growingLog(batches.slice(0, 6));
    await followTo(1, log);
    await append(batches.slice(6));
    const asked: number[] = [];
    const noting: FollowableLog = {
      read: (from) => log.read(from),
      follow: (from, signal) => {
        asked.push(from);
        return log.follow(from, signal);
      },
    };
    const { position } = store.checkpoint;
    expect(position).toBeGreaterThan(0);
    const rebuilt: string[] = [];
    await followTo(history.head, noting, { onRebuild: (reason) => rebuilt.push(reason) });
    expect(asked).toEqual([position]);
    expect(rebuilt).toEqual([]);
    expect(store.queries.deals()).toHaveLength(12);
  });
});

describe('a store that knows what its log does not hold', () => {
  /** What the follower says of a log that is not the one which the store was made from. */
  async function troubleWith(other: History): Promise<string | undefined> {
    await followTo(market(3).head, (await growingLog(market(3).batches())).log);
    const before = store.checkpoint;
    const rebuilt: string[] = [];
    const { log } = await growingLog(other.batches());
    const follower = new StoreFollower(store, log, { onRebuild: (why) => rebuilt.push(why) });
    const running = follower.run(stop.signal);
    await expect.poll(() => follower.trouble, { timeout: PATIENCE_MS }).toBeDefined();
    expect(follower.caughtUpTo).toBe(0);
    expect(store.checkpoint).toEqual(before);
    expect(rebuilt).toEqual([]);
    stop.abort();
    await running;
    return follower.trouble;
  }

  it('A store that knows what its log does not hold keeps it and shows nothing when the log is another one', async () => {
    await expect(troubleWith(market(3, 70))).resolves.toContain('the log is another one');
  });

  it('A store that knows what its log does not hold keeps it and shows nothing when the log is shorter', async () => {
    await expect(troubleWith(market(1))).resolves.toContain('the log ends before the store does');
  });

  it('A store that knows what its log does not hold notices when only the latest batch was written again', async () => {
    const other = market(3);
    other.tamper(other.head - 3, { quantityLots: 4 });
    await expect(troubleWith(other)).resolves.toContain('the log is another one');
  });

  it('A store that knows what its log does not hold is built again once the loss has been accepted', async () => {
    const { head } = market(3);
    await followTo(head, (await growingLog(market(3).batches())).log);
    const other = market(1);
    other.acceptLoss(head, 'an anchor');
    other.seal();
    const rebuilt: string[] = [];
    await followTo(other.head, (await growingLog(other.batches())).log, { onRebuild: (why) => rebuilt.push(why) });
    expect(rebuilt).toEqual([`the loss of what the store held before position ${head} was accepted`]);
    expect(store.queries.deals()).toHaveLength(1);
    expect(store.checkpoint.position).toBe(other.head);
  });
});

describe('a damaged database', () => {
  /** A stand-in for a disk: the first `failures` commits find the file damaged. */
  class DamagedStore extends QueryStore {
    constructor(private failures: number) {
      super(':memory:');
    }

    override commit(): void {
      if (this.failures-- > 0) throw Object.assign(new Error('malformed'), { code: 'SQLITE_CORRUPT' });
      super.commit();
    }
  }

  it('A damaged database is built again, once', async () => {
    const history = market(3);
    const { log } = await growingLog(history.batches());
    store.close();
    store = new DamagedStore(1);
    const rebuilt: string[] = [];
    await followTo(history.head, log, { delayMs: 0, onRebuild: (why) => rebuilt.push(why) });
    expect(rebuilt).toEqual(['the database is damaged']);
    expect(store.queries.deals()).toHaveLength(3);
  });

  it('A damaged database ends the following when building it again does not help', async () => {
    const { log } = await growingLog(market(3).batches());
    store.close();
    store = new DamagedStore(2);
    const follower = new StoreFollower(store, log, { delayMs: 0 });
    await expect(follower.run(stop.signal)).rejects.toMatchObject({ code: 'SQLITE_CORRUPT' });
  });
});

/** A stand-in for a broker: in front of a real log, and away while a test wants it to be. */
class AwayLog implements FollowableLog {
  isAway = false;
  asked = 0;
  private cut = new AbortController();

  constructor(private readonly log: FollowableLog) {}

  goAway(): void {
    this.isAway = true;
    this.cut.abort();
    this.cut = new AbortController();
  }

  async *read(from: number): AsyncGenerator<EventBatch, void, void> {
    this.ask();
    yield* this.log.read(from);
  }

  async *follow(from: number, signal: AbortSignal): AsyncGenerator<EventBatch, void, void> {
    this.ask();
    yield* this.log.follow(from, AbortSignal.any([signal, this.cut.signal]));
    if (!signal.aborted) throw new Error('the connection broke');
  }

  private ask(): void {
    this.asked++;
    if (this.isAway) throw new Error('the broker is away');
  }
}

describe('a log that is away for a while', () => {
  beforeEach(holdTime);

  const LONGEST_RETRY_MS = 5_000;

  it('A log that is away for a while is asked again until it is back, later each time, and reported once', async () => {
    const history = market(4);
    const batches = history.batches();
    const { log, append } = await growingLog(batches.slice(0, 2));
    const away = new AwayLog(log);
    const told: (string | undefined)[] = [];
    const follower = new StoreFollower(store, away, { retryMs: 10, onTrouble: (trouble) => told.push(trouble) });
    const running = follower.run(stop.signal);
    const reached = await log.head();
    await expect(follower.waitFor(reached, PATIENCE_MS)).resolves.toBe(true);
    away.goAway();
    const { asked } = away;
    await pass(LONGEST_RETRY_MS);
    expect(away.asked).toBeGreaterThan(asked + 3);
    expect(follower.trouble).toBe('the connection broke');
    expect(follower.caughtUpTo).toBe(reached);
    expect(store.queries.summary().position).toBe(reached);
    await append(batches.slice(2));
    const inVain = follower.waitFor(history.head, LONGEST_RETRY_MS);
    await pass(LONGEST_RETRY_MS);
    await expect(inVain).resolves.toBe(false);
    away.isAway = false;
    const waiting = follower.waitFor(history.head, PATIENCE_MS);
    await pass(LONGEST_RETRY_MS);
    await expect(waiting).resolves.toBe(true);
    expect(store.queries.deals()).toHaveLength(4);
    expect(told).toEqual(['the connection broke', undefined]);
    stop.abort();
    await running;
  });

  it('A log that is away for a while is asked again, not at once, when it comes to an end by itself', async () => {
    const history = market(1);
    const { log } = await growingLog(history.batches());
    let asked = 0;
    const ending: FollowableLog = {
      read: (from) => log.read(from),
      follow: (from) => {
        asked++;
        return log.read(from);
      },
    };
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const follower = new StoreFollower(store, ending, { retryMs: 40 });
    const running = follower.run(stop.signal);
    await expect(follower.waitFor(history.head, PATIENCE_MS)).resolves.toBe(true);
    await pass(19);
    expect(asked).toBe(1);
    expect(follower.trouble).toBe('the log came to an end');
    await pass(1);
    expect(asked).toBe(2);
    stop.abort();
    await running;
  });

  it.each([
    { chance: 0, share: 0.5 },
    { chance: 1, share: 1 },
  ])(
    'A log that is away for a while is asked less and less often, after $share of the longest time at least',
    async ({ chance, share }) => {
      vi.spyOn(Math, 'random').mockReturnValue(chance);
      const away = new AwayLog((await growingLog([])).log);
      away.goAway();
      const follower = new StoreFollower(store, away, { retryMs: 40 });
      const running = follower.run(stop.signal);
      await pass(0);
      for (const mostMs of [40, 80, 160, 320, 640, 1_280, 2_560, LONGEST_RETRY_MS, LONGEST_RETRY_MS]) {
        const { asked } = away;
        await pass(share * mostMs - 1);
        expect({ mostMs, asked: away.asked }).toEqual({ mostMs, asked });
        await pass(1);
        expect({ mostMs, asked: away.asked }).toEqual({ mostMs, asked: asked + 1 });
      }
      stop.abort();
      await running;
    },
  );

  it('A log that is away for a while is no reason to trust a store of another log, whatever it holds once it is back', async () => {
    await followTo(market(3).head, (await growingLog(market(3).batches())).log);
    const other = market(3, 70);
    const away = new AwayLog((await growingLog(other.batches())).log);
    away.goAway();
    const rebuilt: string[] = [];
    const follower = new StoreFollower(store, away, { retryMs: 10, onRebuild: (why) => rebuilt.push(why) });
    const running = follower.run(stop.signal);
    const inVain = follower.waitFor(0, LONGEST_RETRY_MS);
    await pass(LONGEST_RETRY_MS);
    await expect(inVain).resolves.toBe(false);
    expect(away.asked).toBeGreaterThan(3);
    expect(follower.caughtUpTo).toBe(0);
    away.isAway = false;
    const waiting = follower.waitFor(0, LONGEST_RETRY_MS);
    await pass(LONGEST_RETRY_MS);
    await expect(waiting).resolves.toBe(false);
    expect(follower.trouble).toContain('the log is another one');
    expect(follower.caughtUpTo).toBe(0);
    expect(rebuilt).toEqual([]);
    stop.abort();
    await running;
  });

  it('A log that is away for a while counts as read again though nothing comes from it', async () => {
    const away = new AwayLog((await growingLog([])).log);
    away.goAway();
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const follower = new StoreFollower(store, away, { retryMs: 10 });
    const running = follower.run(stop.signal);
    await pass(0);
    expect(follower.trouble).toBe('the broker is away');
    away.isAway = false;
    await pass(10 + 999);
    expect(away.asked).toBe(2);
    expect(follower.trouble).toBe('the broker is away');
    await pass(1);
    expect(follower.trouble).toBeUndefined();
    stop.abort();
    await running;
  });
});

describe('waiting', () => {
  it('Waiting for a position ends after its time when it is not reached', async () => {
    const history = market(1);
    const { log } = await growingLog(history.batches());
    holdTime();
    const follower = new StoreFollower(store, log);
    const running = follower.run(stop.signal);
    let answer: boolean | undefined;
    void follower.waitFor(history.head + 1, 30).then((reached) => (answer = reached));
    await pass(29);
    expect({ answer, caughtUpTo: follower.caughtUpTo }).toEqual({ answer: undefined, caughtUpTo: history.head });
    await pass(1);
    expect(answer).toBe(false);
    stop.abort();
    await running;
    await expect(follower.waitFor(history.head + 1, 30)).rejects.toMatchObject({ code: 'FOLLOWING_ENDED' });
    await expect(follower.waitFor(follower.caughtUpTo, 30)).resolves.toBe(true);
  });

  it('Waiting for a position ends with the error when it cannot be known what the log holds', async () => {
    const [first, second] = market(1).batches();
    if (first === undefined || second !== undefined) throw new Error('there is one');
    const { log } = await growingLog([withByte(first, 0, 250)]);
    const follower = new StoreFollower(store, log);
    const waiting = expect(follower.waitFor(1, PATIENCE_MS)).rejects.toMatchObject({ code: 'FOLLOWING_ENDED' });
    await expect(follower.run(stop.signal)).rejects.toThrow('no event has the code 250');
    await waiting;
    await expect(follower.waitFor(1, PATIENCE_MS)).rejects.toMatchObject({ code: 'FOLLOWING_ENDED' });
  });
});

it('A follower refuses options that make no sense', async () => {
  const { log } = await growingLog([]);
  for (const options of [{ chunkEvents: 0 }, { delayMs: -1 }, { retryMs: 0 }]) {
    expect(() => new StoreFollower(store, log, options)).toThrow(RangeError);
  }
});

describe('a pace', () => {
  it('A pace rests as long as its share says, one after the other, and at least lets others have their turn', async () => {
    holdTime();
    const pace = new Throttle(0.2);
    let rested = 0;
    for (let count = 0; count < 2; count++) void pace.rest(10).then(() => rested++); // 40 ms each
    await pass(39);
    expect(rested).toBe(0);
    await pass(1);
    expect(rested).toBe(1);
    await pass(39);
    expect(rested).toBe(1);
    await pass(1);
    expect(rested).toBe(2);
    let turns = 0;
    setImmediate(() => turns++);
    await new Throttle(1).rest(1_000);
    expect(turns).toBe(1);
  });

  it('A pace does not rest where it is urgent, and lets others have their turn all the same', async () => {
    holdTime();
    let turns = 0;
    setImmediate(() => turns++);
    await new Throttle(0.01).rest(1_000, { isUrgent: true });
    expect(turns).toBe(1);
  });

  it('A pace rests no longer when what it rests for is to end', async () => {
    holdTime();
    const ending = new AbortController();
    const resting = new Throttle(0.2).rest(3_600_000, { signal: ending.signal });
    ending.abort();
    await resting;
  });

  it.each([0, 1.5, Number.NaN])('A pace refuses a share of %d', (duty) => {
    expect(() => new Throttle(duty)).toThrow(RangeError);
  });
});
