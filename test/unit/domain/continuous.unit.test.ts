import { describe, expect, it } from 'vitest';
import { PriceRule, SelfTrade } from '../../../src/domain/terms.js';
import { Floor, plainTerms } from '../../support/reference/floor.js';

describe('price and time', () => {
  it('let an arrival deal with the best price first, and at one price with the oldest', () => {
    const floor = new Floor();
    const [worse, first, second, best] = [
      floor.sell(5, { at: 102 }),
      floor.sell(5, { at: 101 }),
      floor.sell(5, { at: 101 }),
      floor.sell(5, { at: 100 }),
    ];
    const buyer = floor.buy(18, { at: 102 });
    expect(floor.deals).toEqual([
      { initiatorId: best, responderId: buyer, priceTicks: 100, lots: 5 },
      { initiatorId: first, responderId: buyer, priceTicks: 101, lots: 5 },
      { initiatorId: second, responderId: buyer, priceTicks: 101, lots: 5 },
      { initiatorId: worse, responderId: buyer, priceTicks: 102, lots: 3 },
    ]);
    expect(floor.open(worse)).toBe(2);
  });

  it('let what is left of an arrival stand, behind what stands at its price already', () => {
    const floor = new Floor();
    const older = floor.buy(1, { at: 100 });
    floor.sell(2, { at: 101 });
    const arrival = floor.buy(5, { at: 101 });
    const younger = floor.buy(1, { at: 101 });
    expect(floor.standing('bids')).toEqual([arrival, younger, older]);
    expect(floor.open(arrival)).toBe(3);
  });

  it('let those who do not cross stand side by side', () => {
    const floor = new Floor();
    const [buyer, seller] = [floor.buy(5, { at: 99 }), floor.sell(5, { at: 100 })];
    expect(floor.deals).toEqual([]);
    expect(floor.standing('bids')).toEqual([buyer]);
    expect(floor.standing('asks')).toEqual([seller]);
  });

  it('keep an intention that is filled in part in its place', () => {
    const floor = new Floor();
    const [older, younger] = [floor.sell(5, { at: 100 }), floor.sell(5, { at: 100 })];
    floor.buy(3, { at: 100 });
    expect(floor.standing('asks')).toEqual([older, younger]);
    floor.buy(3, { at: 100 });
    expect(floor.deals.map(({ initiatorId, lots }) => [initiatorId, lots])).toEqual([
      [older, 3],
      [older, 2],
      [younger, 1],
    ]);
  });

  it('make every deal a handshake of its own: proposal, acceptance, decision, and both sides settle', () => {
    const floor = new Floor();
    floor.sell(5, { at: 100 });
    const before = floor.events.length;
    floor.buy(5, { at: 100 });
    expect(floor.types(before)).toEqual([
      'ParticipantAdmitted',
      'IntentionPosted',
      'ProposalMade',
      'ProposalAccepted',
      'DealConfirmed',
      'DealSettled',
      'DealSettled',
    ]);
  });
});

describe('the price of a deal', () => {
  const rules = [
    { rule: 'standing', standingSells: 100, standingBuys: 107 },
    { rule: 'seller', standingSells: 100, standingBuys: 100 },
    { rule: 'midpoint', standingSells: 103, standingBuys: 103 },
  ] as const;
  const numbers = { standing: PriceRule.Standing, seller: PriceRule.Seller, midpoint: PriceRule.Midpoint };

  it.each(rules)(
    'is $standingSells when a seller at 100 stands and a buyer at 107 arrives: $rule',
    ({ rule, standingSells }) => {
      const floor = new Floor({ priceRule: numbers[rule] });
      floor.sell(5, { at: 100 });
      floor.buy(5, { at: 107 });
      expect(floor.deals).toMatchObject([{ priceTicks: standingSells }]);
    },
  );

  it.each(rules)(
    'is $standingBuys when a buyer at 107 stands and a seller at 100 arrives: $rule',
    ({ rule, standingBuys }) => {
      const floor = new Floor({ priceRule: numbers[rule] });
      floor.buy(5, { at: 107 });
      floor.sell(5, { at: 100 });
      expect(floor.deals).toMatchObject([{ priceTicks: standingBuys }]);
    },
  );

  it.each(rules)('is the standing side’s when the arrival is a market intention: $rule', ({ rule }) => {
    const floor = new Floor({ priceRule: numbers[rule] });
    floor.sell(5, { at: 100 });
    floor.buy(5);
    floor.buy(5, { at: 90 });
    floor.sell(5);
    expect(floor.deals).toMatchObject([{ priceTicks: 100 }, { priceTicks: 90 }]);
  });
});

