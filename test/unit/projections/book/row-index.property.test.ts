import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { RowIndex } from '../../../../projections/book/row-index.js';
import { StepCounter } from '../../../support/step-counter.js';

const steps = new StepCounter();
afterAll(() => {
  steps.end();
});

const id = fc.oneof(
  fc.integer({ min: 0, max: 40 }),
  fc.nat({ max: 64 }).map((count) => 0x1_0000_0000 * count + 7),
  fc.maxSafeNat(),
);

it('The row index finds what a map finds, whatever is set and deleted in whatever order', () => {
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

it('The row index takes new ids past a long run of old ones without walking along it', () => {
  const index = new RowIndex();
  for (let old = 1; old <= 150_000; old++) index.set(old, old);
  const count = 10_000;
  const taken = steps.of(() => {
    for (let id = 0x40_0001; id < 0x40_0001 + count; id++) {
      index.set(id, 1);
      index.delete(id);
    }
  });
  expect(taken).toBeGreaterThan(5 * count);
  expect(taken).toBeLessThan(50 * count); // walking along the run takes thousands each
});
