import { describe, expect, it } from 'vitest';
import { PriceRule, SelfTrade } from '../../../src/domain/terms.js';
import { EngineHarness, plainTerms } from '../../support/reference/engine-harness.js';

describe('price and time', () => {
  it('Price and time let an arrival deal with the best price first, and at one price with the oldest', () => {
    const harness = new EngineHarness();
    const [worse, first, second, best] = [
      harness.sell(5, { at: 102 }),
      harness.sell(5, { at: 101 }),
      harness.sell(5, { at: 101 }),
      harness.sell(5, { at: 100 }),
    ];
    const buyer = harness.buy(18, { at: 102 });
    expect(harness.deals).toEqual([
      { initiatorId: best, responderId: buyer, priceTicks: 100, lots: 5 },
      { initiatorId: first, responderId: buyer, priceTicks: 101, lots: 5 },
      { initiatorId: second, responderId: buyer, priceTicks: 101, lots: 5 },
      { initiatorId: worse, responderId: buyer, priceTicks: 102, lots: 3 },
    ]);
    expect(harness.open(worse)).toBe(2);
  });

  it('Price and time let what is left of an arrival stand, behind what stands at its price already', () => {
    const harness = new EngineHarness();
    const older = harness.buy(1, { at: 100 });
    harness.sell(2, { at: 101 });
    const arrival = harness.buy(5, { at: 101 });
    const younger = harness.buy(1, { at: 101 });
    expect(harness.standing('bids')).toEqual([arrival, younger, older]);
    expect(harness.open(arrival)).toBe(3);
  });

  it('Price and time let those who do not cross stand side by side', () => {
    const harness = new EngineHarness();
    const [buyer, seller] = [harness.buy(5, { at: 99 }), harness.sell(5, { at: 100 })];
    expect(harness.deals).toEqual([]);
    expect(harness.standing('bids')).toEqual([buyer]);
    expect(harness.standing('asks')).toEqual([seller]);
  });

  it('Price and time keep an intention that is filled in part in its place', () => {
    const harness = new EngineHarness();
    const [older, younger] = [harness.sell(5, { at: 100 }), harness.sell(5, { at: 100 })];
    harness.buy(3, { at: 100 });
    expect(harness.standing('asks')).toEqual([older, younger]);
    harness.buy(3, { at: 100 });
    expect(harness.deals.map(({ initiatorId, lots }) => [initiatorId, lots])).toEqual([
      [older, 3],
      [older, 2],
      [younger, 1],
    ]);
  });

  it('Price and time make every deal a handshake of its own: proposal, acceptance, decision, and both sides settle', () => {
    const harness = new EngineHarness();
    harness.sell(5, { at: 100 });
    const before = harness.events.length;
    harness.buy(5, { at: 100 });
    expect(harness.types(before)).toEqual([
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
    'The price of a deal is $standingSells when a seller at 100 stands and a buyer at 107 arrives: $rule',
    ({ rule, standingSells }) => {
      const harness = new EngineHarness({ priceRule: numbers[rule] });
      harness.sell(5, { at: 100 });
      harness.buy(5, { at: 107 });
      expect(harness.deals).toMatchObject([{ priceTicks: standingSells }]);
    },
  );

  it.each(rules)(
    'The price of a deal is $standingBuys when a buyer at 107 stands and a seller at 100 arrives: $rule',
    ({ rule, standingBuys }) => {
      const harness = new EngineHarness({ priceRule: numbers[rule] });
      harness.buy(5, { at: 107 });
      harness.sell(5, { at: 100 });
      expect(harness.deals).toMatchObject([{ priceTicks: standingBuys }]);
    },
  );

  it.each(rules)(
    'The price of a deal is the standing side’s when the arrival is a market intention: $rule',
    ({ rule }) => {
      const harness = new EngineHarness({ priceRule: numbers[rule] });
      harness.sell(5, { at: 100 });
      harness.buy(5);
      harness.buy(5, { at: 90 });
      harness.sell(5);
      expect(harness.deals).toMatchObject([{ priceTicks: 100 }, { priceTicks: 90 }]);
    },
  );
});

describe('time in force', () => {
  it('A good-till-cancelled intention stands until it is withdrawn', () => {
    const harness = new EngineHarness();
    const id = harness.buy(5, { at: 100 });
    expect(harness.isOpen(id)).toBe(true);
  });

  it('An immediate-or-cancel intention deals at once, and its rest is withdrawn', () => {
    const harness = new EngineHarness();
    harness.sell(3, { at: 100 });
    const id = harness.buy(5, { at: 100, timeInForce: 'Ioc' });
    expect(harness.deals).toMatchObject([{ lots: 3 }]);
    expect(harness.isOpen(id)).toBe(false);
    expect(harness.events.at(-1)).toMatchObject({
      type: 'IntentionWithdrawn',
      intentionId: id,
      reason: 'immediateOrCancel',
    });
  });

  it('An immediate-or-cancel intention is withdrawn at once when nobody crosses, and not at all when it is filled', () => {
    const harness = new EngineHarness();
    harness.buy(5, { at: 100, timeInForce: 'Ioc' });
    expect(harness.events.at(-1)).toMatchObject({ type: 'IntentionWithdrawn', reason: 'immediateOrCancel' });
    harness.sell(5, { at: 100 });
    harness.buy(5, { at: 100, timeInForce: 'Ioc' });
    expect(harness.types().filter((type) => type === 'IntentionWithdrawn')).toHaveLength(1);
  });

  it('A fill-or-kill intention is filled whole, over as many as it takes', () => {
    const harness = new EngineHarness();
    for (const at of [100, 101, 102]) harness.sell(2, { at });
    const id = harness.buy(5, { at: 102, timeInForce: 'Fok' });
    expect(harness.deals.map(({ lots }) => lots)).toEqual([2, 2, 1]);
    expect(harness.isOpen(id)).toBe(false);
  });

  it.each([
    { why: 'there is too little', lots: 7, at: 102 },
    { why: 'there is enough, but not within its limit', lots: 5, at: 101 },
  ])('A fill-or-kill intention deals nothing when $why', ({ lots, at }) => {
    const harness = new EngineHarness();
    for (const each of [100, 101, 102]) harness.sell(2, { at: each });
    const id = harness.buy(lots, { at, timeInForce: 'Fok' });
    expect(harness.deals).toEqual([]);
    expect(harness.events.at(-1)).toMatchObject({ type: 'IntentionWithdrawn', intentionId: id, reason: 'fillOrKill' });
    expect(harness.standing('asks')).toHaveLength(3);
  });

  it('A good-till-date intention stands, deals like any other, and is due at its time', () => {
    const harness = new EngineHarness();
    const id = harness.buy(5, { at: 100, timeInForce: 'Gtd', expiresAtMs: harness.atMs + 50 });
    harness.sell(2, { at: 100 });
    expect(harness.open(id)).toBe(3);
    expect(harness.market.timers.nextMs).toBe(harness.atMs + 50);
  });
});

describe('a market intention', () => {
  it('A market intention takes the best there is, at any price', () => {
    const harness = new EngineHarness();
    harness.sell(2, { at: 100 });
    harness.sell(2, { at: plainTerms.maxPriceTicks });
    harness.buy(3);
    expect(harness.deals.map(({ priceTicks, lots }) => [priceTicks, lots])).toEqual([
      [100, 2],
      [plainTerms.maxPriceTicks, 1],
    ]);
  });

  it('A market intention never stands: what is left of it is withdrawn', () => {
    const harness = new EngineHarness();
    harness.sell(2, { at: 100 });
    const id = harness.buy(3);
    expect(harness.events.at(-1)).toMatchObject({
      type: 'IntentionWithdrawn',
      intentionId: id,
      reason: 'marketRemainder',
    });
    expect(harness.standing('bids')).toEqual([]);
  });

  it('A market intention that is fill-or-kill is filled whole or killed as such', () => {
    const harness = new EngineHarness();
    harness.sell(2, { at: 100 });
    harness.buy(3, { timeInForce: 'Fok' });
    expect(harness.events.at(-1)).toMatchObject({ type: 'IntentionWithdrawn', reason: 'fillOrKill' });
    harness.buy(2, { timeInForce: 'Fok' });
    expect(harness.deals).toMatchObject([{ lots: 2 }]);
  });
});

describe('a post-only intention', () => {
  it('A post-only intention stands when it would not deal', () => {
    const harness = new EngineHarness();
    harness.sell(2, { at: 100 });
    const id = harness.buy(2, { at: 99, postOnly: true });
    expect(harness.standing('bids')).toEqual([id]);
  });

  it('A post-only intention deals once it stands', () => {
    const harness = new EngineHarness();
    const id = harness.buy(2, { at: 99, postOnly: true });
    harness.sell(2, { at: 99 });
    expect(harness.deals).toMatchObject([{ initiatorId: id }]);
  });
});

describe('a withdrawal', () => {
  it('A withdrawal takes away what is left, and nothing of what was dealt', () => {
    const harness = new EngineHarness();
    const id = harness.sell(5, { at: 100 });
    harness.buy(2, { at: 100 });
    expect(harness.withdraw(id)).toBeUndefined();
    expect(harness.standing('asks')).toEqual([]);
    expect(harness.events.at(-1)).toMatchObject({ type: 'IntentionWithdrawn', intentionId: id, reason: 'requested' });
    expect(harness.deals).toMatchObject([{ lots: 2 }]);
  });
});

describe('a reduction', () => {
  it('A reduction makes an intention smaller, which keeps its place', () => {
    const harness = new EngineHarness();
    const [first, second] = [harness.sell(5, { at: 100 }), harness.sell(5, { at: 100 })];
    expect(harness.reduce(first, 3)).toBeUndefined();
    expect(harness.open(first)).toBe(2);
    expect(harness.standing('asks')).toEqual([first, second]);
  });

  it('A reduction of all that is left withdraws the intention', () => {
    const harness = new EngineHarness();
    const id = harness.sell(5, { at: 100 });
    harness.buy(2, { at: 100 });
    expect(harness.reduce(id, 3)).toBeUndefined();
    expect(harness.isOpen(id)).toBe(false);
    expect(harness.events.at(-1)).toMatchObject({ type: 'IntentionWithdrawn', reason: 'requested' });
  });
});

describe('a replacement', () => {
  it('A replacement gives a new limit and a new open quantity, and loses the place', () => {
    const harness = new EngineHarness();
    const [first, second] = [harness.sell(5, { at: 100 }), harness.sell(5, { at: 101 })];
    harness.buy(2, { at: 100 });
    expect(harness.replace(first, 101, 7)).toBeUndefined();
    expect(harness.open(first)).toBe(7);
    expect(harness.filled(first)).toBe(2);
    expect(harness.standing('asks')).toEqual([second, first]);
  });

  it('A replacement loses the place even when nothing changes', () => {
    const harness = new EngineHarness();
    const [first, second] = [harness.sell(5, { at: 100 }), harness.sell(5, { at: 100 })];
    harness.replace(first, 100, 5);
    expect(harness.standing('asks')).toEqual([second, first]);
  });

  it('A replacement deals at once when it crosses, as the arriving side', () => {
    const harness = new EngineHarness();
    const seller = harness.sell(5, { at: 105 });
    const buyer = harness.buy(3, { at: 100 });
    harness.replace(seller, 99, 5);
    expect(harness.deals).toEqual([{ initiatorId: buyer, responderId: seller, priceTicks: 100, lots: 3 }]);
    expect(harness.open(seller)).toBe(2);
    expect(harness.standing('asks')).toEqual([seller]);
  });

  it('A replacement in a call phase waits for the auction', () => {
    const harness = new EngineHarness();
    const seller = harness.sell(5, { at: 105 });
    harness.buy(3, { at: 100 });
    harness.phase('Call');
    harness.replace(seller, 99, 5);
    expect(harness.deals).toEqual([]);
    expect(harness.standing('asks')).toEqual([seller]);
  });
});

describe('a participant who meets an intention of their own', () => {
  it('Under allow, a participant deals with an intention of their own like with any other', () => {
    const harness = new EngineHarness({ selfTrade: SelfTrade.Allow });
    harness.sell(5, { at: 100, participant: 'alice' });
    harness.buy(5, { at: 100, participant: 'alice' });
    expect(harness.deals).toHaveLength(1);
  });

  it('Under refuseArriving, a participant is refused when they would meet an intention of their own before they are filled', () => {
    const harness = new EngineHarness({ selfTrade: SelfTrade.RefuseArriving });
    harness.sell(5, { at: 100, participant: 'bob' });
    harness.sell(5, { at: 101, participant: 'alice' });
    expect(harness.post(0, 6, { at: 101, participant: 'alice' })).toBe('SELF_TRADE');
    expect(harness.deals).toEqual([]);
  });

  it('Under refuseArriving, a participant is not refused when others fill them before they meet their own', () => {
    const harness = new EngineHarness({ selfTrade: SelfTrade.RefuseArriving });
    harness.sell(5, { at: 100, participant: 'bob' });
    harness.sell(5, { at: 101, participant: 'alice' });
    harness.buy(5, { at: 101, participant: 'alice' });
    expect(harness.deals).toHaveLength(1);
  });

  it('Under refuseArriving, a participant is not refused when their limit does not reach their own', () => {
    const harness = new EngineHarness({ selfTrade: SelfTrade.RefuseArriving });
    harness.sell(5, { at: 101, participant: 'alice' });
    expect(harness.post(0, 6, { at: 100, participant: 'alice' })).toBeTypeOf('number');
  });

  it('Under refuseArriving, market intentions and replacements that would meet their own are refused too', () => {
    const harness = new EngineHarness({ selfTrade: SelfTrade.RefuseArriving });
    harness.sell(5, { at: 101, participant: 'alice' });
    expect(harness.post(0, 6, { participant: 'alice' })).toBe('SELF_TRADE');
    const id = harness.buy(6, { at: 100, participant: 'alice' });
    expect(harness.replace(id, 101, 6)).toBe('SELF_TRADE');
  });

  it('Under withdrawStanding, a participant has each intention of their own that they come to withdrawn, and goes on to the next', () => {
    const harness = new EngineHarness({ selfTrade: SelfTrade.WithdrawStanding });
    const [own, others, ownLater] = [
      harness.sell(5, { at: 100, participant: 'alice' }),
      harness.sell(3, { at: 101, participant: 'bob' }),
      harness.sell(5, { at: 102, participant: 'alice' }),
    ];
    const buyer = harness.buy(3, { at: 102, participant: 'alice' });
    expect(harness.deals).toEqual([{ initiatorId: others, responderId: buyer, priceTicks: 101, lots: 3 }]);
    expect(harness.isOpen(own)).toBe(false);
    expect(harness.isOpen(ownLater)).toBe(true);
    expect(harness.events).toContainEqual(
      expect.objectContaining({ type: 'IntentionWithdrawn', intentionId: own, reason: 'selfTrade' }),
    );
  });

  it('Under withdrawStanding, a participant’s own intention does not count towards a fill-or-kill, and stays when that is killed', () => {
    const harness = new EngineHarness({ selfTrade: SelfTrade.WithdrawStanding });
    const own = harness.sell(5, { at: 100, participant: 'alice' });
    harness.sell(3, { at: 101, participant: 'bob' });
    harness.buy(4, { at: 102, participant: 'alice', timeInForce: 'Fok' });
    expect(harness.deals).toEqual([]);
    expect(harness.isOpen(own)).toBe(true);
  });
});
