import type { Lie, Scene } from './scene.js';

/** A whole handshake of 10 lots at 1020. The positions of its five events follow the returned one. */
function handshake(scene: Scene): number {
  const [seller, buyer] = scene.pair();
  return scene.deal(seller, buyer, 1020, 10);
}

/** What is done when an aborted deal is confirmed after all, as a deadline might. */
function lateConfirmation(scene: Scene): { seller: number; buyer: number; at: number } {
  const [seller, buyer] = scene.pair();
  const deal = scene.propose(seller, buyer, 1020, 10);
  scene.accept(seller, deal, 10);
  scene.abort(seller, deal, 'responderDeadline');
  return { seller, buyer, at: scene.confirm(seller, deal, 10) };
}

/** Lies about proposals, answers, decisions and settlements. */
export const handshakeLies: readonly Lie[] = [
  {
    code: 'DEAL_NUMBER_GAP',
    how: 'a proposal skips a number',
    tell: (scene) => {
      const [seller, buyer] = scene.pair();
      scene.propose(seller, buyer, 1020, 10);
      scene.tamper(scene.last, { dealNumber: 2 });
      return scene.last;
    },
  },
  ...(
    [
      ['is for nothing', (scene: Scene) => scene.propose(...scene.pair(), 1020, 0)],
      ['goes to nobody', (scene: Scene) => scene.propose(scene.sell(1020, 10), 9, 1020, 10)],
      ['goes to the same side', (scene: Scene) => scene.propose(scene.sell(1020, 10), scene.sell(1020, 10), 1020, 10)],
      [
        'goes to one whose limit does not cross',
        (scene: Scene) => scene.propose(scene.sell(1020, 10), scene.buy(1019, 10), 1020, 10),
      ],
      [
        'goes to another instrument',
        (scene: Scene) =>
          scene.propose(scene.sell(1020, 10), scene.post(scene.alice, scene.list('OTHER'), 'buy', 1025, 10), 1020, 10),
      ],
    ] as const
  ).map(([how, propose]): Lie => ({
    code: 'PROPOSAL_UNFOUNDED',
    how: `a proposal ${how}`,
    tell: (scene) => {
      propose(scene);
      return scene.last;
    },
  })),
  {
    code: 'YOUNGER_PROPOSED',
    how: 'the arriving side proposes',
    tell: (scene) => {
      const [seller, buyer] = scene.pair();
      scene.propose(buyer, seller, 1025, 10);
      return scene.last;
    },
  },
  {
    code: 'PRICE_RULE_BROKEN',
    how: 'a deal is proposed at the arriving side’s limit',
    tell: (scene) => {
      const [seller, buyer] = scene.pair();
      return scene.deal(seller, buyer, 1025, 10);
    },
  },
  {
    code: 'PRICE_RULE_BROKEN',
    how: 'a deal at the midpoint is rounded up',
    tell: (scene) => {
      scene.rules({ priceRule: 'midpoint' });
      const [seller, buyer] = scene.pair();
      return scene.deal(seller, buyer, 1023, 10);
    },
  },
  {
    code: 'UNKNOWN_DEAL',
    how: 'a deal is confirmed that was never proposed',
    tell: (scene) => {
      const at = handshake(scene);
      scene.remove(at);
      return at;
    },
  },
  {
    code: 'ANSWER_UNFOUNDED',
    how: 'more is accepted than was proposed',
    tell: (scene) => {
      const at = handshake(scene) + 1;
      scene.tamper(at, { quantityLots: 11 });
      return at;
    },
  },
  {
    code: 'ANSWER_UNFOUNDED',
    how: 'somebody else accepts',
    tell: (scene) => {
      const other = scene.buy(1010, 10);
      const [seller, buyer] = scene.pair();
      const deal = scene.propose(seller, buyer, 1020, 10);
      const at = scene.accept(seller, deal, 10);
      scene.tamper(at, { intentionId: other, revision: 1 });
      return at;
    },
  },
  {
    code: 'ANSWER_UNFOUNDED',
    how: 'what was accepted is declined',
    tell: (scene) => {
      const [seller, buyer] = scene.pair();
      const deal = scene.propose(seller, buyer, 1020, 10);
      scene.accept(seller, deal, 10);
      return scene.decline(seller, deal, 'price');
    },
  },
  ...(
    [
      ['less than was accepted', { quantityLots: 9 }],
      ['another price', { priceTicks: 1021 }],
      ['another participant', { responderParticipantId: 2 }],
      ['the wrong side', { initiatorSide: 'buy' }],
    ] as const
  ).map(([what, fields]): Lie => ({
    code: 'DECISION_DIFFERS',
    how: `the decision says ${what}`,
    tell: (scene) => {
      const at = handshake(scene) + 2;
      scene.tamper(at, fields);
      return at;
    },
  })),
  {
    code: 'DECISION_DIFFERS',
    how: 'an abort names another responder',
    tell: (scene) => {
      const [seller, buyer] = scene.pair();
      const at = scene.refusal(seller, buyer, 1020, 10) + 2;
      scene.tamper(at, { responderId: 9 });
      return at;
    },
  },
  {
    code: 'ABORT_UNFOUNDED',
    how: 'a deal is aborted as declined that nobody declined',
    tell: (scene) => {
      const [seller, buyer] = scene.pair();
      const at = scene.refusal(seller, buyer, 1020, 10) + 1;
      scene.remove(at);
      return at;
    },
  },
  {
    code: 'SETTLED_TWICE',
    how: 'a side settles a second time',
    tell: (scene) => {
      const [seller, buyer] = scene.pair(20);
      scene.deal(seller, buyer, 1020, 10);
      return scene.settle(seller, seller, 1, 10);
    },
  },
  {
    code: 'SETTLED_TWICE',
    how: 'one settles that only declined',
    tell: (scene) => {
      const [seller, buyer] = scene.pair();
      const deal = scene.propose(seller, buyer, 1020, 10);
      scene.decline(seller, deal, 'doubt');
      scene.abort(seller, deal, 'declined');
      return scene.settle(buyer, seller, deal, 0);
    },
  },
  {
    code: 'LATE_DECISION',
    how: 'an aborted deal is confirmed later, and nobody takes notice',
    severity: 'note',
    tell: (scene) => {
      const { seller, buyer, at } = lateConfirmation(scene);
      scene.settle(seller, seller, 1, 0);
      scene.settle(buyer, seller, 1, 0);
      return at;
    },
  },
  {
    code: 'LATE_DECISION',
    how: 'an aborted deal is confirmed later, and one side follows that',
    tell: (scene) => {
      const { seller, buyer, at } = lateConfirmation(scene);
      scene.settle(seller, seller, 1, 10);
      scene.settle(buyer, seller, 1, 0);
      return at;
    },
  },
  {
    code: 'LATE_DECISION',
    how: 'a deal that is long settled is decided again',
    severity: 'note',
    tell: (scene) => {
      handshake(scene);
      scene.withdraw(scene.sell(1020, 10));
      return scene.abort(1, 1, 'responderDeadline');
    },
  },
  {
    code: 'COMMAND_WHILE_IN_DOUBT',
    how: 'a command is taken while a deal is undecided',
    tell: (scene) => {
      const [seller, buyer] = scene.pair();
      scene.accept(seller, scene.propose(seller, buyer, 1020, 10), 10);
      scene.restart();
      scene.sell(1030, 10);
      return scene.last;
    },
  },
  {
    code: 'I1_OVERFILLED',
    how: 'more is proposed than is left',
    tell: (scene) => {
      const [seller, buyer] = scene.pair();
      scene.deal(seller, buyer, 1020, 8, 11);
      return 6;
    },
  },
  {
    code: 'I1_OVERFILLED',
    how: 'an intention is reduced by more than is left',
    tell: (scene) => {
      const seller = scene.sell(1020, 10);
      const buyer = scene.buy(1025, 6);
      scene.deal(seller, buyer, 1020, 6);
      return scene.reduce(seller, 5);
    },
  },
  {
    code: 'I2_FILL_WITHOUT_ENTRY',
    how: 'a deal is filled without a decision',
    tell: (scene) => {
      const at = handshake(scene) + 2;
      scene.remove(at);
      return at;
    },
  },
  {
    code: 'I2_ENTRY_WITHOUT_FILLS',
    how: 'one side of a confirmed deal never fills',
    tell: (scene) => {
      const at = handshake(scene) + 4;
      scene.remove(at);
      scene.sell(1030, 10);
      return at;
    },
  },
  ...(
    [
      ['for less', { quantityLots: 9 }],
      ['at another price', { priceTicks: 1019 }],
      ['as aborted', { outcome: 'aborted', quantityLots: 0 }],
    ] as const
  ).map(([what, fields]): Lie => ({
    code: 'I3_SETTLED_DIFFERS',
    how: `a side settles a confirmed deal ${what}`,
    tell: (scene) => {
      const at = handshake(scene) + 3;
      scene.tamper(at, fields);
      return at;
    },
  })),
  {
    code: 'I4_RELEASED_UNDECIDED',
    how: 'a reservation is released before the deal is decided',
    tell: (scene) => {
      const [seller, buyer] = scene.pair();
      const deal = scene.propose(seller, buyer, 1020, 10);
      scene.accept(seller, deal, 10);
      return scene.settle(buyer, seller, deal, 0);
    },
  },
  {
    code: 'I5_NOT_RESERVED',
    how: 'a deal is confirmed that was not accepted',
    tell: (scene) => {
      const at = handshake(scene) + 1;
      scene.remove(at);
      return at;
    },
  },
  {
    code: 'I5_PRICE_OUTSIDE_LIMITS',
    how: 'a deal is confirmed above the buyer’s limit',
    tell: (scene) => {
      const at = handshake(scene) + 2;
      scene.tamper(at, { priceTicks: 1026 });
      return at;
    },
  },
  {
    code: 'I6_UNBALANCED',
    how: 'one side posts another quantity than the other',
    isConsequence: true,
    tell: (scene) => {
      const at = handshake(scene) + 3;
      scene.tamper(at, { quantityLots: 9 });
      return at + 1;
    },
  },
  {
    code: 'DEAL_IN_DOUBT',
    how: 'the log ends before a deal is decided',
    severity: 'note',
    tell: (scene) => {
      const [seller, buyer] = scene.pair();
      const at = scene.head;
      scene.accept(seller, scene.propose(seller, buyer, 1020, 10), 10);
      return at;
    },
  },
];
