import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import '../../../../../infra/kafka/protocol/request-queue.js';

/** As much of a queue as looking after it takes. */
function queueOf(...pending: readonly string[]): RequestQueue {
  return Object.assign(Object.create(RequestQueue.prototype) as RequestQueue, { pending, throttledUntil: -1 });
}

describe('a queue of requests to a broker', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('A queue of requests to a broker sets no timer while nothing waits in it', () => {
    queueOf().scheduleCheckPendingRequests();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('A queue of requests to a broker looks again while something waits, after a time that is none of the past', () => {
    const setting = vi.spyOn(globalThis, 'setTimeout');
    queueOf('a request').scheduleCheckPendingRequests();
    expect(setting.mock.calls.map(([, ms]) => Math.sign(Number(ms)))).toEqual([1]);
  });
});
