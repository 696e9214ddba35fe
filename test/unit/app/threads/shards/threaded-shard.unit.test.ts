import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type {
  FromShardThread,
  ShardCall,
  ShardThreadData,
  ToShardThread,
} from '../../../../../src/app/threads/shards/shard-messages.js';
import { ThreadedShard } from '../../../../../src/app/threads/shards/threaded-shard.js';
import { toldError } from '../../../../../src/app/threads/told-error.js';
import type { CarriedAnswer, ClusterRequest } from '../../../../../src/cluster/forwarding/requests.js';
import { unopened } from '../../../../../src/cluster/solo-exchange.js';
import { LogHeldError, LogLostError } from '../../../../../src/log/port.js';
import { silentLogger } from '../../../../../src/resilience/logger.js';

const LONGEST_PAUSE_MS = 30_000;
const SHARD = 1;

/** A stand-in for the thread: keeps the messages that it receives, and says what a test has it say. */
class StandIn extends EventEmitter {
  readonly told: ToShardThread[] = [];
  constructor(readonly data: ShardThreadData) {
    super();
  }
  postMessage(message: ToShardThread | { readonly end: true }): void {
    this.told.push(message);
    if ('end' in message) this.emit('exit', 0);
  }
  async terminate(): Promise<number> {
    return 0;
  }
  say(message: FromShardThread): void {
    this.emit('message', message);
  }
  /** Serves, with its log durable up to there, and answers these calls. */
  report(durable: number, answered: readonly { id: number; answers: readonly CarriedAnswer[] }[] = []): void {
    const status = { ...unopened, shard: SHARD, state: 'serving', openings: 1, durable, head: durable } as const;
    this.say({ report: JSON.stringify({ status, writerEpoch: 4, answered }) });
  }
  get calls(): readonly number[] {
    const texts = this.told.flatMap((message) => ('calls' in message ? [message.calls] : []));
    return texts.flatMap((text) => (JSON.parse(text) as ShardCall[]).map(({ id }) => id)); // as the front writes them
  }
}

const data: Omit<ShardThreadData, 'known'> = {
  ...{ settings: { kind: 'embedded', shard: SHARD, data: '/nowhere' }, shards: 2, takeOver: false },
  ...{ losses: new Map<number, number>(), maxClockAheadMs: 0, anchor: undefined, snapshotEvery: 0, demo: false },
};
const read: ClusterRequest = { verb: 'book', command: { instrument: 'ACME', depth: 1 } };
const ok: CarriedAnswer = { ok: true };

let threads: StandIn[];
let heard: string[];
let shard: ThreadedShard;
const latest = (): StandIn => {
  const thread = threads.at(-1);
  if (thread === undefined) throw new Error('no thread has been started');
  return thread;
};

beforeEach(() => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  threads = [];
  heard = [];
  shard = new ThreadedShard({
    ...{ data, logger: silentLogger, onReplay: () => undefined },
    news: {
      onDurable: (number, durable) => heard.push(`${number} durable ${durable}`),
      onFinal: (number, reason) => heard.push(`${number} final ${reason}`),
    },
    start: (started) => {
      threads.push(new StandIn(started));
      return latest();
    },
  });
});

async function open(): Promise<void> {
  const opening = shard.open();
  latest().report(3);
  latest().say({ opened: true });
  await opening;
}

describe('a shard with a thread of its own', () => {
  it('A shard with a thread of its own refuses until that runs, and tells why one that cannot be opened never will', async () => {
    await expect(shard.carry({ requests: [read] })).resolves.toMatchObject([{ ok: false, code: 'SHARD_UNAVAILABLE' }]);
    const opening = shard.open();
    latest().say({ failed: toldError(new LogLostError('all of it is gone')) });
    await expect(opening).rejects.toMatchObject({ code: 'LOG_LOST', message: 'all of it is gone' });
    await vi.advanceTimersByTimeAsync(LONGEST_PAUSE_MS);
    expect(threads).toHaveLength(1);
  });

  it('A shard with a thread of its own that ends before it serves is given up, and one that is to end is no failure', async () => {
    const opening = shard.open();
    latest().emit('exit', 1);
    await expect(opening).rejects.toThrow('the thread of shard 1 ended before it served');
    await vi.advanceTimersByTimeAsync(LONGEST_PAUSE_MS);
    expect(threads).toHaveLength(1);
    const ending = new ThreadedShard({
      ...{ data, logger: silentLogger, onReplay: () => undefined },
      news: { onDurable: () => undefined, onFinal: () => undefined },
      start: (started) => new StandIn(started),
    });
    const isToEnd = ending.open();
    await ending.end();
    await expect(isToEnd).resolves.toBeUndefined();
  });

  it('A shard with a thread of its own is asked in order, all that comes together at once, and says how far it is durable before it answers', async () => {
    await open();
    const answers = [shard.carry({ requests: [read, read] }), shard.carry({ requests: [read] })];
    void answers[0]?.then((given) => heard.push(`answered ${given.length}`));
    expect(latest().told).toEqual([]);
    await vi.advanceTimersByTimeAsync(0);
    expect(latest().told).toHaveLength(1);
    expect(latest().calls).toEqual([1, 2]);
    latest().report(9, [{ id: 1, answers: [ok, ok] }]);
    await expect(answers[0]).resolves.toEqual([ok, ok]);
    expect(heard).toEqual([`${SHARD} durable 3`, `${SHARD} durable 9`, 'answered 2']);
    latest().report(9, [{ id: 2, answers: [ok] }]);
    await expect(answers[1]).resolves.toEqual([ok]);
    expect(heard).toHaveLength(3);
  });

  it('A shard with a thread of its own knows no outcome of what was under way when that ends, and starts another with what it knows of the log', async () => {
    await open();
    const answer = shard.carry({ requests: [read] });
    await vi.advanceTimersByTimeAsync(0);
    latest().emit('exit', 1);
    await expect(answer).resolves.toMatchObject([{ ok: false, detail: expect.stringContaining('is unknown') }]);
    expect(shard.status).toMatchObject({ shard: SHARD, state: 'stopped', durable: 3 });
    await expect(shard.carry({ requests: [read] })).resolves.toMatchObject([
      { detail: expect.stringContaining('nothing was carried') },
    ]);
    await vi.advanceTimersByTimeAsync(LONGEST_PAUSE_MS);
    expect(threads).toHaveLength(2);
    expect(latest().data.known).toMatchObject({ epoch: 4, evidence: { position: 3 } });
    latest().report(5);
    expect(shard.status).toMatchObject({ state: 'serving', openings: 2, durable: 5 });
  });

  it('A shard with a thread of its own is started again until its log can be opened, or until that cannot get better, which is told once', async () => {
    await open();
    for (const error of [new LogHeldError('held'), new LogLostError('gone')]) {
      latest().emit('exit', 1);
      await vi.advanceTimersByTimeAsync(LONGEST_PAUSE_MS);
      latest().say({ failed: toldError(error) });
      expect(shard.status).toMatchObject({ state: 'stopped', reason: error.message });
    }
    await vi.advanceTimersByTimeAsync(LONGEST_PAUSE_MS);
    expect(threads).toHaveLength(3);
    expect(heard.slice(1)).toEqual([`${SHARD} final gone`]);
  });

  it('A shard with a thread of its own is handed what waits before it ends', async () => {
    await open();
    void shard.carry({ requests: [read] });
    await shard.end();
    expect(latest().calls).toEqual([1]);
    expect(latest().told.at(-1)).toEqual({ end: true });
  });
});
