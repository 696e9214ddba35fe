import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { QueryTurns } from '../../../../../projections/store/desk/query-turns.js';
import { runs } from '../../../../support/property/runs.js';

let nowMs: number;
let turns: QueryTurns;
let done: string[];
beforeEach(() => {
  nowMs = 0;
  done = [];
  turns = new QueryTurns(() => nowMs);
});

/** Work of so many milliseconds, which notes whose it was. */
const work = (id: string, ms: number, { weight = 1, isShort = false, says = id } = {}): Promise<void> =>
  turns.take({ id, weight }, isShort, () => {
    nowMs += ms;
    done.push(says);
  });
const times = (count: number, one: () => Promise<void>): Promise<void>[] => Array.from({ length: count }, one);
const countOf = (id: string, among: readonly string[]): number => among.filter((each) => each === id).length;

describe('turns', () => {
  it('Turns go to the caller who has had the least time, so that one who asks for little does not wait behind one who asks for much', async () => {
    const greedy = times(20, () => work('greedy', 10));
    const modest = times(20, () => work('modest', 1));
    await Promise.all(modest);
    expect(countOf('greedy', done)).toBeLessThanOrEqual(3);
    await Promise.all(greedy);
    expect(done).toHaveLength(40);
  });

  it('Turns are as many as the weight says', async () => {
    const all = [...times(60, () => work('one', 1)), ...times(60, () => work('three', 1, { weight: 3 }))];
    await Promise.all(all);
    expect(countOf('three', done.slice(0, 40))).toBeGreaterThanOrEqual(29);
  });

  it('Turns let what is short go before what is long of the same share', async () => {
    await Promise.all([work('a', 5, { says: 'long' }), work('a', 1, { isShort: true, says: 'short' })]);
    expect(done).toEqual(['short', 'long']);
  });

  it('Turns are shared evenly with one who asks again only when it has been answered', async () => {
    const queued = times(40, () => work('queued', 1));
    let isOver = false;
    const again = async (): Promise<void> => {
      while (!isOver) await work('again', 1);
    };
    const asking = again();
    await Promise.all(queued);
    isOver = true;
    await asking;
    expect(Math.abs(countOf('again', done) - 40)).toBeLessThanOrEqual(3);
  });

  it('Turns are not saved up while one is away', async () => {
    await Promise.all(times(20, () => work('steady', 10)));
    const steady = times(10, () => work('steady', 10));
    const back = times(10, () => work('back', 10));
    await Promise.all([...steady, ...back]);
    expect(countOf('back', done.slice(20, 30))).toBeLessThanOrEqual(6);
  });

  it('Turns give each what its own work comes to, if only an error, and run each once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c'), fails: fc.boolean(), ms: fc.nat(5) }), {
          maxLength: 30,
        }),
        async (given) => {
          const ran: number[] = [];
          const results = await Promise.allSettled(
            given.map(({ id, fails, ms }, index) =>
              turns.take({ id, weight: 1 }, ms === 0, () => {
                nowMs += ms;
                ran.push(index);
                if (fails) throw new Error(String(index));
                return index;
              }),
            ),
          );
          expect([...ran].sort((one, other) => one - other)).toEqual(given.map((_, index) => index));
          for (const [index, result] of results.entries()) {
            expect(result.status).toBe(given[index]?.fails === true ? 'rejected' : 'fulfilled');
            if (result.status === 'fulfilled') expect(result.value).toBe(index);
          }
        },
      ),
      runs(50),
    );
  });
});
