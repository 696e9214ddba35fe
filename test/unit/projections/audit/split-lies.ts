import { IDS_PER_SHARD } from '../../../../src/domain/ids.js';
import type { Lie, Scene } from './scene.js';

/** An intention of another shard than the scene's. */
const REMOTE = IDS_PER_SHARD + 1;

/** A buyer here has accepted 10 lots at 1020 from another shard, of 20 that it wants at 1025. */
function accepted(scene: Scene, lots = 10): number {
  const buyer = scene.buy(1025, 20);
  scene.hear(REMOTE, 1, buyer, 1020);
  scene.accept(REMOTE, 1, lots);
  return buyer;
}

/** A seller here has proposed 10 lots at 1020 to another shard. */
function proposed(scene: Scene): number {
  const seller = scene.sell(1020, 10);
  scene.propose(seller, REMOTE, 1020, 10);
  return seller;
}

/** Lies about deals with other shards: what can be seen of them in one log. */
export const splitLies: readonly Lie[] = [
  ...(
    [
      ['fewer lots than it accepted', { quantityLots: 9 }],
      ['more lots than it accepted', { quantityLots: 11 }],
      ['another price than it accepted', { priceTicks: 1021 }],
      ['lots, though the deal was aborted', { outcome: 'aborted' }],
      ['nothing, though the deal was confirmed', { quantityLots: 0 }],
    ] as const
  ).map(([what, fields]): Lie => ({
    code: 'I3_SETTLED_DIFFERS',
    how: `a responder fills ${what}, of a deal with another shard`,
    tell: (scene) => {
      const at = scene.settle(accepted(scene), REMOTE, 1, 10);
      scene.tamper(at, fields);
      return at;
    },
  })),
  {
    code: 'SETTLED_TWICE',
    how: 'a responder settles a deal with another shard twice',
    tell: (scene) => {
      const buyer = accepted(scene);
      scene.settle(buyer, REMOTE, 1, 10);
      return scene.settle(buyer, REMOTE, 1, 10);
    },
  },
  {
    code: 'SETTLED_TWICE',
    how: 'a filled responder settles a deal with another shard again',
    tell: (scene) => {
      const buyer = accepted(scene, 20);
      scene.settle(buyer, REMOTE, 1, 20);
      return scene.settle(buyer, REMOTE, 1, 20);
    },
  },
  {
    code: 'SETTLED_TWICE',
    how: 'a deal with another shard is settled that was never accepted',
    tell: (scene) => {
      const buyer = scene.buy(1025, 20);
      scene.hear(REMOTE, 1, buyer, 1020);
      return scene.settle(buyer, REMOTE, 1, 10);
    },
  },
  {
    code: 'SETTLED_TWICE',
    how: 'somebody settles what another has accepted of another shard',
    tell: (scene) => {
      accepted(scene);
      return scene.settle(scene.buy(1025, 10), REMOTE, 1, 10);
    },
  },
  ...(
    [
      ['accepted twice', accepted],
      ['accepted again after it was settled', (scene: Scene) => scene.settle(accepted(scene), REMOTE, 1, 0)],
      [
        'accepted by two',
        (scene: Scene) => {
          accepted(scene);
          scene.hear(REMOTE, 1, scene.buy(1025, 10), 1020);
        },
      ],
      [
        'accepted after it was declined',
        (scene: Scene) => {
          scene.hear(REMOTE, 1, scene.buy(1025, 10), 1020);
          scene.decline(REMOTE, 1, 'nothingLeft');
        },
      ],
      [
        'accepted though a later one was answered',
        (scene: Scene) => {
          const buyer = scene.buy(1025, 20);
          scene.hear(REMOTE, 2, buyer, 1020);
          scene.accept(REMOTE, 2, 10);
          scene.hear(REMOTE, 1, buyer, 1020);
        },
      ],
    ] as const
  ).map(([what, before]): Lie => ({
    code: 'ANSWER_UNFOUNDED',
    how: `a proposal of another shard is ${what}`,
    tell: (scene) => {
      before(scene);
      return scene.accept(REMOTE, 1, 10);
    },
  })),
  {
    code: 'ANSWER_UNFOUNDED',
    how: 'nothing is accepted of a proposal of another shard',
    tell: (scene) => {
      accepted(scene, 0);
      return scene.last;
    },
  },
  {
    code: 'ANSWER_UNFOUNDED',
    how: 'a proposal of another shard is declined that was accepted',
    tell: (scene) => {
      accepted(scene);
      return scene.decline(REMOTE, 1, 'price');
    },
  },
  {
    code: 'I1_OVERFILLED',
    how: 'more is promised to other shards than is left',
    tell: (scene) => {
      const buyer = accepted(scene);
      scene.hear(REMOTE + 1, 1, buyer, 1020);
      return scene.accept(REMOTE + 1, 1, 11);
    },
  },
  {
    code: 'I5_PRICE_OUTSIDE_LIMITS',
    how: 'a proposal of another shard is accepted above the buyer’s limit',
    tell: (scene) => {
      const at = scene.last + 2;
      accepted(scene);
      scene.tamper(at, { priceTicks: 1026 });
      return at;
    },
  },
  {
    code: 'I5_PRICE_OUTSIDE_LIMITS',
    how: 'a deal with another shard is filled above the buyer’s limit',
    tell: (scene) => {
      const at = scene.settle(accepted(scene), REMOTE, 1, 10);
      scene.tamper(at, { priceTicks: 1026 });
      return at;
    },
  },
  {
    code: 'I5_PRICE_OUTSIDE_LIMITS',
    how: 'a deal with another shard is confirmed below the seller’s limit',
    tell: (scene) => {
      const seller = scene.sell(1020, 10);
      scene.propose(seller, REMOTE, 1019, 10);
      return scene.confirm(seller, 1, 10, scene.alice);
    },
  },
  ...(['initiatorDeadline', 'parked'] as const).map((reason): Lie => ({
    code: 'FOREIGN_DECISION',
    how: `a deal of another shard is aborted (${reason}) here`,
    tell: (scene) => {
      accepted(scene);
      return scene.abort(REMOTE, 1, reason);
    },
  })),
  {
    code: 'FOREIGN_DECISION',
    how: 'a deal of another shard is confirmed here',
    tell: (scene) => {
      const seller = proposed(scene);
      const at = scene.confirm(seller, 1, 10, scene.alice);
      scene.tamper(at, { initiatorId: REMOTE, responderId: seller });
      return at;
    },
  },
  ...(
    [
      ['more than was proposed', { quantityLots: 11 }],
      ['nothing', { quantityLots: 0 }],
      ['another price', { priceTicks: 1021 }],
      ['another responder', { responderId: REMOTE + 1 }],
      ['the wrong side', { initiatorSide: 'buy' }],
    ] as const
  ).map(([what, fields]): Lie => ({
    code: 'DECISION_DIFFERS',
    how: `the decision of a deal with another shard says ${what}`,
    tell: (scene) => {
      const at = scene.confirm(proposed(scene), 1, 10, scene.alice);
      scene.tamper(at, fields);
      return at;
    },
  })),
  {
    code: 'UNKNOWN_PARTICIPANT',
    how: 'a deal is confirmed with somebody from another shard who was never admitted',
    tell: (scene) => scene.confirm(proposed(scene), 1, 10, 9),
  },
  {
    code: 'I3_SETTLED_DIFFERS',
    how: 'an initiator settles a deal with another shard for less than was decided',
    tell: (scene) => {
      const seller = proposed(scene);
      scene.confirm(seller, 1, 10, scene.alice);
      return scene.settle(seller, seller, 1, 9);
    },
  },
  {
    code: 'I4_RELEASED_UNDECIDED',
    how: 'an initiator frees what it had promised to another shard before that is decided',
    tell: (scene) => {
      const seller = proposed(scene);
      return scene.settle(seller, seller, 1, 0);
    },
  },
  {
    code: 'LATE_DECISION',
    how: 'a deal with another shard is confirmed after it was aborted, and nobody takes notice',
    severity: 'note',
    tell: (scene) => {
      const seller = proposed(scene);
      scene.abort(seller, 1, 'initiatorDeadline');
      scene.settle(seller, seller, 1, 0);
      return scene.confirm(seller, 1, 10, scene.alice);
    },
  },
  {
    code: 'DEAL_IN_DOUBT',
    how: 'the log ends before a deal with another shard is settled',
    severity: 'note',
    tell: (scene) => {
      accepted(scene);
      return scene.last;
    },
  },
  {
    code: 'ARRIVAL_UNFINISHED',
    how: 'something comes from another shard though the arrival before it could still deal',
    tell: (scene) => {
      const [, buyer] = scene.pair();
      scene.hear(REMOTE, 1, buyer, 1020);
      return scene.accept(REMOTE, 1, 10);
    },
  },
];
