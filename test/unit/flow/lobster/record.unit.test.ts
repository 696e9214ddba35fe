import { describe, expect, it } from 'vitest';
import { mismatchesIn, played, type Played } from '../playing.js';

/** Columns without the time, which means nothing to the exchange. */
function play(...rows: readonly string[]): Promise<Played> {
  return played(rows.map((row) => `34200,${row}\n`).join(''), { format: 'lobster' });
}

/** Bids and asks, best first: price and quantity. */
function bookOf({ book }: Played): readonly (readonly string[])[] {
  return [book?.bids ?? [], book?.asks ?? []].map((side) =>
    side.map(({ price, quantity }) => `${price} × ${quantity}`),
  );
}

/** How many executions were as recorded, otherwise, not at all. */
function executionsOf({ report: { tally } }: Played): readonly number[] {
  const { held, failed } = tally.kinds.execution;
  return [held, failed - tally.executionsNotMade, tally.executionsNotMade];
}

describe('an execution in a LOBSTER record', () => {
  it('A LOBSTER execution that goes past a better order is a mismatch, and that order still stands after it, in its place', async () => {
    const run = await play(
      '1,11,10,1000000,-1',
      '1,13,5,1000000,-1',
      '1,12,10,1000100,-1',
      '4,12,10,1000100,-1',
      '4,11,10,1000000,-1',
      '4,13,5,1000000,-1',
    );
    expect(mismatchesIn(run.report)).toEqual([[4, 'deal x4 12 1000100 10', 'deal x4 11 1000000 10']]);
    expect(executionsOf(run)).toEqual([2, 1, 0]);
    expect(bookOf(run)).toEqual([[], []]);
  });

  it('A LOBSTER execution that goes past an older order at its price is a mismatch', async () => {
    const run = await play('1,11,10,1000000,1', '1,12,10,1000000,1', '4,12,4,1000000,1');
    expect(mismatchesIn(run.report)).toEqual([[3, 'deal x3 12 1000000 4', 'deal x3 11 1000000 4']]);
    expect(bookOf(run)).toEqual([['1000000 × 16'], []]);
  });

  it('A LOBSTER execution names every deal that was made in its place, the first three in full', async () => {
    const some = ['1,11,1,1000000,1', '1,12,1,1000000,1', '1,13,1,1000000,1', '1,14,1,1000000,1', '1,15,9,1000000,1'];
    const { report } = await play(...some, '4,15,9,1000000,1');
    expect(mismatchesIn(report).map(([, , got]) => got)).toEqual([
      'deal x6 11 1000000 1, deal x6 12 1000000 1, deal x6 13 1000000 1, and 2 more',
    ]);
  });

  it('A LOBSTER execution that no order reaches is not made at all, and takes away what the record says', async () => {
    const run = await play('1,11,10,1000000,1', '4,11,4,1000100,1');
    expect(mismatchesIn(run.report)).toEqual([[2, 'deal x2 11 1000100 4', 'no deal']]);
    expect(executionsOf(run)).toEqual([0, 0, 1]);
    expect(bookOf(run)).toEqual([['1000000 × 6'], []]);
  });

  it('A LOBSTER execution of more than is left deals what there is, and is a mismatch', async () => {
    const run = await play('1,11,10,1000000,1', '1,12,10,999900,1', '4,11,15,1000000,1');
    expect(mismatchesIn(run.report)).toEqual([[3, 'deal x3 11 1000000 15', 'deal x3 11 1000000 10']]);
    expect(bookOf(run)).toEqual([['999900 × 10'], []]);
  });

  it('A LOBSTER execution may come in parts, each of them as recorded', async () => {
    const run = await play('1,11,10,1000000,1', '4,11,4,1000000,1', '2,11,1,1000000,1', '4,11,5,1000000,1');
    expect(run.report.mismatches).toEqual([]);
    expect(executionsOf(run)).toEqual([2, 0, 0]);
  });

  it('A LOBSTER execution of an order from before the file cannot be judged', async () => {
    const run = await play('1,11,10,1000000,1', '4,7,4,1000100,1');
    expect(run.report.mismatches).toEqual([]);
    expect(run.report.skipped.notPosted).toBe(1);
    expect(bookOf(run)).toEqual([['1000000 × 10'], []]);
  });

  it('A LOBSTER execution of a hidden order changes nothing that can be seen', async () => {
    const run = await play('1,11,10,1000000,1', '5,0,4,1000050,1', '4,11,10,1000000,1');
    expect(run.report.mismatches).toEqual([]);
    expect(executionsOf(run)).toEqual([1, 0, 0]);
  });

  it('A LOBSTER execution at a price or of a size that the exchange does not count is not made at all', async () => {
    const run = await play('1,11,10,1000000,-1', '4,11,10,3000000000,-1');
    expect(mismatchesIn(run.report)).toEqual([[2, 'deal x2 11 3000000000 10', 'refused PRICE_OUT_OF_BAND']]);
    expect(bookOf(run)).toEqual([[], []]);
  });
});

