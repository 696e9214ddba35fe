import { describe, expect, it } from 'vitest';
import { bookDepthNeeded, checkStep } from '../../../../src/flow/checks/expectations.js';
import { emptyTally, expectationKinds, failedCount, type Mismatch } from '../../../../src/flow/checks/findings.js';
import type { Outcome, PairedDeal } from '../../../../src/flow/play/outcome.js';
import type { FlowStep } from '../../../../src/flow/step.js';
import { stepsOf } from '../reading.js';

interface Checked {
  /** Kinds with anything to count: held, failed. */
  readonly counts: Record<string, [number, number]>;
  readonly mismatches: readonly Mismatch[];
  readonly refusalsTolerated: number;
}

function checkOne(step: FlowStep, outcome: Outcome): Checked {
  const tally = emptyTally();
  const mismatches = checkStep('f.txt', step, outcome, tally);
  const counted = expectationKinds.filter((kind) => tally.kinds[kind].held + tally.kinds[kind].failed > 0);
  const counts = Object.fromEntries(
    counted.map((kind): [string, [number, number]] => [kind, [tally.kinds[kind].held, tally.kinds[kind].failed]]),
  );
  expect(failedCount(tally)).toBe(mismatches.length);
  return { counts, mismatches, refusalsTolerated: tally.refusalsTolerated };
}

/** The last step of a script that begins with its scenario in line 1: the command in line 2, expectations from line 3. */
async function lastStep(...lines: readonly string[]): Promise<FlowStep> {
  const step = (await stepsOf('scenario made_up', ...lines)).at(-1);
  if (step === undefined) throw new Error('no step');
  return step;
}

async function check(outcome: Outcome, ...lines: readonly string[]): Promise<Checked> {
  return checkOne(await lastStep(...lines), outcome);
}

const deal = (taker: string, maker: string, price: number, quantity: number): Outcome['deals'][number] => {
  return { taker, maker, price, quantity };
};
const nothing: Outcome = { deals: [] };

describe('the deals of a command', () => {
  it('The deals of a command hold when they are those listed, in order', async () => {
    const outcome = { deals: [deal('3', '1', 50, 5), deal('3', '2', 50, 2)] };
    expect(await check(outcome, 'post 3 B 50 7', 'deal 3 1 50 5', 'deal 3 2 50 2')).toEqual({
      counts: { accepted: [1, 0], deal: [2, 0], noDeal: [1, 0] },
      mismatches: [],
      refusalsTolerated: 0,
    });
  });

  it('The deals of a command fail where they differ, are out of order, or are missing, with the line of each', async () => {
    const outcome = { deals: [deal('3', '2', 50, 5), deal('3', '1', 50, 2)] };
    const { counts, mismatches } = await check(
      outcome,
      'post 3 B 50 7',
      'deal 3 1 50 5',
      'deal 3 2 50 2',
      'deal 3 4 50 1',
    );
    expect(counts).toMatchObject({ deal: [0, 3], noDeal: [1, 0] });
    expect(mismatches).toEqual([
      { file: 'f.txt', line: 3, kind: 'deal', expected: 'deal 3 1 50 5', got: 'deal 3 2 50 5' },
      { file: 'f.txt', line: 4, kind: 'deal', expected: 'deal 3 2 50 2', got: 'deal 3 1 50 2' },
      { file: 'f.txt', line: 5, kind: 'deal', expected: 'deal 3 4 50 1', got: 'no deal' },
    ]);
  });

  it.each([
    ['taker', deal('4', '1', 50, 5)],
    ['maker', deal('3', '2', 50, 5)],
    ['price', deal('3', '1', 51, 5)],
    ['quantity', deal('3', '1', 50, 4)],
  ])('The deals of a command fail for another %s', async (_, made) => {
    expect((await check({ deals: [made] }, 'post 3 B 50 7', 'deal 3 1 50 5')).counts).toMatchObject({ deal: [0, 1] });
  });

  it('The deals of a command fail where there are more than listed, or any where none is', async () => {
    const outcome = { deals: [deal('3', '1', 50, 5), deal('3', '2', 50, 1), deal('3', '4', 50, 1)] };
    expect((await check(outcome, 'post 3 B 50 7', 'deal 3 1 50 5')).mismatches).toEqual([
      {
        file: 'f.txt',
        line: 2,
        kind: 'noDeal',
        expected: 'no deal after the 1 listed',
        got: 'deal 3 2 50 1, and 1 more',
      },
    ]);
    expect((await check(outcome, 'withdraw 3')).mismatches).toEqual([
      { file: 'f.txt', line: 2, kind: 'noDeal', expected: 'no deal', got: 'deal 3 1 50 5, and 2 more' },
    ]);
    expect((await check(nothing, 'post 3 B 50 7')).counts).toEqual({ accepted: [1, 0], noDeal: [1, 0] });
  });

  it('The deals of a command may be any where the flow does not list its deals', async () => {
    const step = { ...(await lastStep('post 3 B 50 7')), dealsStated: false };
    expect(checkOne(step, { deals: [deal('3', '1', 50, 5)] }).counts).toEqual({ accepted: [1, 0] });
  });
});

