import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planUncross } from '../../../../src/domain/board/auction.js';
import { EngineHarness } from '../../../support/reference/engine-harness.js';

/** Lots and limit; without a limit it is a market intention. */
type Wish = readonly [lots: number, at?: number | undefined];

/** A harness in its call phase, with these intentions on it, buyers first. */
function collected(buyers: readonly Wish[], sellers: readonly Wish[]): EngineHarness {
  const harness = new EngineHarness();
  harness.phase('Call');
  for (const [lots, at] of buyers) harness.buy(lots, { at });
  for (const [lots, at] of sellers) harness.sell(lots, { at });
  return harness;
}

/**
 * Each was worked out by hand: for every limit, what buyers would take and sellers would give at it. The rule is that of the Shanghai
 * Stock Exchange: most volume, then least surplus, then the price nearer to the side in surplus.
 */
const examples: readonly {
  readonly says: string;
  readonly buyers: readonly Wish[];
  readonly sellers: readonly Wish[];
  readonly price: number;
  readonly volume: number;
}[] = [
  {
    // at 10: 5 against 3; at 11: 5 against 8
    says: 'the price with the most volume',
    buyers: [[5, 11]],
    sellers: [
      [3, 10],
      [5, 11],
    ],
    price: 11,
    volume: 5,
  },
  {
    // at 10: 9 against 6, surplus 3; at 12: 6 against 8, surplus −2
    says: 'of those with the most volume, the one with the least surplus',
    buyers: [
      [6, 12],
      [3, 10],
    ],
    sellers: [
      [6, 10],
      [2, 12],
    ],
    price: 12,
    volume: 6,
  },
  {
    // at 10 and at 12: 8 against 5
    says: 'the highest, where buyers are in surplus at each',
    buyers: [[8, 12]],
    sellers: [[5, 10]],
    price: 12,
    volume: 5,
  },
  {
    says: 'the lowest, where sellers are in surplus at each',
    buyers: [[5, 12]],
    sellers: [[8, 10]],
    price: 10,
    volume: 5,
  },
  {
    // balanced at 10 and at 13: the middle is 11.5
    says: 'the middle, rounded down, where the sides balance at several',
    buyers: [[5, 13]],
    sellers: [[5, 10]],
    price: 11,
    volume: 5,
  },
  {
    // at 10: 7 against 5, surplus 2; at 15: 5 against 7, surplus −2
    says: 'the middle, rounded down, where the surplus changes sides between two',
    buyers: [
      [5, 15],
      [2, 10],
    ],
    sellers: [
      [5, 10],
      [2, 15],
    ],
    price: 12,
    volume: 5,
  },
  {
    // at 9 and 10: 7 against 5; at 15 and 20: 5 against 7. The last of buyers in surplus is 10, the first of sellers 15.
    says: 'the middle of those two that are nearest to each other',
    buyers: [
      [5, 20],
      [2, 10],
    ],
    sellers: [
      [5, 9],
      [2, 15],
    ],
    price: 12,
    volume: 5,
  },
  {
    // the market buyer’s 4 count at every price: at 10: 4 against 6; sellers in surplus
    says: 'one that market intentions have a part in',
    buyers: [[4]],
    sellers: [[6, 10]],
    price: 10,
    volume: 4,
  },
  {
    // at 10: 3 + 4 against 2 + 5
    says: 'one at which market intentions stand on both sides',
    buyers: [[3], [4, 10]],
    sellers: [[2], [5, 10]],
    price: 10,
    volume: 7,
  },
  { says: 'none, where nothing crosses', buyers: [[5, 9]], sellers: [[5, 10]], price: 0, volume: 0 },
  { says: 'none, where there are only market intentions', buyers: [[5]], sellers: [[5]], price: 0, volume: 0 },
  { says: 'none, where one side is empty', buyers: [[5, 9]], sellers: [], price: 0, volume: 0 },
];

describe('the auction’s price', () => {
  it.each(examples)('The auction’s price is $says', ({ buyers, sellers, price, volume }) => {
    const harness = collected(buyers, sellers);
    expect(harness.uncross()).toEqual({ priceTicks: price, volumeLots: volume });
    expect(harness.deals.reduce((sum, { lots }) => sum + lots, 0)).toBe(volume);
    for (const { priceTicks } of harness.deals) expect(priceTicks).toBe(price);
  });

  it('The auction’s price trades the most volume and leaves the least surplus of all limits, whatever stands', () => {
    const wish = fc.tuple(
      fc.integer({ min: 1, max: 9 }),
      fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined, freq: 8 }),
    );
    const side = fc.array(wish, { maxLength: 12 });
    fc.assert(
      fc.property(side, side, (buyers, sellers) => {
        const harness = collected(buyers, sellers);
        const { priceTicks, volumeLots } = planUncross(harness.acme.board);
        const demand = (at: number): number => total(buyers.filter(([, limit]) => limit === undefined || limit >= at));
        const supply = (at: number): number => total(sellers.filter(([, limit]) => limit === undefined || limit <= at));
        const limits = [...buyers, ...sellers].flatMap(([, limit]) => limit ?? []);
        const most = Math.max(0, ...limits.map((at) => Math.min(demand(at), supply(at))));
        expect(volumeLots).toBe(most);
        if (most === 0) return;
        expect(Math.min(demand(priceTicks), supply(priceTicks))).toBe(most);
        const surpluses = limits
          .filter((at) => Math.min(demand(at), supply(at)) === most)
          .map((at) => Math.abs(demand(at) - supply(at)));
        expect(Math.abs(demand(priceTicks) - supply(priceTicks))).toBeLessThanOrEqual(Math.min(...surpluses));
      }),
      { numRuns: 400 },
    );
  });
});