describe('an order that gets in the way again after a mismatch', () => {
  const passedOver = ['1,11,10,1000000,-1', '1,12,10,1000100,-1', '1,13,10,1000100,-1', '4,12,10,1000100,-1'];

  it('A LOBSTER order that gets in the way again after a mismatch is put aside, and no mismatch a second time', async () => {
    const run = await play(...passedOver, '4,13,10,1000100,-1');
    expect(run.report.mismatches.map(({ line }) => line)).toEqual([4]);
    expect(executionsOf(run)).toEqual([1, 1, 0]);
  });

  it('A LOBSTER order that gets in the way again after a mismatch comes back when it is executed itself', async () => {
    const run = await play(...passedOver, '4,13,4,1000100,-1', '4,11,4,1000000,-1');
    expect(executionsOf(run)).toEqual([2, 1, 0]);
    expect(bookOf(run)).toEqual([[], ['1000000 × 6', '1000100 × 6']]);
  });

  it('A LOBSTER order that gets in the way again after a mismatch is not counted again where the record contradicts what it said of it', async () => {
    const run = await play(...passedOver, '3,12,10,1000100,-1', '4,12,10,1000100,-1');
    expect(run.report.mismatches.map(({ line }) => line)).toEqual([4]);
    expect(run.report.skipped.inDoubt).toBe(2);
  });
});

describe('a new order in a LOBSTER record', () => {
  it.each([
    ['locks', 1_000_000],
    ['crosses', 1_000_100],
  ])(
    'A new LOBSTER order that %s the book is a mismatch; it stands once that is gone which it met',
    async (_, price) => {
      const run = await play('1,11,10,1000000,-1', `1,12,15,${price},1`, '3,11,10,1000000,-1', `4,12,15,${price},1`);
      expect(mismatchesIn(run.report)).toEqual([[2, 'no deal', 'deal 12 11 1000000 10']]);
      expect(executionsOf(run)).toEqual([1, 0, 0]);
    },
  );

  it('A new LOBSTER order under an id that is in use is a mismatch', async () => {
    const run = await play('1,11,10,1000000,-1', '1,11,5,1000100,-1', '4,11,10,1000000,-1');
    expect(mismatchesIn(run.report)).toEqual([[2, 'accepted', 'refused CLIENT_ID_REUSED']]);
    expect(executionsOf(run)).toEqual([1, 0, 0]);
  });

  it('A new LOBSTER order at a price that the exchange does not count is a mismatch, and what is said of it later none', async () => {
    const run = await play('1,11,10,3000000000,-1', '2,11,5,3000000000,-1', '3,11,5,3000000000,-1');
    expect(mismatchesIn(run.report)).toEqual([[1, 'accepted', 'refused PRICE_OUT_OF_BAND']]);
  });
});

describe('a cancellation or deletion in a LOBSTER record', () => {
  it.each([
    ['of more than is left', ['1,11,10,1000000,1', '2,11,11,1000000,1'], 'refused NOT_LESS'],
    [
      'of an order that is gone',
      ['1,11,10,1000000,1', '3,11,10,1000000,1', '3,11,1,1000000,1'],
      'refused INTENTION_CLOSED',
    ],
  ])('A LOBSTER cancellation or deletion %s is a mismatch, and the order is gone after it', async (_, rows, got) => {
    const run = await play(...rows);
    expect(mismatchesIn(run.report)).toEqual([[rows.length, 'accepted', got]]);
    expect(bookOf(run)).toEqual([[], []]);
  });

  it('A LOBSTER cancellation or deletion of all that is left withdraws it', async () => {
    const run = await play('1,11,10,1000000,1', '2,11,10,1000000,1');
    expect(run.report.mismatches).toEqual([]);
    expect(bookOf(run)).toEqual([[], []]);
  });
});

describe('a halt in a LOBSTER record', () => {
  const [halt, quotes, trading] = ['7,0,0,-1,-1', '7,0,0,0,-1', '7,0,0,1,-1'];

  it('A LOBSTER halt lets orders cross without a deal, and what its auction executes is only followed', async () => {
    const rows = ['1,11,10,1000000,-1', halt, quotes, '1,12,10,1000100,1', '4,12,10,1000100,1', '4,11,4,1000000,-1'];
    const run = await play(...rows, trading, '4,11,6,1000000,-1');
    expect(run.report.mismatches).toEqual([]);
    expect(run.report.skipped).toMatchObject({ halted: 2, halt: 1 });
    expect(executionsOf(run)).toEqual([1, 0, 0]);
  });

  it('A LOBSTER halt that ends with a crossed book is a mismatch, and trading goes on with the older orders', async () => {
    const rows = ['1,11,10,1000000,-1', halt, '1,12,10,1000100,1', trading, '1,13,5,1000200,-1', '4,11,10,1000000,-1'];
    const run = await play(...rows);
    expect(mismatchesIn(run.report)).toEqual([[4, 'accepted', 'refused WRONG_PHASE']]);
    expect(executionsOf(run)).toEqual([1, 0, 0]);
    expect(bookOf(run)).toEqual([['1000100 × 10'], ['1000200 × 5']]);
  });
});