describe('time in force', () => {
  it('gtc: stands until it is withdrawn', () => {
    const floor = new Floor();
    const id = floor.buy(5, { at: 100 });
    expect(floor.isOpen(id)).toBe(true);
  });

  it('ioc: deals at once, and its rest is withdrawn', () => {
    const floor = new Floor();
    floor.sell(3, { at: 100 });
    const id = floor.buy(5, { at: 100, timeInForce: 'Ioc' });
    expect(floor.deals).toMatchObject([{ lots: 3 }]);
    expect(floor.isOpen(id)).toBe(false);
    expect(floor.events.at(-1)).toMatchObject({
      type: 'IntentionWithdrawn',
      intentionId: id,
      reason: 'immediateOrCancel',
    });
  });

  it('ioc: is withdrawn at once when nobody crosses, and not at all when it is filled', () => {
    const floor = new Floor();
    floor.buy(5, { at: 100, timeInForce: 'Ioc' });
    expect(floor.events.at(-1)).toMatchObject({ type: 'IntentionWithdrawn', reason: 'immediateOrCancel' });
    floor.sell(5, { at: 100 });
    floor.buy(5, { at: 100, timeInForce: 'Ioc' });
    expect(floor.types().filter((type) => type === 'IntentionWithdrawn')).toHaveLength(1);
  });

  it('fok: is filled whole, over as many as it takes', () => {
    const floor = new Floor();
    for (const at of [100, 101, 102]) floor.sell(2, { at });
    const id = floor.buy(5, { at: 102, timeInForce: 'Fok' });
    expect(floor.deals.map(({ lots }) => lots)).toEqual([2, 2, 1]);
    expect(floor.isOpen(id)).toBe(false);
  });

  it.each([
    { why: 'there is too little', lots: 7, at: 102 },
    { why: 'there is enough, but not within its limit', lots: 5, at: 101 },
  ])('fok: deals nothing when $why', ({ lots, at }) => {
    const floor = new Floor();
    for (const each of [100, 101, 102]) floor.sell(2, { at: each });
    const id = floor.buy(lots, { at, timeInForce: 'Fok' });
    expect(floor.deals).toEqual([]);
    expect(floor.events.at(-1)).toMatchObject({ type: 'IntentionWithdrawn', intentionId: id, reason: 'fillOrKill' });
    expect(floor.standing('asks')).toHaveLength(3);
  });

  it('gtd: stands, deals like any other, and is due at its time', () => {
    const floor = new Floor();
    const id = floor.buy(5, { at: 100, timeInForce: 'Gtd', expiresAtMs: floor.atMs + 50 });
    floor.sell(2, { at: 100 });
    expect(floor.open(id)).toBe(3);
    expect(floor.market.timers.nextMs).toBe(floor.atMs + 50);
  });
});

