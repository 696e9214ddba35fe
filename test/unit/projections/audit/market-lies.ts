import type { Lie, Scene } from './scene.js';

/** A call phase with 30 wanted at up to 1030 and 20 offered from 1010 on: 20 at 1030, the buyers in surplus. */
function call(scene: Scene): { first: number; second: number; seller: number } {
  scene.phase(scene.acme, 'call');
  const first = scene.buy(1030, 15);
  const second = scene.buy(1030, 15);
  return { first, second, seller: scene.sell(1010, 20) };
}

/** Lies about priority, arrivals and auctions. */
export const marketLies: readonly Lie[] = [
  {
    code: 'I9_PASSED_OVER',
    how: 'the younger of two at the same price is asked first',
    tell: (scene) => {
      scene.sell(1020, 10);
      const younger = scene.sell(1020, 10);
      return scene.deal(younger, scene.buy(1025, 10), 1020, 10);
    },
  },
  {
    code: 'I9_PASSED_OVER',
    how: 'the worse price is asked first',
    tell: (scene) => {
      const worse = scene.sell(1021, 10);
      scene.sell(1020, 10);
      return scene.deal(worse, scene.buy(1025, 10), 1021, 10);
    },
  },
  {
    code: 'I9_PASSED_OVER',
    how: 'one that was amended is treated as if it had kept its place',
    tell: (scene) => {
      const amended = scene.sell(1020, 10);
      scene.sell(1020, 10);
      scene.amend(amended, 1020, 10);
      return scene.deal(amended, scene.buy(1025, 10), 1020, 10);
    },
  },
  {
    code: 'NOT_ARRIVING',
    how: 'two that both stand deal with each other',
    tell: (scene) => {
      const [seller, buyer] = scene.pair();
      scene.sell(1030, 10);
      return scene.deal(seller, buyer, 1020, 10);
    },
    isConsequence: true,
  },
  {
    code: 'ARRIVAL_UNFINISHED',
    how: 'an intention comes to rest though it crosses another',
    tell: (scene) => {
      scene.pair();
      scene.buy(1000, 10);
      return scene.last;
    },
  },
  {
    code: 'ARRIVAL_UNFINISHED',
    how: 'an immediate-or-cancel intention stays',
    tell: (scene) => {
      scene.buy(1000, 10, { timeInForce: 'ioc' });
      scene.buy(1000, 10);
      return scene.last;
    },
  },
  {
    code: 'ARRIVAL_UNFINISHED',
    how: 'an immediate-or-cancel intention is withdrawn too early',
    tell: (scene) => {
      scene.sell(1020, 10);
      return scene.withdraw(scene.buy(1020, 10, { timeInForce: 'ioc' }), 'immediateOrCancel');
    },
  },
  {
    code: 'FILL_OR_KILL_BROKEN',
    how: 'a fill-or-kill intention is filled in part',
    tell: (scene) => {
      const seller = scene.sell(1020, 10);
      const buyer = scene.buy(1020, 20, { timeInForce: 'fok' });
      scene.deal(seller, buyer, 1020, 10);
      return scene.withdraw(buyer, 'fillOrKill');
    },
  },
  {
    code: 'FILL_OR_KILL_BROKEN',
    how: 'a fill-or-kill intention is filled in part because a party was parked',
    severity: 'note',
    tell: (scene) => {
      const [seller, parked] = [scene.sell(1020, 10), scene.sell(1020, 10)];
      const buyer = scene.buy(1020, 20, { timeInForce: 'fok' });
      scene.deal(seller, buyer, 1020, 10);
      scene.withdraw(parked, 'parked');
      return scene.withdraw(buyer, 'fillOrKill');
    },
  },
  {
    code: 'FILL_OR_KILL_BROKEN',
    how: 'a fill-or-kill intention is killed that could be filled',
    tell: (scene) => {
      scene.sell(1020, 10);
      return scene.withdraw(scene.buy(1020, 10, { timeInForce: 'fok' }), 'fillOrKill');
    },
  },
  {
    code: 'POST_ONLY_DEALT',
    how: 'a post-only intention deals as it arrives',
    tell: (scene) => {
      const seller = scene.sell(1020, 10);
      return scene.deal(seller, scene.buy(1020, 10, { postOnly: true }), 1020, 10);
    },
  },
  {
    code: 'SELF_TRADE',
    how: 'a participant deals with itself where its standing intention should be withdrawn',
    tell: (scene) => {
      scene.rules({ selfTrade: 'withdrawStanding' });
      const seller = scene.sell(1020, 10);
      return scene.deal(seller, scene.post(scene.bob, scene.acme, 'buy', 1020, 10), 1020, 10);
    },
  },
  {
    code: 'SELF_TRADE',
    how: 'an intention is let in that meets its own participant’s',
    tell: (scene) => {
      scene.rules({ selfTrade: 'refuseArriving' });
      const seller = scene.sell(1020, 10);
      const buyer = scene.post(scene.bob, scene.acme, 'buy', 1020, 10);
      const at = scene.last;
      scene.deal(seller, buyer, 1020, 10);
      return at;
    },
  },
  {
    code: 'WRONG_PHASE',
    how: 'two deal in a call phase',
    tell: (scene) => {
      scene.phase(scene.acme, 'call');
      const [seller, buyer] = scene.pair();
      return scene.deal(seller, buyer, 1020, 10);
    },
  },
  {
    code: 'WRONG_PHASE',
    how: 'an auction is held in continuous trading',
    tell: (scene) => scene.uncross(scene.acme, 0, 0),
  },
  {
    code: 'AUCTION_PRICE',
    how: 'the auction is at the sellers’ end',
    tell: (scene) => {
      call(scene);
      return scene.uncross(scene.acme, 1010, 20);
    },
  },
  {
    code: 'AUCTION_VOLUME',
    how: 'the auction says less than can be dealt',
    tell: (scene) => {
      call(scene);
      return scene.uncross(scene.acme, 1030, 15);
    },
  },
  {
    code: 'AUCTION_VOLUME',
    how: 'the auction’s deals do not add up to its volume',
    tell: (scene) => {
      const { first, seller } = call(scene);
      const at = scene.uncross(scene.acme, 1030, 20);
      scene.deal(first, seller, 1030, 15);
      scene.phase(scene.acme, 'continuous');
      return at;
    },
  },
  {
    code: 'AUCTION_PAIRING',
    how: 'the younger buyer comes first',
    tell: (scene) => {
      const { second, seller } = call(scene);
      scene.uncross(scene.acme, 1030, 20);
      return scene.deal(second, seller, 1030, 15);
    },
  },
  {
    code: 'AUCTION_PAIRING',
    how: 'a pair deals less than it could',
    tell: (scene) => {
      const { first, seller } = call(scene);
      scene.uncross(scene.acme, 1030, 20);
      return scene.deal(first, seller, 1030, 14, 15) + 2;
    },
  },
  {
    code: 'PRICE_RULE_BROKEN',
    how: 'a deal of an auction is not at its price',
    tell: (scene) => {
      const { first, seller } = call(scene);
      scene.uncross(scene.acme, 1030, 20);
      return scene.deal(first, seller, 1029, 15);
    },
  },
  {
    code: 'MARKET_LEFT_STANDING',
    how: 'a market intention still stands after the auction',
    tell: (scene) => {
      scene.phase(scene.acme, 'call');
      const buyer = scene.buy(undefined, 20);
      const seller = scene.sell(1010, 10);
      scene.uncross(scene.acme, 1010, 10);
      scene.deal(buyer, seller, 1010, 10);
      return scene.phase(scene.acme, 'continuous');
    },
  },
  {
    code: 'AUCTION_DISTURBED',
    how: 'a party of the auction is parked',
    severity: 'note',
    tell: (scene) => {
      const { first, second, seller } = call(scene);
      const at = scene.uncross(scene.acme, 1030, 20);
      scene.deal(first, seller, 1030, 15);
      scene.withdraw(second, 'parked');
      scene.phase(scene.acme, 'continuous');
      return at;
    },
  },
  {
    code: 'ARRIVAL_UNDER_WAY',
    how: 'the log ends before an arrival has met all it can',
    severity: 'note',
    tell: (scene) => {
      scene.pair();
      return scene.last;
    },
  },
  {
    code: 'AUCTION_UNDER_WAY',
    how: 'the log ends within an auction',
    severity: 'note',
    tell: (scene) => {
      const { first, seller } = call(scene);
      const at = scene.uncross(scene.acme, 1030, 20);
      scene.deal(first, seller, 1030, 15);
      return at;
    },
  },
];
