import type { Lie } from './scene.js';

/** Lies about the shard's own stream, and about what an intention does by itself. */
export const streamLies: readonly Lie[] = [
  {
    code: 'REVISION_GAP',
    how: 'an intention’s event skips a revision',
    tell: (scene) => {
      const at = scene.withdraw(scene.sell(1020, 10));
      scene.tamper(at, { revision: 2 });
      return at;
    },
  },
  {
    code: 'REVISION_GAP',
    how: 'an event of the shard’s stream is gone',
    tell: (scene) => {
      scene.seal();
      const at = scene.restart();
      scene.tamper(at, { revision: 7 });
      return at;
    },
  },
  {
    code: 'NOT_STARTED',
    how: 'the first ShardStarted is gone',
    tell: (scene) => {
      scene.remove(0);
      return 0;
    },
  },
  {
    code: 'SHARD_DIFFERS',
    how: 'another shard’s writer starts in the same log',
    tell: (scene) => {
      const at = scene.restart();
      scene.tamper(at, { shard: 4 });
      return at;
    },
  },
  {
    code: 'EPOCH_NOT_HIGHER',
    how: 'a writer starts with the epoch of the one before it',
    tell: (scene) => {
      const at = scene.restart();
      scene.tamper(at, { epoch: 1 });
      return at;
    },
  },
  {
    code: 'LOSS_ACCEPTED',
    severity: 'note',
    how: 'an operator went on without what the log once held',
    tell: (scene) => {
      scene.restart();
      return scene.acceptLoss(1_000, 'an anchor');
    },
  },
  {
    code: 'PARTICIPANT_REUSED',
    how: 'a name is given a second number',
    tell: (scene) => {
      scene.admit('alice');
      return scene.last;
    },
  },
  {
    code: 'INSTRUMENT_CHANGED',
    how: 'a listed instrument gets another tick',
    tell: (scene) => {
      scene.rules({ tickSize: 5 });
      return scene.last;
    },
  },
  {
    code: 'INSTRUMENT_CHANGED',
    how: 'a symbol is given to a second instrument',
    tell: (scene) => {
      scene.list('ACME');
      return scene.last;
    },
  },
  {
    code: 'LISTING_INVALID',
    how: 'an instrument is listed without a lot',
    tell: (scene) => {
      scene.list('ODD', { lotSize: 0 });
      return scene.last;
    },
  },
  {
    code: 'LISTING_INVALID',
    how: 'an instrument is listed with more decimals than are shown',
    tell: (scene) => {
      scene.list('ODD', { quantityDecimals: 13 });
      return scene.last;
    },
  },
  {
    code: 'UNKNOWN_PARTICIPANT',
    how: 'somebody posts who was never admitted',
    tell: (scene) => {
      scene.post(9, scene.acme, 'buy', 1020, 10);
      return scene.last;
    },
  },
  {
    code: 'UNKNOWN_INSTRUMENT',
    how: 'an intention is posted in an instrument that was never listed',
    tell: (scene) => {
      scene.post(scene.alice, 9, 'buy', 1020, 10);
      return scene.last;
    },
  },
  {
    code: 'UNKNOWN_INSTRUMENT',
    how: 'an unlisted instrument changes its phase',
    tell: (scene) => scene.phase(9, 'call'),
  },
  {
    code: 'ID_OUT_OF_ORDER',
    how: 'an id is left out',
    tell: (scene) => {
      scene.sell(1020, 10);
      scene.sell(1020, 10, { intentionId: 3 });
      const at = scene.last;
      scene.sell(1020, 10, { intentionId: 4 });
      return at;
    },
  },
  {
    code: 'ID_OUT_OF_ORDER',
    how: 'an id is given twice',
    tell: (scene) => {
      scene.sell(1020, 10);
      scene.sell(1020, 10, { intentionId: 1 });
      scene.tamper(scene.last, { revision: 0 });
      return scene.last;
    },
  },
  {
    code: 'CLIENT_ID_REUSED',
    how: 'a participant’s client id stands for two intentions',
    tell: (scene) => {
      scene.withdraw(scene.sell(1020, 10, { clientIntentionId: 'x-1' }));
      scene.sell(1020, 10, { clientIntentionId: 'x-1' });
      return scene.last;
    },
  },
  {
    code: 'COMMAND_REPEATED',
    how: 'a command that its client sent twice is done twice',
    tell: (scene) => {
      const intention = scene.sell(1020, 10);
      scene.reduce(intention, 1, 'c-1');
      scene.reduce(intention, 0, 'c-2');
      return scene.amend(intention, 1030, 9, 'c-1');
    },
  },
  {
    code: 'TERMS_INVALID',
    how: 'an intention is reduced by nothing, and no command is to be remembered',
    tell: (scene) => scene.reduce(scene.sell(1020, 10), 0, ''),
  },
  {
    code: 'TERMS_INVALID',
    how: 'an intention is for nothing',
    tell: (scene) => {
      scene.sell(1020, 0);
      return scene.last;
    },
  },
  {
    code: 'TERMS_INVALID',
    how: 'an intention is good till a time, and has none',
    tell: (scene) => {
      scene.sell(1020, 10, { timeInForce: 'gtd' });
      return scene.last;
    },
  },
  {
    code: 'TERMS_INVALID',
    how: 'a market intention has a price',
    tell: (scene) => {
      scene.sell(1020, 10, { pricing: 'market', timeInForce: 'ioc' });
      return scene.last;
    },
  },
  {
    code: 'PRICE_OUT_OF_BAND',
    how: 'a limit is posted beyond the band',
    tell: (scene) => {
      scene.sell(5001, 10);
      return scene.last;
    },
  },
  {
    code: 'PRICE_OUT_OF_BAND',
    how: 'a limit is amended to one beyond the band',
    tell: (scene) => scene.amend(scene.sell(5000, 10), 5001, 10),
  },
  {
    code: 'UNKNOWN_INTENTION',
    how: 'an intention is withdrawn that nobody posted',
    tell: (scene) => scene.withdraw(9),
  },
  {
    code: 'INTENTION_CLOSED',
    how: 'an intention is withdrawn twice',
    tell: (scene) => {
      const id = scene.sell(1020, 10);
      scene.withdraw(id);
      return scene.withdraw(id);
    },
  },
  {
    code: 'INTENTION_CLOSED',
    how: 'a filled intention proposes',
    tell: (scene) => {
      const [seller, buyer] = scene.pair();
      scene.deal(seller, buyer, 1020, 10);
      const second = scene.buy(1025, 10);
      const at = scene.head;
      scene.propose(seller, second, 1020, 10);
      return at;
    },
  },
  {
    code: 'WITHDRAWAL_UNFOUNDED',
    how: 'an intention that may stand is withdrawn as one that may not',
    tell: (scene) => scene.withdraw(scene.sell(1020, 10), 'immediateOrCancel'),
  },
  {
    code: 'WITHDRAWAL_UNFOUNDED',
    how: 'an intention is withdrawn for a self-trade that nobody threatens',
    tell: (scene) => {
      scene.rules({ selfTrade: 'withdrawStanding' });
      const id = scene.sell(1020, 10);
      scene.buy(1019, 10);
      return scene.withdraw(id, 'selfTrade');
    },
  },
  {
    code: 'EXPIRY_UNFOUNDED',
    how: 'an intention expires that does not',
    tell: (scene) => scene.expire(scene.sell(1020, 10)),
  },
  {
    code: 'EXPIRY_UNFOUNDED',
    how: 'an intention expires before its time',
    tell: (scene) => scene.expire(scene.sell(1020, 10, { timeInForce: 'gtd', expiresAtMs: scene.atMs + 60_000 })),
  },
];
