import { describe, expect, it } from 'vitest';
import type { Account, OwnMessage } from '../../../../../src/client/own/own-types.js';
import type { Deal, Intention } from '../../../../../src/client/types.js';
import {
  AffairsFold,
  affairsOf,
  limitsWith,
  MOST_DEALS,
  ownDeal,
  placesOf,
} from '../../../../../src/web/participants/one/affairs.js';

const at = '2026-01-05T09:00:00.000Z';
const intention: Intention = {
  ...{ id: '7', clientIntentionId: 'a-7', participant: 'alice', instrument: 'ACME', side: 'buy', type: 'limit' },
  ...{ price: '10.25', quantity: '100', timeInForce: 'gtc', postOnly: false, status: 'open' },
  ...{ open: '100', reserved: '0', filled: '0', postedAt: at, postedPosition: 3, postedQuantity: '100' },
};
const account: Account = {
  ...{ participant: 'alice', position: 10, intentions: [intention], deals: [], moreDeals: false },
  positions: [{ participant: 'alice', instrument: 'ACME', bought: '5', sold: '0', net: '5', cash: '-51.25' }],
};
const base = { channel: 'own', at, position: 11, id: '7', clientIntentionId: 'a-7' } as const;
const state = { instrument: 'ACME', side: 'buy', status: 'open', open: '60', reserved: '0', filled: '40' } as const;
const dealt: OwnMessage = {
  ...{ ...base, ...state, type: 'dealt', deal: '7-1', price: '10.20', quantity: '40' },
  ...{ takerSide: 'buy', counterparty: 'bob' },
};

function after(...messages: readonly OwnMessage[]) {
  const fold = new AffairsFold(affairsOf(account));
  for (const message of messages) fold.take(message);
  return fold.affairs;
}

describe('affairs that are followed', () => {
  it('A deal changes its intention, the position and the last deals', () => {
    const { intentions, positions, deals } = after(dealt);
    expect(intentions).toMatchObject([{ id: '7', open: '60', filled: '40', price: '10.25' }]);
    expect(positions).toEqual([
      { participant: 'alice', instrument: 'ACME', bought: '45', sold: '0', net: '45', cash: '-459.25' },
    ]);
    expect(deals).toMatchObject([{ id: '7-1', sides: ['buy'], counterparty: 'bob', quantity: '40' }]);
  });

  it('A sale takes from the position, and a first deal in an instrument begins one', () => {
    const sold = { ...dealt, instrument: 'GLOBEX', side: 'sell', price: '2.5', quantity: '4' } as const;
    expect(after(sold).positions.at(-1)).toEqual({
      ...{ participant: 'alice', instrument: 'GLOBEX', bought: '0', sold: '4', net: '-4', cash: '10.0' },
    });
  });

  it('A deal with itself is one deal with both sides, and leaves nothing', () => {
    const { positions, deals } = after(dealt, { ...dealt, id: '9', side: 'sell' });
    expect(deals).toMatchObject([{ id: '7-1', sides: ['buy', 'sell'] }]);
    expect(positions[0]).toMatchObject({ bought: '45', sold: '40', net: '5', cash: '-51.25' });
  });

  it('A deal that was looked up already is not shown twice', () => {
    const known = affairsOf(account);
    const fold = new AffairsFold({ ...known, deals: [{ ...dealt, id: '7-1', sides: ['buy'] }] });
    fold.take(dealt);
    expect(fold.affairs.deals).toHaveLength(1);
  });

  it('Only so many deals are kept, the latest first', () => {
    const many = Array.from({ length: MOST_DEALS + 20 }, (_, index) => ({ ...dealt, deal: `7-${index + 1}` }));
    const { deals } = after(...many);
    expect(deals).toHaveLength(MOST_DEALS);
    expect(deals[0]?.id).toBe(`7-${MOST_DEALS + 20}`);
  });

  it('What is posted stands, what is amended has its new price, and what closes is gone', () => {
    const posted: OwnMessage = { ...base, ...state, type: 'posted', id: '8', intention: { ...intention, id: '8' } };
    expect(after(posted).intentions.map(({ id }) => id)).toEqual(['7', '8']);
    expect(after({ ...base, ...state, type: 'amended', price: '9.99' }).intentions).toMatchObject([{ price: '9.99' }]);
    const withdrawn: OwnMessage = { ...base, ...state, type: 'withdrawn', status: 'withdrawn', reason: 'halted' };
    expect(after(posted, withdrawn).intentions.map(({ id }) => id)).toEqual(['8']);
  });

  it('What a promise holds is shown, and released', () => {
    const reserved: OwnMessage = {
      ...{ ...base, ...state, type: 'reserved', reserved: '40', deal: '7-2', price: '10', quantity: '40' },
    };
    expect(after(reserved).intentions).toMatchObject([{ reserved: '40' }]);
    expect(after(reserved, { ...base, ...state, type: 'released', deal: '7-2' }).intentions).toMatchObject([
      { reserved: '0' },
    ]);
  });

  it('A switch that is set, taken off or has lapsed is shown so', () => {
    const own = { channel: 'own', at, position: 12 } as const;
    const set: OwnMessage = { ...own, type: 'switchSet', withinMs: 5_000, lapsesAt: at };
    expect(after(set).switch).toEqual({ withinMs: 5_000, lapsesAt: at });
    expect(after(set, { ...own, type: 'switchSet', withinMs: 0 }).switch).toBeUndefined();
    expect(after(set, { ...own, type: 'switchLapsed' }).switch).toBeUndefined();
  });

  it('Limits take the place of those of the same instrument, and what limits nothing is off', () => {
    const own = { channel: 'own', at, position: 12, type: 'limitsSet' } as const;
    const inAcme = limitsWith([], 'alice', { ...own, instrument: 'ACME', openQuantity: '5', halted: false });
    const both = limitsWith(inAcme, 'alice', { ...own, halted: true });
    expect(both.map(({ instrument, halted }) => [instrument, halted])).toEqual([
      [undefined, true],
      ['ACME', false],
    ]);
    expect(limitsWith(both, 'alice', { ...own, instrument: 'ACME', halted: false })).toMatchObject([{ halted: true }]);
  });
});

describe('affairs as they are looked up', () => {
  it('A stream goes on at the place of each shard', () => {
    expect(placesOf({ position: 10 })).toEqual([{ position: 10 }]);
    expect(placesOf({ positionByShard: { 0: 4, 1: 9 } })).toEqual([
      { shard: 0, position: 4 },
      { shard: 1, position: 9 },
    ]);
  });

  it('A deal says which side it was on, and with whom, where that is told', () => {
    const deal: Deal = {
      ...{ id: '7-1', outcome: 'confirmed', position: 5, at, instrument: 'ACME', price: '1', quantity: '2' },
      ...{ takerSide: 'buy', buyer: 'alice', seller: 'bob' },
    };
    expect(ownDeal(deal, 'alice')).toMatchObject({ sides: ['buy'], counterparty: 'bob' });
    expect(ownDeal(deal, 'bob')).toMatchObject({ sides: ['sell'], counterparty: 'alice' });
    const { buyer: _hidden, ...hidden } = deal;
    expect(ownDeal(hidden, 'bob').counterparty).toBeUndefined();
  });
});
