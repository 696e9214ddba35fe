import { describe, expect, it } from 'vitest';
import { UsedClientIds } from '../../../../projections/audit/state/used-client-ids.js';
import { isCovered, Postings, settlesAsDecided } from '../../../../projections/audit/checks/predicates.js';
import { PriceQueue, type QueueEntry } from '../../../../projections/audit/state/price-queue.js';
import { MAX_LOTS, MAX_TICKS, Outcome, Pricing, Side } from '../../../../src/domain/terms.js';

interface Entry extends QueueEntry {
  readonly name: string;
}

function entry(name: string, priceTicks: number | undefined): Entry {
  const pricing = priceTicks === undefined ? Pricing.Market : Pricing.Limit;
  return { name, pricing, priceTicks: priceTicks ?? 0 };
}

describe('PriceQueue', () => {
  it.each([
    [Side.Buy, ['market', 'high', 'early', 'late', 'low']],
    [Side.Sell, ['market', 'low', 'early', 'late', 'high']],
  ])('PriceQueue orders side %i by market, price and time', (side, expected) => {
    const queue = new PriceQueue<Entry>(side);
    const entries = [
      entry('early', 10),
      entry('low', 9),
      entry('late', 10),
      entry('high', 11),
      entry('market', undefined),
    ];
    for (const each of entries) queue.add(each);
    expect([...queue.bestFirst()].map(({ name }) => name)).toEqual(expected);
    expect(queue.best?.name).toBe('market');
  });

  it('PriceQueue forgets what is removed, and levels that are empty', () => {
    const queue = new PriceQueue<Entry>(Side.Buy);
    const [first, second, third] = [entry('first', 10), entry('second', 10), entry('third', 9)];
    for (const each of [first, second, third]) queue.add(each);
    queue.remove(first);
    queue.remove(second);
    queue.remove(second);
    expect(queue.best).toBe(third);
    queue.add(first);
    expect([...queue.bestFirst()]).toEqual([first, third]);
  });
});

describe('UsedClientIds', () => {
  it('UsedClientIds tells new ids from used ones, participant by participant', () => {
    const ids = new UsedClientIds();
    for (let index = 0; index < 20_000; index++) {
      expect(ids.add(1 + (index % 3), `order-${index}`)).toBe(true);
    }
    expect(ids.add(1, 'order-0')).toBe(false);
    expect(ids.add(2, 'order-0')).toBe(true);
    expect(ids.add(3, 'order-19999')).toBe(true);
    expect(ids.add(3, 'order-19999')).toBe(false);
  });
});

describe('the invariants', () => {
  it('The predicate of I1 holds while filled and reserved do not exceed the quantity', () => {
    expect(isCovered({ quantityLots: 10, filledLots: 4, reservedLots: 6 })).toBe(true);
    expect(isCovered({ quantityLots: 10, filledLots: 5, reservedLots: 6 })).toBe(false);
    expect(isCovered({ quantityLots: 10, filledLots: 5, reservedLots: -1 })).toBe(false);
  });

  it('The predicate of I3 gives the price of an abort no meaning', () => {
    const aborted = { outcome: Outcome.Aborted, priceTicks: 0, quantityLots: 0 };
    expect(settlesAsDecided(aborted, { ...aborted, priceTicks: 1020 })).toBe(true);
    expect(settlesAsDecided(aborted, { ...aborted, outcome: Outcome.Confirmed })).toBe(false);
  });

  it('The predicate of I6 balances postings to the last lot-tick, however large they are', () => {
    const postings = new Postings();
    for (let count = 0; count < 5; count++) postings.post(Side.Buy, MAX_TICKS, MAX_LOTS);
    expect(postings.isBalanced).toBe(false);
    for (let count = 0; count < 5; count++) postings.post(Side.Sell, MAX_TICKS, MAX_LOTS);
    expect(postings.isBalanced).toBe(true);
    postings.post(Side.Buy, 7, 3);
    postings.post(Side.Sell, 8, 3);
    expect(postings.isBalanced).toBe(false);
    expect(postings.describe()).toBe('0 lots and 3 lot-ticks');
  });
});
