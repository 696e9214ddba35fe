import type { Lie, Scene } from './scene.js';

interface Limit {
  readonly openQuantity?: string;
  readonly netPosition?: string;
  readonly intentionsPerSecond?: number;
  readonly halted?: boolean;
  readonly withdraws?: boolean;
}

/** Bob's limits, in ACME. */
function limit(scene: Scene, terms: Limit): number {
  const none = { openQuantity: '', netPosition: '', intentionsPerSecond: 0, halted: false, withdraws: false };
  const whose = { participantId: scene.bob, instrumentId: scene.acme };
  return scene.append({ type: 'LimitsSet', ...whose, ...none, ...terms, atMs: scene.atMs++ });
}

/** Bob's switch. */
function setSwitch(scene: Scene, withinMs: number): number {
  const atMs = scene.atMs++;
  const lapsesAtMs = atMs + withinMs;
  return scene.append({ type: 'SwitchSet', participantId: scene.bob, withinMs, lapsesAtMs, atMs });
}

function lapse(scene: Scene): number {
  return scene.append({ type: 'SwitchLapsed', participantId: scene.bob, atMs: scene.atMs++ });
}

/** Lies about limits, switches, and what they withdraw. */
export const guardLies: readonly Lie[] = [
  ...['1.50', '01', '-1', ' ', '1e3', '.5', '9'.repeat(17)].map((openQuantity): Lie => ({
    code: 'LIMITS_INVALID',
    how: `a limit is ${JSON.stringify(openQuantity)}`,
    tell: (scene) => limit(scene, { openQuantity }),
  })),
  {
    code: 'I12_BEYOND_LIMIT',
    how: 'more is open than the limit allows',
    tell: (scene) => {
      limit(scene, { openQuantity: '10' });
      scene.sell(1020, 6);
      scene.sell(1030, 5);
      return scene.last;
    },
  },
  {
    code: 'I12_BEYOND_LIMIT',
    how: 'a position could come beyond its limit, by what is held and what is open',
    tell: (scene) => {
      const [seller, buyer] = scene.pair(4);
      scene.deal(seller, buyer, 1020, 4);
      scene.sell(1020, 3);
      limit(scene, { netPosition: '8' });
      scene.sell(1040, 2);
      return scene.last;
    },
  },
  {
    code: 'I12_BEYOND_LIMIT',
    how: 'an intention is made larger than the limit allows',
    tell: (scene) => {
      const id = scene.sell(1020, 6);
      limit(scene, { openQuantity: '10' });
      return scene.amend(id, 1020, 11);
    },
  },
  {
    code: 'I12_BEYOND_LIMIT',
    how: 'one more is posted than there may be in a second',
    tell: (scene) => {
      limit(scene, { intentionsPerSecond: 1 });
      scene.sell(1020, 1);
      scene.sell(1020, 1);
      return scene.last;
    },
  },
  {
    code: 'I12_BEYOND_LIMIT',
    how: 'one who is halted posts',
    tell: (scene) => {
      limit(scene, { halted: true });
      scene.sell(1020, 1);
      return scene.last;
    },
  },
  {
    code: 'I12_BEYOND_LIMIT',
    how: 'one who is halted replaces',
    tell: (scene) => {
      const id = scene.sell(1020, 6);
      limit(scene, { halted: true });
      return scene.amend(id, 1030, 6);
    },
  },
  {
    code: 'I13_NOT_LAPSED',
    how: 'a command is taken after a switch should have lapsed',
    tell: (scene) => {
      setSwitch(scene, 1_000);
      scene.atMs += 1_000;
      scene.buy(1000, 1);
      return scene.last;
    },
  },
  {
    code: 'I13_NOT_WITHDRAWN',
    how: 'a switch has lapsed, and what was open is not withdrawn, not even after a restart',
    tell: (scene) => {
      scene.sell(1020, 6);
      setSwitch(scene, 1_000);
      scene.atMs += 1_000;
      lapse(scene);
      scene.restart();
      scene.buy(1000, 1);
      return scene.last;
    },
  },
  {
    code: 'I13_NOT_WITHDRAWN',
    how: 'a halt withdraws one and leaves the other',
    tell: (scene) => {
      const first = scene.sell(1020, 6);
      scene.sell(1020, 6);
      limit(scene, { halted: true, withdraws: true });
      scene.withdraw(first, 'halted');
      scene.buy(1000, 1);
      return scene.last;
    },
  },
  {
    code: 'WITHDRAWAL_UNFOUNDED',
    how: 'something is withdrawn as lapsed, and no switch has',
    tell: (scene) => {
      const id = scene.sell(1020, 6);
      setSwitch(scene, 1_000);
      return scene.withdraw(id, 'switchLapsed');
    },
  },
  {
    code: 'WITHDRAWAL_UNFOUNDED',
    how: 'something is withdrawn as halted that was posted after the halt',
    tell: (scene) => {
      scene.sell(1020, 6);
      limit(scene, { openQuantity: '100', withdraws: true });
      const later = scene.sell(1020, 6);
      return scene.withdraw(later, 'halted');
    },
    isConsequence: true,
  },
  {
    code: 'SWITCH_UNFOUNDED',
    how: 'a switch lapses before its time',
    tell: (scene) => {
      setSwitch(scene, 1_000);
      return lapse(scene);
    },
  },
  {
    code: 'SWITCH_UNFOUNDED',
    how: 'a switch lapses that was never set',
    tell: (scene) => lapse(scene),
  },
  {
    code: 'SWITCH_UNFOUNDED',
    how: 'a switch lapses at another time than it was set for',
    tell: (scene) => {
      const at = setSwitch(scene, 1_000);
      scene.tamper(at, { lapsesAtMs: scene.atMs + 5_000 });
      return at;
    },
  },
  {
    code: 'REFUSAL_UNFOUNDED',
    how: 'a post is refused by a rate that is not used up',
    tell: (scene) => {
      limit(scene, { intentionsPerSecond: 2 });
      scene.sell(1020, 1);
      const whose = { participantId: scene.bob, instrumentId: scene.acme, clientIntentionId: 'c' };
      return scene.append({ type: 'PostRefused', ...whose, code: 'LIMIT_RATE', atMs: scene.atMs++ });
    },
  },
  {
    code: 'WITHDRAWALS_UNDER_WAY',
    severity: 'note',
    how: 'the log ends between a lapse and what it withdraws',
    tell: (scene) => {
      scene.sell(1020, 6);
      setSwitch(scene, 1_000);
      scene.atMs += 1_000;
      return lapse(scene);
    },
  },
];