function total(wishes: readonly Wish[]): number {
  return wishes.reduce((sum, [lots]) => sum + lots, 0);
}

describe('the auction’s deals', () => {
  it('The auction’s deals come in the order of both sides: market intentions, then price, then time; of a pair the older proposes', () => {
    const harness = new EngineHarness();
    harness.phase('Call');
    const lowBuyer = harness.buy(2, { at: 10 });
    const seller = harness.sell(4, { at: 9 });
    const highBuyer = harness.buy(3, { at: 12 });
    const marketSeller = harness.sell(2);
    const marketBuyer = harness.buy(1);
    const laterSeller = harness.sell(4, { at: 9 });
    // buyers: market 1, 12: 3, 10: 2; sellers: market 2, 9: 4, 9: 4. At 9 and 10: 6 against 10.
    expect(harness.uncross()).toEqual({ priceTicks: 9, volumeLots: 6 });
    expect(harness.deals).toEqual([
      { initiatorId: marketSeller, responderId: marketBuyer, priceTicks: 9, lots: 1 },
      { initiatorId: highBuyer, responderId: marketSeller, priceTicks: 9, lots: 1 },
      { initiatorId: seller, responderId: highBuyer, priceTicks: 9, lots: 2 },
      { initiatorId: lowBuyer, responderId: seller, priceTicks: 9, lots: 2 },
    ]);
    expect(harness.open(seller)).toBe(0);
    expect(harness.open(laterSeller)).toBe(4);
  });

  it('The auction’s deals leave no market intention standing', () => {
    const harness = collected([[9]], [[5, 10]]);
    harness.uncross();
    expect(harness.standing('bids')).toEqual([]);
    expect(harness.events.at(-1)).toMatchObject({ type: 'IntentionWithdrawn', reason: 'marketRemainder' });
  });

  it('The auction’s deals leave the rest of the limits standing, in their order, and the phase as it is', () => {
    const harness = collected(
      [
        [5, 12],
        [5, 11],
      ],
      [[7, 10]],
    );
    harness.uncross();
    expect(harness.standing('bids')).toHaveLength(1);
    expect(harness.post(0, 1, { at: 11, postOnly: true })).toBe('WRONG_PHASE');
  });
});

describe('phases', () => {
  it('A call phase collects what crosses without dealing', () => {
    const harness = collected([[5, 12]], [[5, 10]]);
    expect(harness.deals).toEqual([]);
    expect(harness.standing('bids')).toHaveLength(1);
    expect(harness.standing('asks')).toHaveLength(1);
  });

  it('A call phase keeps market intentions, before all others', () => {
    const harness = collected([[5, 12], [5]], []);
    expect(harness.standing('bids')).toEqual([2, 1]);
  });

  it('A change from call to continuous is refused while the board is crossed, and so is an uncross outside a call', () => {
    const harness = collected([[5, 12]], [[5, 10]]);
    expect(harness.phase('Continuous')).toBe('WRONG_PHASE');
    harness.uncross();
    expect(harness.phase('Continuous')).toBeUndefined();
    expect(harness.uncross()).toBe('WRONG_PHASE');
  });

  it('A change from call to continuous withdraws market intentions that met nobody', () => {
    const harness = collected([[5]], []);
    expect(harness.phase('Continuous')).toBeUndefined();
    expect(harness.standing('bids')).toEqual([]);
  });

  it('A change to the phase that it is in records nothing', () => {
    const harness = new EngineHarness();
    const before = harness.events.length;
    expect(harness.phase('Continuous')).toBeUndefined();
    expect(harness.events).toHaveLength(before);
  });

  it('A continuous phase after a call deals intentions as they arrive', () => {
    const harness = collected([[5, 12]], [[5, 10]]);
    harness.uncross();
    harness.phase('Continuous');
    harness.sell(1, { at: 10 });
    harness.buy(1, { at: 10 });
    expect(harness.deals).toHaveLength(2);
  });
});
