import { beforeEach, describe, expect, it } from 'vitest';
import type { Answer, Question } from '../../../../../projections/store/desk/protocol.js';
import { Reads } from '../../../../../projections/store/reading/reads.js';
import { ShardStores } from '../../../../../projections/store/reading/shard-stores.js';

/** What has reached the desk, a stand-in that answers what a test says. */
let asked: Question[];
let answer: Answer;
/** How far the logs are durable, or why that is not known. */
let durable: Map<number, number> | Error;
let trouble: string | undefined;
let caughtUpTo: number;
let storeTrouble: string | undefined;
let warned: string[];
let isAskedNow: boolean;
let wasAskedThen: boolean[];

beforeEach(() => {
  [asked, warned, wasAskedThen] = [[], [], []];
  answer = { ok: true, value: undefined, heads: new Map([[3, 7]]) };
  durable = new Map([[3, 7]]);
  [trouble, storeTrouble] = [undefined, undefined];
  caughtUpTo = 7;
  isAskedNow = false;
});

function readsOf(shards: readonly number[], waitMs = 1_000): Reads {
  const stores = new ShardStores({
    shards,
    desk: {
      answer: async (question) => {
        asked.push(question);
        wasAskedThen.push(isAskedNow);
        return answer;
      },
    },
    progress: { caughtUpTo: () => caughtUpTo, trouble: () => storeTrouble, onProgress: () => undefined },
  });
  const freshness = {
    heads: async () => {
      if (durable instanceof Error) throw durable;
      return durable;
    },
    get trouble() {
      return trouble;
    },
  };
  const ignore = (): void => undefined;
  const logger = { info: ignore, warn: (_: object, message: string) => void warned.push(message), error: ignore };
  const whileAsked = async (ask: () => Promise<Answer>): Promise<Answer> => {
    isAskedNow = true;
    return ask().finally(() => (isAskedNow = false));
  };
  const looks = { look: () => Promise.reject(new Error('no past moment is asked for')) };
  return new Reads({ stores, freshness, looks, logger, waitMs, whileAsked });
}

const share = { id: 'key', weight: 2 };
const read = (reads: Reads): ReturnType<Reads['read']> =>
  reads.read({ query: 'intention', values: ['1'], shards: [3], share });

describe('a read', () => {
  it('A read is one question, with what was durable when it came, and the time that is left', async () => {
    const revoked = new AbortController().signal;
    const found = await readsOf([3]).read({
      query: 'book',
      values: ['ACME', 5],
      shards: [3],
      share: { ...share, ...{ revoked } },
    });
    expect(found).toEqual(answer);
    const timeoutMs = expect.any(Number) as number;
    expect(asked).toEqual([{ query: 'book', values: ['ACME', 5], atLeast: durable, timeoutMs, share }]);
    expect(asked[0]?.timeoutMs).toBeLessThanOrEqual(1_000);
    expect([wasAskedThen, isAskedNow]).toEqual([[true], false]);
  });

  it('A read is refused, and goes to no store, where a log does not tell how far it is durable', async () => {
    durable = new Error('away');
    const why = 'the log does not say how far it is durable; try again shortly';
    expect(await read(readsOf([3]))).toEqual({ ok: false, why });
    expect([asked, warned]).toEqual([[], ['the log does not say how far it is durable']]);
  });

  it.each([
    ['STORE_BEHIND', [3], 'the projections have not yet reached log position 7; try again shortly'],
    ['STORE_BEHIND', [3, 4], 'the projections have not yet reached log position 3/7; try again shortly'],
    ['STORE_BUSY', [3], 'too many reads wait for their turn; try again shortly'],
    ['STORE_DAMAGED', [3], 'the store’s own words; try again shortly'],
  ])('A read is refused with the reason where trying again may help: %s of %j', async (code, shards, why) => {
    answer = { ok: false, code, message: 'the store’s own words', shard: 3 };
    expect(await read(readsOf(shards))).toEqual({ ok: false, why });
  });

  it.each(['INVALID_QUERY', 'STORE_GONE', 'FOLLOWING_ENDED', 'QUERY_FAILED'])(
    'A read fails where it may not: %s',
    async (code) => {
      answer = { ok: false, code, message: 'the store’s own words' };
      await expect(read(readsOf([3]))).rejects.toMatchObject({ name: 'QueryFailedError', code });
    },
  );
});

describe('reads', () => {
  it('Reads keep up while no store lacks more than it may', async () => {
    durable = new Map([[3, 17]]);
    expect(await readsOf([3]).whyBehind(10, 1_000)).toBeUndefined();
    durable = new Map([[3, 18]]);
    expect(await readsOf([3]).whyBehind(10, 1_000)).toBe('reads are behind: shard 3: 11 events, 10 at most');
  });

  it('Reads lack all of a log whose store is not there yet, and nothing of one that is further than was asked', async () => {
    caughtUpTo = -1;
    expect(await readsOf([3]).lags([3], 1_000)).toEqual(new Map([[3, 7]]));
    caughtUpTo = 9;
    expect(await readsOf([3]).lags([3], 1_000)).toEqual(new Map([[3, 0]]));
  });

  it('Reads do not keep up where a store says so', async () => {
    storeTrouble = 'its log is damaged';
    expect(await readsOf([3]).whyBehind(10, 1_000)).toBe('reads are behind: shard 3: its log is damaged');
  });

  it('Reads are in trouble when a log does not tell how far it is durable, but not the first time', async () => {
    durable = new Error('away');
    expect(await readsOf([3]).whyBehind(10, 1_000)).toBeUndefined();
    trouble = 'nobody knows how far shard 3 is durable: away';
    expect(await readsOf([3]).whyBehind(10, 1_000)).toBe(trouble);
  });
});
