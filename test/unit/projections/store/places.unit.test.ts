import { describe, expect, it } from 'vitest';
import {
  placeOf,
  positionOfPlace,
  shardOfDeal,
  shardOfIntention,
  shardOfPlace,
  shardOfStream,
} from '../../../../projections/store/places.js';

const FIRST_OF_SHARD_3 = String(3 * 2 ** 32 + 1);

describe('places', () => {
  it('Places are the positions in shard 0, and come shard after shard, exact up to the 511th', () => {
    expect(placeOf(0, 77)).toBe(77);
    expect(placeOf(1, 0)).toBe(2 ** 44);
    for (const [shard, position] of [
      [0, 0],
      [3, 5],
      [511, 2 ** 44 - 1],
    ] as const) {
      const place = placeOf(shard, position);
      expect(Number.isSafeInteger(place)).toBe(true);
      expect([shardOfPlace(place), positionOfPlace(place)]).toEqual([shard, position]);
    }
  });
});

describe('ids', () => {
  it('Ids tell the shard of an intention, a deal and a stream', () => {
    expect([shardOfIntention('1'), shardOfIntention(FIRST_OF_SHARD_3)]).toEqual([0, 3]);
    expect([shardOfDeal('1-1'), shardOfDeal(`${FIRST_OF_SHARD_3}-2`)]).toEqual([0, 3]);
    expect(['shard-2', `intention-${FIRST_OF_SHARD_3}`, `deal-${FIRST_OF_SHARD_3}-1`].map(shardOfStream)).toEqual([
      2, 3, 3,
    ]);
  });

  it('Ids tell nothing when they are none', () => {
    for (const text of ['', 'x', '-1', '1e3', '9'.repeat(17), '1-', '-2', 'deal-1']) {
      expect([text, shardOfDeal(text), shardOfStream(text)]).toEqual([text, undefined, undefined]);
    }
    expect(shardOfIntention('x')).toBeUndefined();
    expect(shardOfStream('intention-x')).toBeUndefined();
  });
});