describe('a refusal', () => {
  it('A refusal in a flow holds where it is expected, and fails where it is missing', async () => {
    expect((await check({ deals: [], refused: 'UNKNOWN_INTENTION' }, 'withdraw 9', 'rejected')).counts).toEqual({
      rejected: [1, 0],
      noDeal: [1, 0],
    });
    expect((await check(nothing, 'withdraw 9', 'rejected')).mismatches).toEqual([
      { file: 'f.txt', line: 3, kind: 'rejected', expected: 'rejected', got: 'accepted' },
    ]);
  });

  it('A refusal in a flow fails where it is not expected', async () => {
    expect((await check({ deals: [], refused: 'PRICE_OFF_TICK' }, 'post 9 B 5 5')).mismatches).toEqual([
      { file: 'f.txt', line: 2, kind: 'accepted', expected: 'accepted', got: 'refused PRICE_OFF_TICK' },
    ]);
  });

  it('A refusal in a flow is tolerated where the intention may be from before the flow, and that is why', async () => {
    const step = { ...(await lastStep('withdraw 9')), dealsStated: false, mayBeUnknown: true };
    const tolerated = checkOne(step, { deals: [], refused: 'UNKNOWN_INTENTION' });
    expect(tolerated).toEqual({ counts: {}, mismatches: [], refusalsTolerated: 1 });
    expect(checkOne(step, { deals: [], refused: 'SHARD_UNAVAILABLE' }).counts).toEqual({ accepted: [0, 1] });
  });
});

describe('an auction', () => {
  const paired = (buyer: string, seller: string, price: number, quantity: number): PairedDeal => {
    return { buyer, seller, price, quantity };
  };
  const outcomeOf = (price: number | undefined, volume: number, ...deals: readonly PairedDeal[]): Outcome => {
    return { deals: [], auction: { price, volume, deals } };
  };

  it('An auction in a flow holds by price and volume alone, where nothing else is listed', async () => {
    const outcome = outcomeOf(50, 5, paired('1', '2', 50, 5));
    expect((await check(outcome, 'uncross 50 5')).counts).toEqual({ accepted: [1, 0], uncross: [1, 0] });
    expect((await check(outcomeOf(undefined, 0), 'uncross 0 0')).counts).toMatchObject({ uncross: [1, 0] });
    expect((await check(outcome, 'uncross 51 5')).mismatches).toEqual([
      { file: 'f.txt', line: 2, kind: 'uncross', expected: 'uncross 51 5', got: 'uncross 50 5' },
    ]);
    expect((await check(outcome, 'uncross 50 6')).counts).toMatchObject({ uncross: [0, 1] });
  });

  it('An auction in a flow holds by its deals, in order, buyer first', async () => {
    const outcome = outcomeOf(50, 7, paired('1', '2', 50, 5), paired('1', '3', 50, 2));
    const right = await check(outcome, 'uncross 50 7', 'deal 1 2 50 5', 'deal 1 3 50 2');
    expect(right.counts).toEqual({ accepted: [1, 0], uncross: [1, 0], deal: [2, 0], noDeal: [1, 0] });
    const swapped = await check(outcome, 'uncross 50 7', 'deal 1 3 50 2', 'deal 2 1 50 5');
    expect(swapped.counts).toMatchObject({ deal: [0, 2] });
    const short = await check(outcome, 'uncross 50 7', 'deal 1 2 50 5');
    expect(short.mismatches).toMatchObject([{ line: 2, kind: 'noDeal', got: 'deal 1 3 50 2' }]);
  });

  it('An auction in a flow holds by its fills, however they are paired and ordered', async () => {
    const outcome = outcomeOf(50, 7, paired('1', '2', 50, 5), paired('1', '3', 50, 1), paired('4', '3', 50, 1));
    const fills = ['fill 3 50 2', 'fill 1 50 6', 'fill 2 50 5', 'fill 4 50 1'];
    expect((await check(outcome, 'uncross 50 7', ...fills)).counts).toMatchObject({ fill: [4, 0] });
  });

  it('An auction in a flow fails for a fill that differs, is missing, is at a price of its own, or is not named', async () => {
    const outcome = outcomeOf(50, 7, paired('1', '2', 50, 5), paired('1', '3', 51, 2));
    const fills = ['fill 1 50 7', 'fill 2 50 4', 'fill 9 50 1'];
    expect((await check(outcome, 'uncross 50 7', ...fills)).mismatches).toEqual([
      { file: 'f.txt', line: 3, kind: 'fill', expected: 'fill 1 50 7', got: 'fill 1 at different prices 7' },
      { file: 'f.txt', line: 4, kind: 'fill', expected: 'fill 2 50 4', got: 'fill 2 50 5' },
      { file: 'f.txt', line: 5, kind: 'fill', expected: 'fill 9 50 1', got: 'no fill' },
      { file: 'f.txt', line: 2, kind: 'fill', expected: 'no fill of 3', got: 'fill 3 51 2' },
    ]);
  });

  it('An auction in a flow may fill intentions at market that are not named, and must fill them as named', async () => {
    const lines = ['post u1 B market 5', 'post u2 B market 5', 'post 1 S 50 7', 'uncross 50 7', 'fill 1 50 7'];
    const outcome = outcomeOf(50, 7, paired('u1', '1', 50, 5), paired('u2', '1', 50, 2));
    expect((await check(outcome, ...lines)).counts).toMatchObject({ fill: [1, 0] });
    expect((await check(outcome, ...lines, 'fill u2 50 3')).mismatches).toMatchObject([{ kind: 'fill', line: 7 }]);
  });

  it('An auction in a flow fails with all that it expected where it is refused, and holds where that was expected', async () => {
    const refused = { deals: [], refused: 'WRONG_PHASE' };
    const { counts, mismatches } = await check(refused, 'uncross 50 7', 'deal 1 2 50 5', 'fill 3 50 2');
    expect(counts).toEqual({ accepted: [0, 1], uncross: [0, 1], deal: [0, 1], noDeal: [1, 0], fill: [0, 1] });
    expect(mismatches[1]?.got).toBe('refused WRONG_PHASE');
    expect((await check(refused, 'uncross 50 7', 'rejected')).counts).toEqual({ rejected: [1, 0] });
  });
});

