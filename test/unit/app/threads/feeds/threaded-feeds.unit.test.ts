import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ToFeedThread } from '../../../../../src/app/threads/feeds/feed-messages.js';
import { ThreadedFeeds } from '../../../../../src/app/threads/feeds/threaded-feeds.js';
import type { FeedItem, FeedWish } from '../../../../../src/server/feeds/feed-source.js';
import { toldError } from '../../../../../src/app/threads/told-error.js';

/** A stand-in for the thread: keeps the messages that it receives. */
class StandIn extends EventEmitter {
  readonly told: ToFeedThread<FeedWish>[] = [];
  postMessage(message: ToFeedThread<FeedWish>): void {
    this.told.push(message);
    if ('end' in message) this.emit('exit', 0);
  }
  async terminate(): Promise<number> {
    return 0;
  }
}

const wish: FeedWish = { shard: 0, framing: 'sse', from: 3, stream: undefined, types: undefined };
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
let workers: StandIn[];
let durable: number;
let received: (readonly FeedItem[])[];
let lost: unknown[];
let feeds: ThreadedFeeds<FeedWish>;

beforeEach(() => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  workers = [];
  received = [];
  lost = [];
  durable = 7;
  const startWorker = (): StandIn => {
    const worker = new StandIn();
    workers.push(worker);
    return worker;
  };
  feeds = new ThreadedFeeds({ name: 'a thread', start: startWorker }, silent);
  feeds.connect({ receive: (_shard, round) => received.push(round), lost: (error) => lost.push(error) });
});

const start = (): void =>
  feeds.start([
    { log: { kind: 'embedded', shard: 0, data: '/nowhere' }, file: '/nowhere/store', durable: () => durable },
  ]);
const told = (): ToFeedThread<FeedWish>[] => workers.at(-1)?.told ?? [];

describe('ThreadedFeeds', () => {
  it('ThreadedFeeds says of the log how far it is durable before a feed begins, and then only while there is one', () => {
    start();
    feeds.advance(0, 8);
    vi.runAllTimers();
    expect(told()).toEqual([]);
    expect(feeds.subscribe(1, wish)).toBeUndefined();
    feeds.advance(0, 9);
    feeds.advance(0, 10);
    vi.runAllTimers();
    expect(told()).toEqual([
      { shard: 0, durable: 7 },
      { subscribe: 1, wish },
      { shard: 0, durable: 9 },
      { shard: 0, durable: 10 },
    ]);
    feeds.unsubscribe(0, 1);
    feeds.advance(0, 11);
    vi.runAllTimers();
    expect(told().slice(4)).toEqual([{ unsubscribe: 1, shard: 0 }]);
  });

  it('ThreadedFeeds takes no feed before it is started, and none of a shard that it does not read', () => {
    expect(feeds.subscribe(1, wish)).toMatchObject({ code: 'UNAVAILABLE' });
    start();
    expect(feeds.subscribe(2, { ...wish, shard: 5 })).toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('ThreadedFeeds hands on rounds, and errors with their codes', () => {
    start();
    const part = { bytes: new Uint8Array(1), ranges: new Uint32Array(3) };
    const error = toldError(Object.assign(new Error('not a frame'), { code: 'LOG_DAMAGED' }));
    workers[0]?.emit('message', { shard: 0, round: [part, { ids: [1], error }] });
    expect(received).toEqual([[part, { ids: [1], error: expect.any(Error) }]]);
    expect(received[0]?.[1]).toMatchObject({ error: { message: 'not a frame', code: 'LOG_DAMAGED' } });
  });

  it('ThreadedFeeds loses its feeds when the thread ends, and starts another, later each time', async () => {
    start();
    feeds.subscribe(1, wish);
    for (const waitMs of [500, 1_000]) {
      workers.at(-1)?.emit('exit', 1);
      expect(feeds.subscribe(2, wish)).toMatchObject({ code: 'UNAVAILABLE' });
      const before = workers.length;
      vi.advanceTimersByTime(waitMs - 1);
      expect(workers).toHaveLength(before);
      vi.advanceTimersByTime(1);
      expect(workers).toHaveLength(before + 1);
    }
    expect(lost).toHaveLength(2);
    expect(feeds.subscribe(3, wish)).toBeUndefined();
    await feeds.end();
    expect(told().at(-1)).toEqual({ end: true });
  });
});
