import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLobster } from '../../../../src/flow/lobster/lobster.js';
import { noRowsSkipped, type SkippedRows } from '../../../../src/flow/lobster/record.js';
import type { FlowStep } from '../../../../src/flow/step.js';
import { chunksOf, failureOf, flowErrorOf, stepsIn } from '../reading.js';

async function read(...rows: readonly string[]): Promise<{ steps: FlowStep[]; skipped: SkippedRows }> {
  const skipped = noRowsSkipped();
  const steps = await stepsIn(readLobster(chunksOf(`${rows.join('\n')}\n`), skipped));
  return { steps, skipped };
}

describe('a LOBSTER message file', () => {
  it('A LOBSTER message file becomes posts, reductions, withdrawals, and immediate posts that must deal with the order they name', async () => {
    const { steps, skipped } = await read(
      '34200.1,1,11,100,1000000,1',
      '34200.1,1,12,50,1000100,-1',
      '34200.2,2,11,30,1000000,1',
      '34200.3,4,11,70,1000000,1',
      '34200.4,3,12,50,1000100,-1',
    );
    expect(steps.map(({ lineNumber, command }) => [lineNumber, command])).toEqual([
      [1, { kind: 'scenario', name: undefined, initialPhase: 'continuous' }],
      [1, { kind: 'post', id: '11', side: 'buy', price: 1_000_000, quantity: 100 }],
      [2, { kind: 'post', id: '12', side: 'sell', price: 1_000_100, quantity: 50 }],
      [3, { kind: 'reduce', id: '11', quantity: 30 }],
      [4, { kind: 'post', id: 'x4', side: 'sell', price: 1_000_000, quantity: 70, timeInForce: 'ioc' }],
      [5, { kind: 'withdraw', id: '12' }],
    ]);
    expect(steps.map(({ execution }) => execution)).toEqual([
      ...[undefined, undefined, undefined, undefined],
      { taker: 'x4', maker: '11', price: 1_000_000, quantity: 70 },
      undefined,
    ]);
    expect(steps.every((step) => step.dealsStated && !step.mayBeUnknown && step.isRepair !== true)).toBe(true);
    expect(skipped).toEqual(noRowsSkipped());
  });

  it('A LOBSTER message file may speak of orders from before it begins, but not of its own when they are gone', async () => {
    const { steps } = await read(
      '34200,2,7,10,1000000,1',
      '34200,3,7,10,1000000,1',
      '34200,1,8,10,1000000,1',
      '34200,2,8,4,1000000,1',
      '34200,4,8,6,1000000,1',
      '34200,3,8,6,1000000,1',
    );
    expect(steps.map(({ mayBeUnknown }) => mayBeUnknown)).toEqual([false, true, true, false, false, false, false]);
  });

  it('A LOBSTER message file has rows that are skipped, and counted by reason', async () => {
    const { steps, skipped } = await read(
      '34200.1,4,7,10,1000000,1',
      '34200.1,5,0,10,1000050,-1',
      '34200.1,5,0,10,1000050,1',
      '34200.2,6,-1,900,1000000,-1',
      '34200.4,7,0,0,0,-1',
      '34200.5,7,0,0,1,-1',
    );
    expect(steps.map(({ command }) => command.kind)).toEqual(['scenario']);
    expect(skipped).toEqual({ ...noRowsSkipped(), notPosted: 1, hidden: 2, cross: 1, halt: 2 });
  });

  it('A LOBSTER message file is in call phase while trading is halted', async () => {
    const { steps, skipped } = await read('34200.3,7,0,0,-1,-1', '34200.4,7,0,0,0,-1', '34200.5,7,0,0,1,-1');
    expect(steps.slice(1).map(({ command }) => command)).toEqual([
      { kind: 'phase', phase: 'call' },
      { kind: 'phase', phase: 'continuous' },
    ]);
    expect(skipped.halt).toBe(1);
  });

  it('A LOBSTER message file may have a header, a seventh column, CR LF and blank lines', async () => {
    const { steps } = await read(
      'Time,Type,OrderID,Size,Price,Direction\r',
      '34200.000000001,1,11,100,1000000,1,null\r',
      '\r',
    );
    expect(steps.map(({ command }) => command.kind)).toEqual(['scenario', 'post']);
  });

  it.each([
    ['a column too few', '34200.1,1,11,100,1000000', 'the columns Time,Type,OrderID,Size,Price,Direction'],
    ['two columns too many', '34200.1,1,11,100,1000000,1,a,b', 'the columns Time,'],
    ['no time', 'noon,1,11,100,1000000,1', 'seconds after midnight as Time'],
    ['a negative time', '-1,1,11,100,1000000,1', 'seconds after midnight as Time'],
    ['an unknown type', '34200.1,8,11,100,1000000,1', 'a Type from 1 to 7'],
    ['no id', '34200.1,1,,100,1000000,1', 'an integer as OrderID'],
    ['an id of zero', '34200.1,3,0,100,1000000,1', 'a OrderID above zero'],
    ['a fraction of a share', '34200.1,1,11,0.5,1000000,1', 'an integer as Size'],
    ['no shares', '34200.1,2,11,0,1000000,1', 'a Size above zero'],
    ['a price in dollars', '34200.1,1,11,100,100.01,1', 'an integer as Price'],
    ['a negative price', '34200.1,4,11,100,-1,1', 'a Price above zero'],
    ['a price beyond 2^53', '34200.1,1,11,100,9007199254740993,1', 'an integer as Price'],
    ['no direction', '34200.1,1,11,100,1000000,0', '1 (buy) or -1 (sell) as Direction'],
    ['spaces', '34200.1, 1,11,100,1000000,1', 'a Type from 1 to 7'],
    ['a header in the middle', 'Time,Type,OrderID,Size,Price,Direction', 'seconds after midnight'],
    ['the other format', 'post 1 B 5 5', 'the columns Time,'],
  ])('A LOBSTER message file is refused for %s, with its line', async (_, row, expected) => {
    const error = await flowErrorOf(() => read('34200.1,1,9,100,1000000,1', row));
    expect(error).toMatchObject({ code: 'FLOW_MALFORMED_LINE', where: { line: 2 } });
    expect(error?.message).toContain(`expected ${expected}`);
  });

  it('A LOBSTER message file is refused when it is empty, or a header alone', async () => {
    expect(await failureOf(() => read(''))).toEqual(['FLOW_EMPTY', undefined]);
    expect(await failureOf(() => read('Time,Type,OrderID,Size,Price,Direction'))).toEqual(['FLOW_EMPTY', undefined]);
  });

  it('A LOBSTER message file is never answered by anything but steps or a FlowError', async () => {
    const field = fc.oneof(fc.integer({ min: -2, max: 12 }).map(String), fc.constantFrom('34200.5', '', 'x', '1e3'));
    const row = fc.array(field, { minLength: 5, maxLength: 7 }).map((fields) => fields.join(','));
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 5 }), async (rows) => {
        await flowErrorOf(() => read(...rows));
      }),
    );
  });
});
