import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PriceLadder } from '../../../../src/domain/board/price-ladder.js';

/** A stand-in for the ladder: a map that is sorted whenever somebody looks. */
class NaiveLadder {
  private readonly levels = new Map<number, number>();

  toggle(key: number, level: number, ladder: PriceLadder): void {
    if (this.levels.delete(key)) {
      ladder.remove(key);
    } else {
      this.levels.set(key, level);
      ladder.insert(key, level);
    }
  }

  find(key: number): number {
    return this.levels.get(key) ?? -1;
  }

  bestFirst(): [key: number, level: number][] {
    return [...this.levels].sort(([one], [other]) => other - one);
  }
}

function bestFirst(ladder: PriceLadder): [number, number][] {
  const levels: [number, number][] = [];
  ladder.visit((level, key) => {
    levels.push([key, level]);
    return true;
  });
  return levels;
}

function expectAlike(ladder: PriceLadder, naive: NaiveLadder, sought: readonly number[]): void {
  const expected = naive.bestFirst();
  expect(bestFirst(ladder)).toEqual(expected);
  expect(ladder.size).toBe(expected.length);
  expect(ladder.best).toBe(expected[0]?.[1] ?? -1);
  for (const key of sought) expect(ladder.find(key)).toBe(naive.find(key));
}

const LARGEST = 0x7fff_ffff;
const anyKey = fc.oneof(
  fc.integer({ min: -40, max: 40 }),
  fc.integer({ min: -2_000, max: 2_000 }),
  fc.constantFrom(LARGEST, -LARGEST, LARGEST - 1, 1 - LARGEST),
);

describe('the price ladder', () => {
  it('The price ladder holds the same levels in the same order as a sorted map, after any insertions and removals', () => {
    const keys = fc.array(anyKey, { maxLength: 1_200, size: 'max' });
    fc.assert(
      fc.property(keys, (toggled) => {
        const ladder = new PriceLadder();
        const naive = new NaiveLadder();
        toggled.forEach((key, level) => {
          naive.toggle(key, level, ladder);
          if (level % 32 === 0) expect(ladder.best).toBe(naive.bestFirst()[0]?.[1] ?? -1);
        });
        expectAlike(ladder, naive, toggled);
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    { order: 'ascending', key: (index: number) => index },
    { order: 'descending', key: (index: number) => -index },
    { order: 'inwards', key: (index: number) => (index % 2 === 0 ? index - 3_000 : 3_000 - index) },
  ])('The price ladder keeps its order when 3,000 levels come $order and go again', ({ key }) => {
    const ladder = new PriceLadder();
    const naive = new NaiveLadder();
    for (let index = 0; index < 3_000; index++) naive.toggle(key(index), index, ladder);
    expectAlike(ladder, naive, [key(0), key(1_500), key(2_999), 9_999]);
    for (let index = 0; index < 3_000; index += 2) naive.toggle(key(index), index, ladder);
    expectAlike(ladder, naive, [key(0), key(1), key(1_500)]);
    for (let index = 1; index < 3_000; index += 2) naive.toggle(key(index), index, ladder);
    expectAlike(ladder, naive, [key(1)]);
  });

  it('The price ladder stops visiting when its visitor says so', () => {
    const ladder = new PriceLadder();
    for (let key = 1; key <= 300; key++) ladder.insert(key, 1_000 + key);
    const seen: number[] = [];
    ladder.visit((_level, key) => seen.push(key) < 3);
    expect(seen).toEqual([300, 299, 298]);
  });

  it('The price ladder refuses to remove a level that is not there', () => {
    const ladder = new PriceLadder();
    expect(() => {
      ladder.remove(7);
    }).toThrow('no level has the key 7');
    ladder.insert(6, 0);
    expect(() => {
      ladder.remove(7);
    }).toThrow('no level has the key 7');
  });
});
