import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stretchesOf } from '../../../../src/web/deal/event-ranges.js';

describe('the stretches of a chart’s events', () => {
  it('They hold the latest positions, in order, apart from each other, and no more than few', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2_000), { maxLength: 60 }), (positions) => {
        const stretches = stretchesOf(positions);
        expect(stretches.length).toBeLessThanOrEqual(6);
        for (const [index, { from, until }] of stretches.entries()) {
          expect(until).toBeGreaterThan(from);
          if (index > 0) expect(from - (stretches[index - 1]?.until ?? 0)).toBeGreaterThan(40);
        }
        const first = stretches[0]?.from ?? Infinity;
        const held = (position: number): boolean =>
          stretches.some(({ from, until }) => position >= from && position < until);
        for (const position of positions) expect(held(position)).toBe(position >= first);
        if (stretches.length < 6) expect(positions.every(held)).toBe(true);
      }),
    );
  });
});