describe('a market intention', () => {
  it('takes the best there is, at any price', () => {
    const floor = new Floor();
    floor.sell(2, { at: 100 });
    floor.sell(2, { at: plainTerms.maxPriceTicks });
    floor.buy(3);
    expect(floor.deals.map(({ priceTicks, lots }) => [priceTicks, lots])).toEqual([
      [100, 2],
      [plainTerms.maxPriceTicks, 1],
    ]);
  });

  it('never stands: what is left of it is withdrawn', () => {
    const floor = new Floor();
    floor.sell(2, { at: 100 });
    const id = floor.buy(3);
    expect(floor.events.at(-1)).toMatchObject({
      type: 'IntentionWithdrawn',
      intentionId: id,
      reason: 'marketRemainder',
    });
    expect(floor.standing('bids')).toEqual([]);
  });

  it('fok: is filled whole or killed as such', () => {
    const floor = new Floor();
    floor.sell(2, { at: 100 });
    floor.buy(3, { timeInForce: 'Fok' });
    expect(floor.events.at(-1)).toMatchObject({ type: 'IntentionWithdrawn', reason: 'fillOrKill' });
    floor.buy(2, { timeInForce: 'Fok' });
    expect(floor.deals).toMatchObject([{ lots: 2 }]);
  });
});

describe('a post-only intention', () => {
  it('stands when it would not deal', () => {
    const floor = new Floor();
    floor.sell(2, { at: 100 });
    const id = floor.buy(2, { at: 99, postOnly: true });
    expect(floor.standing('bids')).toEqual([id]);
  });

  it('deals once it stands', () => {
    const floor = new Floor();
    const id = floor.buy(2, { at: 99, postOnly: true });
    floor.sell(2, { at: 99 });
    expect(floor.deals).toMatchObject([{ initiatorId: id }]);
  });
});

describe('a withdrawal', () => {
  it('takes away what is left, and nothing of what was dealt', () => {
    const floor = new Floor();
    const id = floor.sell(5, { at: 100 });
    floor.buy(2, { at: 100 });
    expect(floor.withdraw(id)).toBeUndefined();
    expect(floor.standing('asks')).toEqual([]);
    expect(floor.events.at(-1)).toMatchObject({ type: 'IntentionWithdrawn', intentionId: id, reason: 'requested' });
    expect(floor.deals).toMatchObject([{ lots: 2 }]);
  });
});

describe('a reduction', () => {
  it('makes it smaller, and it keeps its place', () => {
    const floor = new Floor();
    const [first, second] = [floor.sell(5, { at: 100 }), floor.sell(5, { at: 100 })];
    expect(floor.reduce(first, 3)).toBeUndefined();
    expect(floor.open(first)).toBe(2);
    expect(floor.standing('asks')).toEqual([first, second]);
  });

  it('of all that is left withdraws it', () => {
    const floor = new Floor();
    const id = floor.sell(5, { at: 100 });
    floor.buy(2, { at: 100 });
    expect(floor.reduce(id, 3)).toBeUndefined();
    expect(floor.isOpen(id)).toBe(false);
    expect(floor.events.at(-1)).toMatchObject({ type: 'IntentionWithdrawn', reason: 'requested' });
  });
});

describe('a replacement', () => {
  it('gives a new limit and a new open quantity, and loses the place', () => {
    const floor = new Floor();
    const [first, second] = [floor.sell(5, { at: 100 }), floor.sell(5, { at: 101 })];
    floor.buy(2, { at: 100 });
    expect(floor.replace(first, 101, 7)).toBeUndefined();
    expect(floor.open(first)).toBe(7);
    expect(floor.filled(first)).toBe(2);
    expect(floor.standing('asks')).toEqual([second, first]);
  });

  it('loses the place even when nothing changes', () => {
    const floor = new Floor();
    const [first, second] = [floor.sell(5, { at: 100 }), floor.sell(5, { at: 100 })];
    floor.replace(first, 100, 5);
    expect(floor.standing('asks')).toEqual([second, first]);
  });

  it('deals at once when it crosses, as the arriving side', () => {
    const floor = new Floor();
    const seller = floor.sell(5, { at: 105 });
    const buyer = floor.buy(3, { at: 100 });
    floor.replace(seller, 99, 5);
    expect(floor.deals).toEqual([{ initiatorId: buyer, responderId: seller, priceTicks: 100, lots: 3 }]);
    expect(floor.open(seller)).toBe(2);
    expect(floor.standing('asks')).toEqual([seller]);
  });

  it('in a call phase waits for the auction', () => {
    const floor = new Floor();
    const seller = floor.sell(5, { at: 105 });
    floor.buy(3, { at: 100 });
    floor.phase('Call');
    floor.replace(seller, 99, 5);
    expect(floor.deals).toEqual([]);
    expect(floor.standing('asks')).toEqual([seller]);
  });
});

