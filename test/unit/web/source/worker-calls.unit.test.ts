import { describe, expect, it } from 'vitest';
import { ParleyError } from '../../../../src/client/wire/error.js';
import { InvalidQueryError } from '../../../../projections/store/queries/query-terms.js';
import { type Handlers, serveCalls, WorkerCalls } from '../../../../src/web/source/worker-calls.js';
import { type LocalPort, portPair } from './ports.js';

interface Sums {
  readonly add: { readonly args: readonly [one: number, other: number]; readonly value: number };
  readonly refuse: { readonly args: readonly [kind: 'parley' | 'query' | 'bug']; readonly value: never };
  readonly wait: { readonly args: readonly []; readonly value: string };
}

interface Served {
  readonly calls: WorkerCalls<Sums>;
  readonly page: LocalPort;
  /** What `wait` was told. */
  readonly aborted: Promise<void>;
}

function served(): Served {
  const { page, worker } = portPair();
  let heardOfIt: () => void;
  const aborted = new Promise<void>((resolve) => (heardOfIt = resolve));
  const handlers: Handlers<Sums> = {
    add: ([one, other], { progress }) => {
      progress(one, one + other);
      return one + other;
    },
    refuse: ([kind]) => {
      if (kind === 'parley') throw new ParleyError(404, 'UNKNOWN_DEAL', 'there is no deal "1-1"');
      if (kind === 'query') throw new InvalidQueryError('after: no such position');
      throw new TypeError('x is undefined');
    },
    wait: (_args, { signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          heardOfIt();
          resolve('too late');
        });
      }),
  };
  serveCalls<Sums>(worker, handlers);
  return { calls: new WorkerCalls<Sums>(page), page, aborted };
}

describe('calls of a worker', () => {
  it('Each call resolves to its own value, in whatever order, and its progress goes to it alone', async () => {
    const { calls } = served();
    const told: object[] = [];
    const sums = [1, 2, 3].map((each) =>
      calls.call('add', [each, 10], { onProgress: (progress) => told.push(progress) }),
    );
    expect(await Promise.all(sums)).toEqual([11, 12, 13]);
    expect(told).toEqual([
      { done: 1, total: 11 },
      { done: 2, total: 12 },
      { done: 3, total: 13 },
    ]);
  });

  it('A call rejects with the status, code and detail with which it was refused', async () => {
    const { calls } = served();
    const refused = { status: 404, code: 'UNKNOWN_DEAL', detail: 'there is no deal "1-1"' };
    await expect(calls.call('refuse', ['parley'])).rejects.toBeInstanceOf(ParleyError);
    await expect(calls.call('refuse', ['parley'])).rejects.toMatchObject(refused);
    await expect(calls.call('refuse', ['query'])).rejects.toMatchObject({ status: 400, code: 'INVALID_COMMAND' });
    await expect(calls.call('refuse', ['bug'])).rejects.toMatchObject({ status: 0, code: 'WORKER_FAILED' });
  });

  it('A call that is given up rejects at once with the signal’s reason, and the worker hears of it', async () => {
    const { calls, aborted } = served();
    const over = new AbortController();
    const waiting = calls.call('wait', [], { signal: over.signal });
    over.abort(new Error('another view'));
    await expect(waiting).rejects.toThrow('another view');
    await aborted;
    await expect(calls.call('add', [1, 2], { signal: over.signal })).rejects.toThrow('another view');
    expect(await calls.call('add', [1, 2])).toBe(3);
  });

  it('A worker that dies rejects everything that waits, with what it said', async () => {
    const { calls, page } = served();
    const waiting = [calls.call('wait', []), calls.call('wait', [])];
    page.raise('error', { message: 'out of memory' });
    for (const each of waiting)
      await expect(each).rejects.toMatchObject({ code: 'WORKER_FAILED', detail: 'out of memory' });
  });
});
