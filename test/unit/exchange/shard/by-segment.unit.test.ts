import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bySegment } from '../../../../src/exchange/shard/by-segment.js';

it('Hashes by segment are all there, each with its number, segment by segment and in each by number, however they were cut', () => {
  const hashes = fc.array(fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }), { minLength: 1, maxLength: 80 });
  const cuts = fc.array(fc.nat(80), { maxLength: 3 });
  fc.assert(
    fc.property(hashes, cuts, fc.integer({ min: 1, max: 5 }), (all, at, depth) => {
      const ends = [...at.map((cut) => cut % all.length), all.length].sort((one, other) => one - other);
      const slices = ends.map((end, nth) => Int32Array.from(all.slice(ends[nth - 1] ?? 0, end)));
      const segmentOf = (hash: number): number => hash >>> (32 - depth);
      const pairs = [...bySegment(slices, 2 ** depth, segmentOf)];
      const found = pairs.flatMap((hash, index) => (index % 2 === 0 ? [[hash, pairs[index + 1]]] : []));
      const expected = all
        .map((hash, number) => [hash, number] as const)
        .slice(1) // number 0 is nobody's
        .sort(([one, first], [other, second]) => segmentOf(one) - segmentOf(other) || first - second);
      expect(found).toEqual(expected);
    }),
  );
});
