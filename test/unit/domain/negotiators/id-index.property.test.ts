import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdIndex } from '../../../../src/domain/negotiators/id-index.js';

const TWO_32 = 2 ** 32;

/** Ids of one shard are handed out in sequence, from 1 on. Here they begin later, too, but never differ in their high halves alone. */
const idsOfAShard = fc
  .tuple(fc.constantFrom(0, 2 ** 20, 5 * TWO_32), fc.constantFrom(3_000, 40_000))
  .chain(([before, most]) => {
    const id = fc.integer({ min: 1, max: most }).map((next) => before + next);
    return fc.array(id, { maxLength: 4_000, size: 'max' });
  });

/** Adds each id, or removes it when it is there. */
function toggleAll(index: IdIndex, ids: readonly number[]): Map<number, number> {
  const map = new Map<number, number>();
  ids.forEach((id, row) => {
    if (map.delete(id)) {
      index.delete(id);
    } else {
      map.set(id, row);
      index.set(id, row);
    }
  });
  return map;
}

/** The first id at which the two differ. */
function difference(index: IdIndex, map: ReadonlyMap<number, number>, ids: readonly number[]): number | undefined {
  return ids.find((id) => index.get(id) !== (map.get(id) ?? -1));
}

describe('the index of negotiators by id', () => {
  it('The index of negotiators by id finds what a map finds, after any additions and removals', () => {
    fc.assert(
      fc.property(idsOfAShard, (ids) => {
        const index = new IdIndex();
        const map = toggleAll(index, ids);
        expect(index.size).toBe(map.size);
        expect(difference(index, map, ids)).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });

  it('The index of negotiators by id finds ids where their low halves start again', () => {
    const index = new IdIndex();
    const ids = Array.from({ length: 9_000 }, (_, nth) => TWO_32 - 3_000 + (nth < 6_000 ? nth : 2 * (nth - 6_000)));
    const map = toggleAll(index, ids);
    expect(difference(index, map, ids)).toBeUndefined();
  });

  it('The index of negotiators by id finds each of 100,000 ids in sequence, while their neighbours come and go', () => {
    const index = new IdIndex();
    for (let id = 1; id <= 100_000; id++) {
      index.set(id, id * 2);
      if (id % 3 === 0) index.delete(id - 1);
    }
    for (let id = 1; id <= 100_000; id++) {
      const isGone = id % 3 === 2 && id < 100_000;
      if (index.get(id) !== (isGone ? -1 : id * 2)) expect.fail(`id ${id} is at ${index.get(id)}`);
    }
  });

  it('The index of negotiators by id takes no notice of the removal of an id that is not there', () => {
    const index = new IdIndex();
    index.delete(5);
    index.set(6, 1);
    index.delete(5);
    expect(index.get(6)).toBe(1);
    expect(index.size).toBe(1);
  });
});
