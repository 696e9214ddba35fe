import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Columns } from '../../../../../src/web/workers/log-file/columns.js';
import { TextColumn } from '../../../../../src/web/workers/log-file/text-column.js';
import { runs } from '../../../../support/property/runs.js';

const steps = fc.array(fc.record({ by: fc.nat({ max: 3 }), lots: fc.nat(), side: fc.nat({ max: 255 }) }), {
  minLength: 1,
  maxLength: 3_000,
  size: 'max',
});

describe('columns', () => {
  it('Rows come back as they were appended, however many there are, and are found by a column that never falls', () => {
    fc.assert(
      fc.property(steps, fc.nat(), (steps, wanted) => {
        const table = new Columns({ position: 'f64', lots: 'u32', side: 'u8' });
        let position = 0;
        const rows = steps.map(({ by, lots, side }) => ({ position: (position += by), lots, side }));
        for (const [index, row] of rows.entries()) expect(table.push(row)).toBe(index);
        expect(rows.map((_, index) => table.at(index))).toEqual(rows);
        const value = wanted % (position + 2);
        const first = rows.findIndex((row) => row.position >= value);
        expect(table.firstFrom('position', value)).toBe(first < 0 ? rows.length : first);
      }),
      runs(30),
    );
  });

  it('Texts come back as they were appended, in whatever script, however many there are', () => {
    const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 80 }), { maxLength: 2_500, size: 'max' });
    fc.assert(
      fc.property(texts, (texts) => {
        const column = new TextColumn();
        for (const text of texts) column.push(text);
        expect(texts.map((_, row) => column.get(row))).toEqual(texts);
      }),
      runs(15),
    );
  });
});
