import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RowIndex } from '../../../projections/book/row-index.js';

const id = fc.oneof(
  fc.integer({ min: 0, max: 40 }),
  fc.nat({ max: 64 }).map((count) => 0x1_0000_0000 * count + 7),
  fc.maxSafeNat(),
);

it('finds what a map finds, whatever is set and deleted in whatever order', () => {
  const step = fc.record({ id, row: fc.nat(), deletes: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const index = new RowIndex(4);
      const map = new Map<number, number>();
      for (const { id, row, deletes } of steps) {
        if (deletes) {
          index.delete(id);
          map.delete(id);
        } else {
          index.set(id, row);
          map.set(id, row);
        }
        expect(index.size).toBe(map.size);
      }
      for (const { id } of steps) expect(index.get(id)).toBe(map.get(id) ?? -1);
    }),
  );
});

it('takes new ids past a long run of old ones without walking along it', () => {
  const index = new RowIndex();
  for (let old = 1; old <= 150_000; old++) index.set(old, old);
  const startMs = performance.now();
  for (let id = 0x40_0001; id < 0x40_0001 + 50_000; id++) {
    index.set(id, 1);
    index.delete(id);
  }
  expect(performance.now() - startMs).toBeLessThan(2_000); // walking along the run takes over a minute
});