describe('a participant who meets an intention of their own', () => {
  it('allow: deals with it like with any other', () => {
    const floor = new Floor({ selfTrade: SelfTrade.Allow });
    floor.sell(5, { at: 100, participant: 'alice' });
    floor.buy(5, { at: 100, participant: 'alice' });
    expect(floor.deals).toHaveLength(1);
  });

  it('refuseArriving: is refused when they would meet it before they are filled', () => {
    const floor = new Floor({ selfTrade: SelfTrade.RefuseArriving });
    floor.sell(5, { at: 100, participant: 'bob' });
    floor.sell(5, { at: 101, participant: 'alice' });
    expect(floor.post(0, 6, { at: 101, participant: 'alice' })).toBe('SELF_TRADE');
    expect(floor.deals).toEqual([]);
  });

  it('refuseArriving: is not refused when others fill them first', () => {
    const floor = new Floor({ selfTrade: SelfTrade.RefuseArriving });
    floor.sell(5, { at: 100, participant: 'bob' });
    floor.sell(5, { at: 101, participant: 'alice' });
    floor.buy(5, { at: 101, participant: 'alice' });
    expect(floor.deals).toHaveLength(1);
  });

  it('refuseArriving: is not refused when their limit does not reach it', () => {
    const floor = new Floor({ selfTrade: SelfTrade.RefuseArriving });
    floor.sell(5, { at: 101, participant: 'alice' });
    expect(floor.post(0, 6, { at: 100, participant: 'alice' })).toBeTypeOf('number');
  });

  it('refuseArriving: holds for market intentions and replacements too', () => {
    const floor = new Floor({ selfTrade: SelfTrade.RefuseArriving });
    floor.sell(5, { at: 101, participant: 'alice' });
    expect(floor.post(0, 6, { participant: 'alice' })).toBe('SELF_TRADE');
    const id = floor.buy(6, { at: 100, participant: 'alice' });
    expect(floor.replace(id, 101, 6)).toBe('SELF_TRADE');
  });

  it('withdrawStanding: has each that they come to withdrawn, and goes on to the next', () => {
    const floor = new Floor({ selfTrade: SelfTrade.WithdrawStanding });
    const [own, others, ownLater] = [
      floor.sell(5, { at: 100, participant: 'alice' }),
      floor.sell(3, { at: 101, participant: 'bob' }),
      floor.sell(5, { at: 102, participant: 'alice' }),
    ];
    const buyer = floor.buy(3, { at: 102, participant: 'alice' });
    expect(floor.deals).toEqual([{ initiatorId: others, responderId: buyer, priceTicks: 101, lots: 3 }]);
    expect(floor.isOpen(own)).toBe(false);
    expect(floor.isOpen(ownLater)).toBe(true);
    expect(floor.events).toContainEqual(
      expect.objectContaining({ type: 'IntentionWithdrawn', intentionId: own, reason: 'selfTrade' }),
    );
  });

  it('withdrawStanding: does not count their own towards a fill-or-kill, and leaves it when that is killed', () => {
    const floor = new Floor({ selfTrade: SelfTrade.WithdrawStanding });
    const own = floor.sell(5, { at: 100, participant: 'alice' });
    floor.sell(3, { at: 101, participant: 'bob' });
    floor.buy(4, { at: 102, participant: 'alice', timeInForce: 'Fok' });
    expect(floor.deals).toEqual([]);
    expect(floor.isOpen(own)).toBe(true);
  });
});
