import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExactTotal } from '../../../../projections/ledger/exact-total.js';
import { LedgerFold } from '../../../../projections/ledger/ledger.js';
import { positionView } from '../../../../projections/ledger/postings.js';
import { MAX_LOTS, MAX_TICKS, Outcome } from '../../../../src/domain/terms.js';
import { History } from '../../../support/history/history.js';
import { folded } from '../folding.js';

const ACME = { priceDecimals: 2, tickSize: 5, quantityDecimals: 1, lotSize: 10 };

/** Alice's standing sell intention 1 and Bob's buy intention 2. */
function twoSides(lots = 100): History {
  const history = new History();
  const alice = history.admit('alice');
  const bob = history.admit('bob');
  const acme = history.list('ACME', ACME);
  history.post(alice, acme, 'sell', 200, lots);
  history.post(bob, acme, 'buy', 210, lots);
  return history;
}

describe('decisions', () => {
  it('The ledger tells a party in doubt how its deal was decided, until both have settled', () => {
    const history = twoSides();
    const deal = history.propose(1, 2, 200, 60);
    history.accept(1, deal, 50);
    const decided = history.confirm(1, deal, 50);
    const at = (until: number): LedgerFold => folded(history.batches(), new LedgerFold(), until);
    expect(at(decided).decisionOf(1, deal)).toBeUndefined();
    const decision = {
      outcome: Outcome.Confirmed,
      responderId: 2,
      priceTicks: 200,
      quantityLots: 50,
      position: decided,
    };
    expect(at(decided + 1).decisionOf(1, deal)).toEqual(decision);
    expect(at(decided + 1).caughtUpTo).toBe(decided + 1);
    expect(at(decided + 1).decisionOf(1, deal + 1)).toBeUndefined();
    history.settle(1, 1, deal, 50);
    expect(folded(history.batches(), new LedgerFold()).decisionOf(1, deal)).toEqual(decision);
    history.settle(2, 1, deal, 50);
    const settled = folded(history.batches(), new LedgerFold());
    expect(settled.decisionOf(1, deal)).toBeUndefined();
    expect(settled.openDeals.size).toBe(0);
  });

  it('The ledger takes the first decision for the truth when another follows, before and after the deal is settled', () => {
    const history = twoSides();
    const deal = history.propose(1, 2, 200, 60);
    history.accept(1, deal, 50);
    history.abort(1, deal, 'initiatorDeadline');
    history.confirm(1, deal, 50);
    history.settle(1, 1, deal, 0);
    history.abort(1, deal, 'responderDeadline');
    history.settle(2, 1, deal, 0);
    history.confirm(1, deal, 50);
    const ledger = folded(history.batches(), new LedgerFold());
    expect(ledger).toMatchObject({ dealsConfirmed: 0, dealsAborted: 1, lateDecisions: 3 });
    expect(ledger.positions()).toEqual([]);
  });

  it('The ledger forgets a deal that was declined once its initiator has settled', () => {
    const history = twoSides();
    history.refusal(1, 2, 200, 60);
    expect(folded(history.batches(), new LedgerFold()).openDeals.size).toBe(0);
  });

  it('The ledger keeps apart two deals of one initiator that are in flight at once', () => {
    const history = twoSides();
    const first = history.propose(1, 2, 200, 10);
    history.accept(1, first, 10);
    history.confirm(1, first, 10);
    history.settle(1, 1, first, 10);
    const second = history.propose(1, 2, 200, 20);
    history.accept(1, second, 20);
    history.abort(1, second, 'recovery');
    history.settle(2, 1, first, 10);
    const ledger = folded(history.batches(), new LedgerFold());
    expect(ledger.decisionOf(1, first)).toBeUndefined();
    expect(ledger.decisionOf(1, second)?.outcome).toBe(Outcome.Aborted);
  });
});

describe('positions', () => {
  it('The ledger books what the buyer gets and pays, and the reverse to the seller', () => {
    const history = twoSides();
    history.deal(1, 2, 200, 30);
    history.deal(1, 2, 200, 20, 40);
    const positions = folded(history.batches(), new LedgerFold()).positions();
    expect(positions).toEqual([
      { participantId: 1, instrumentId: 1, boughtLots: 0n, soldLots: 50n, netLots: -50n, cashTurnover: 10_000n },
      { participantId: 2, instrumentId: 1, boughtLots: 50n, soldLots: 0n, netLots: 50n, cashTurnover: -10_000n },
    ]);
  });

  it('The ledger shows positions as decimal strings, ticks and lots multiplied out', () => {
    const terms = {
      ...ACME,
      symbol: 'ACME',
      minPriceTicks: 1,
      maxPriceTicks: 9,
      priceRule: 0,
      selfTrade: 0,
      counterparties: 0,
    };
    const position = {
      participantId: 2,
      instrumentId: 1,
      boughtLots: 50n,
      soldLots: 0n,
      netLots: 50n,
      cashTurnover: -10_000n,
    };
    expect(positionView(terms, 'bob', position)).toEqual({
      participant: 'bob',
      instrument: 'ACME',
      bought: '50.0',
      sold: '0.0',
      net: '50.0',
      cash: '-500.000', // 50 lots of 1.0 at 200 ticks of 0.05
    });
  });

  it('The ledger stays exact where doubles end', () => {
    const history = new History();
    const [alice, bob] = [history.admit('alice'), history.admit('bob')];
    const acme = history.list('ACME');
    for (let count = 0; count < 3; count++) {
      const seller = history.post(alice, acme, 'sell', MAX_TICKS, MAX_LOTS);
      history.deal(seller, history.post(bob, acme, 'buy', MAX_TICKS, MAX_LOTS), MAX_TICKS, MAX_LOTS);
    }
    const [first, second] = folded(history.batches(), new LedgerFold()).positions();
    expect(first?.cashTurnover).toBe(3n * BigInt(MAX_TICKS) * BigInt(MAX_LOTS));
    expect(second).toMatchObject({ cashTurnover: -(first?.cashTurnover ?? 0n), netLots: 3n * BigInt(MAX_LOTS) });
  });
});

it('The ledger adds up exactly, however large the terms', () => {
  const terms = fc.array(fc.tuple(fc.maxSafeNat(), fc.oneof(fc.constant(1), fc.maxSafeNat())));
  fc.assert(
    fc.property(terms, (products) => {
      const total = new ExactTotal();
      for (const [one, other] of products) total.addProduct(one, other);
      expect(total.value).toBe(products.reduce((sum, [one, other]) => sum + BigInt(one) * BigInt(other), 0n));
    }),
  );
});
