import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PackedRows, packRows } from '../../../../../projections/store/rows/packed-rows.js';
import { runs } from '../../../../support/property/runs.js';

const numbers = fc.oneof(
  fc.nat({ max: 300 }),
  fc.nat(),
  fc.maxSafeInteger().map(Math.abs),
  fc.constantFrom(0, Number.MAX_SAFE_INTEGER, 2 ** 32, 2 ** 32 - 1),
);
const tables = fc.integer({ min: 1, max: 21 }).chain((columns) =>
  fc.record({
    columns: fc.constant(columns),
    rows: fc.array(fc.array(numbers, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 256 }),
    tail: fc.uint8Array({ maxLength: 20 }),
    before: fc.nat({ max: 3 }),
  }),
);

it('Rows that were packed are unpacked as they were, whatever stands before and after them', () => {
  fc.assert(
    fc.property(tables, ({ columns, rows, tail, before }) => {
      const from = before * columns;
      const values = [...Array.from({ length: from }, () => 7), ...rows.flat(), 9];
      const bytes = packRows({ values, from, until: values.length - 1, columns, tail });
      const packed = new PackedRows(bytes, columns);
      expect(Array.from({ length: packed.count }, (_, row) => packed.row(row))).toEqual(rows);
      expect(Buffer.from(packed.tail)).toEqual(Buffer.from(tail));
      const all = new Float64Array(rows.length * columns);
      packed.into(all);
      expect([...all]).toEqual(rows.flat());
    }),
    runs(200),
  );
});

it('Values below zero are packed like all others, and what a column has in common takes no place in its rows', () => {
  const values = [-(2 ** 40) - 1, 5, -3, 5, 0, 5];
  const packed = new PackedRows(packRows({ values, from: 0, until: 6, columns: 2 }), 2);
  expect([0, 1, 2].map((row) => packed.row(row))).toEqual([
    [-(2 ** 40) - 1, 5],
    [-3, 5],
    [0, 5],
  ]);
  const same = (count: number): number[] => Array.from({ length: 2 * count }, (_, at) => at % 2);
  const lengthOf = (count: number): number =>
    packRows({ values: same(count), from: 0, until: 2 * count, columns: 2 }).length;
  expect(lengthOf(200)).toBe(lengthOf(1));
});