describe('the book after a command', () => {
  const level = (price: number, quantity: number): { price: number; quantity: number } => ({ price, quantity });
  const book = { bids: [level(50, 5), level(49, 1)], asks: [level(51, 2)] };

  it('The book after a command is needed as deep as the lines ask', async () => {
    expect(bookDepthNeeded(await lastStep('withdraw 1', 'rejected'))).toBe(0);
    expect(bookDepthNeeded(await lastStep('withdraw 1', 'top 0 0 0 0'))).toBe(1);
    expect(bookDepthNeeded(await lastStep('withdraw 1', 'top 0 0 0 0', 'book b a'))).toBe(10);
    expect(() => checkOne({ ...nothingStep, expectations: [topExpected] }, nothing)).toThrow(/without the book/);
  });

  it('The book after a command holds level by level', async () => {
    expect((await check({ ...nothing, book }, 'withdraw 1', 'book b 50 5 49 1 a 51 2')).counts).toMatchObject({
      book: [1, 0],
    });
  });

  it.each(['b 50 5 a 51 2', 'b 50 5 49 1 48 1 a 51 2', 'b 50 5 49 2 a 51 2', 'b 50 5 48 1 a 51 2', 'b 50 5 49 1 a'])(
    'The book after a command fails where it is not %s',
    async (expected) => {
      expect((await check({ ...nothing, book }, 'withdraw 1', `book ${expected}`)).mismatches).toEqual([
        { file: 'f.txt', line: 3, kind: 'book', expected: `book ${expected}`, got: 'book b 50 5 49 1 a 51 2' },
      ]);
    },
  );

  it('The book after a command is compared by its ten best levels, and has no fewer where ten are listed', async () => {
    const bids = Array.from({ length: 12 }, (_, index) => level(50 - index, 1));
    const ten = bids.slice(0, 10).map(({ price }) => `${price} 1`);
    const line = `book b ${ten.join(' ')} a`;
    expect((await check({ ...nothing, book: { bids, asks: [] } }, 'withdraw 1', line)).counts.book).toEqual([1, 0]);
    const nine = { bids: bids.slice(0, 9), asks: [] };
    expect((await check({ ...nothing, book: nine }, 'withdraw 1', line)).counts.book).toEqual([0, 1]);
  });

  it('The book after a command holds by its top, with zeros for an empty side', async () => {
    const oneSided = { bids: book.bids, asks: [] };
    expect((await check({ ...nothing, book: oneSided }, 'withdraw 1', 'top 50 5 0 0')).counts.top).toEqual([1, 0]);
    expect((await check({ ...nothing, book }, 'withdraw 1', 'top 50 5 0 0')).mismatches).toEqual([
      { file: 'f.txt', line: 3, kind: 'top', expected: 'top 50 5 0 0', got: 'top 50 5 51 2' },
    ]);
    expect((await check({ ...nothing, book: oneSided }, 'withdraw 1', 'top 50 5 51 2')).counts.top).toEqual([0, 1]);
  });

  it('The book after a command is all that a new scenario is asked for', async () => {
    const empty = { bids: [], asks: [] };
    expect((await check({ ...nothing, book: empty }, 'top 0 0 0 0', 'book b a')).counts).toEqual({
      book: [1, 0],
      top: [1, 0],
    });
  });

  const nothingStep: FlowStep = {
    lineNumber: 1,
    command: { kind: 'withdraw', id: '1' },
    expectations: [],
    dealsStated: true,
    mayBeUnknown: false,
  };
  const topExpected = { lineNumber: 2, expected: { kind: 'top', bid: level(0, 0), ask: level(0, 0) } } as const;
});
