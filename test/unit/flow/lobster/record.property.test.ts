import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BookView } from '../../../../src/exchange/commands.js';
import { runs } from '../../../support/property/runs.js';
import { played } from '../playing.js';
import { act, type NaiveVenue, type Order, recordOf, type Row, textOf, TICK } from './naive-record.js';

const record = fc.array(act, { minLength: 10, maxLength: 80 }).map(recordOf);

/** What is wrong with a row, and how it then reads; undefined where this row cannot be wrong in that way. */
type Corruption = (row: Row, venue: NaiveVenue, index: number, pick: number) => Row | undefined;

const isExecution = ({ type }: Row): boolean => type === 4;

const corruptions: Readonly<Record<string, Corruption>> = {
  'an execution at another price': (row, _venue, _index, pick) =>
    isExecution(row) ? { ...row, price: row.price + (pick % 2 === 0 ? 3 : -3) * TICK } : undefined,
  'an execution of an order that stands behind': (row, venue, index, pick) => {
    const others = openBefore(venue, index).filter(({ id, side }) => side === row.side && id !== row.id);
    const other = others[pick % Math.max(1, others.length)];
    return isExecution(row) && other !== undefined ? { ...row, id: other.id, price: other.price } : undefined;
  },
  'an execution of an order of which nothing is left': (row, venue, index) => {
    const open = new Set(openBefore(venue, index).map(({ id }) => id));
    const gone = venue.rows
      .slice(0, index)
      .find(({ type, id, side }) => type === 1 && side === row.side && !open.has(id));
    return isExecution(row) && gone !== undefined ? { ...row, id: gone.id } : undefined;
  },
  'an execution of more than is left': (row, venue, index, pick) => {
    const left = openBefore(venue, index).find(({ id }) => id === row.id)?.left ?? 0;
    return isExecution(row) ? { ...row, size: left + 1 + (pick % 30) } : undefined;
  },
  'an execution on the other side': (row) =>
    isExecution(row) ? { ...row, side: row.side === 'buy' ? 'sell' : 'buy' } : undefined,
  'a new order that would have dealt': (row, venue, index, pick) => {
    const others = openBefore(venue, index).filter(({ side }) => side !== row.side);
    const other = others[pick % Math.max(1, others.length)];
    return row.type === 1 && other !== undefined ? { ...row, price: other.price } : undefined;
  },
  'a cancellation of more than is left': (row, venue, index) => {
    const left = openBefore(venue, index).find(({ id }) => id === row.id)?.left ?? 0;
    return row.type === 2 ? { ...row, size: left + 1 } : undefined;
  },
};

function openBefore(venue: NaiveVenue, index: number): readonly Order[] {
  return venue.openBefore[index] ?? [];
}

/** Total size at each price of a side. */
function levels(book: BookView | undefined, side: 'bids' | 'asks'): Record<string, number> {
  return Object.fromEntries((book?.[side] ?? []).map(({ price, quantity }) => [price, Number(quantity)]));
}

function levelsOf(orders: readonly Order[], wanted: 'buy' | 'sell'): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { price, side, left } of orders) if (side === wanted) found[price] = (found[price] ?? 0) + left;
  return found;
}

describe('a record that a naive venue made of itself', () => {
  it('A LOBSTER record that a naive venue made of itself is as the exchange deals, row for row, and leaves the same book', async () => {
    await fc.assert(
      fc.asyncProperty(record, async (venue) => {
        fc.pre(venue.rows.length > 0);
        const { report, book } = await played(textOf(venue.rows), { format: 'lobster' });
        expect(report.mismatches).toEqual([]);
        expect(report.tally.kinds.execution.held).toBe(venue.rows.filter(isExecution).length);
        expect(levels(book, 'bids')).toEqual(levelsOf(venue.orders, 'buy'));
        expect(levels(book, 'asks')).toEqual(levelsOf(venue.orders, 'sell'));
      }),
      runs(60),
    );
  });

  it.each(Object.keys(corruptions))(
    'A LOBSTER record that a naive venue made of itself with %s is contradicted in that row, and in no other',
    async (name) => {
      let corrupted = 0;
      await fc.assert(
        fc.asyncProperty(record, fc.nat(10_000), fc.nat(10_000), async (venue, start, pick) => {
          const found = corrupt(venue, corruptions[name], start, pick);
          fc.pre(found !== undefined);
          corrupted += 1;
          const { report } = await played(textOf(found.rows), { format: 'lobster' });
          expect(report.mismatches.map(({ line }) => line)).toEqual([found.index + 1]);
        }),
        { ...runs(60), maxSkipsPerRun: 1_000 },
      );
      expect(corrupted).toBeGreaterThan(0);
    },
  );

  it('A LOBSTER record that a naive venue made of itself is followed where an execution is at another price: the book in the end is the record’s', async () => {
    await fc.assert(
      fc.asyncProperty(record, fc.nat(10_000), fc.nat(10_000), async (venue, start, pick) => {
        const found = corrupt(venue, corruptions['an execution at another price'], start, pick);
        fc.pre(found !== undefined);
        const { book } = await played(textOf(found.rows), { format: 'lobster' });
        expect(levels(book, 'bids')).toEqual(levelsOf(venue.orders, 'buy'));
        expect(levels(book, 'asks')).toEqual(levelsOf(venue.orders, 'sell'));
      }),
      { ...runs(60), maxSkipsPerRun: 1_000 },
    );
  });

  it('A LOBSTER record that a naive venue made of itself without one of its rows is contradicted once at the most', async () => {
    await fc.assert(
      fc.asyncProperty(record, fc.nat(10_000), async (venue, pick) => {
        fc.pre(venue.rows.length > 1);
        const rows = venue.rows.toSpliced(pick % venue.rows.length, 1);
        const { report } = await played(textOf(rows), { format: 'lobster' });
        expect(report.mismatches.length).toBeLessThanOrEqual(1);
      }),
      runs(100),
    );
  });
});

/** The first row from `start` on that can be wrong in this way, and all rows with that one wrong. */
function corrupt(
  venue: NaiveVenue,
  corruption: Corruption | undefined,
  start: number,
  pick: number,
): { readonly rows: readonly Row[]; readonly index: number } | undefined {
  const { rows } = venue;
  for (let step = 0; step < rows.length; step += 1) {
    const index = (start + step) % rows.length;
    const row = rows[index];
    const wrong = row && corruption?.(row, venue, index, pick);
    if (wrong !== undefined) return { rows: rows.with(index, wrong), index };
  }
  return undefined;
}
