import { beforeEach, describe, expect, it } from 'vitest';
import type {
  Answer,
  ChangePhase,
  ListInstrument,
  PostIntention,
  RefusalCode,
  ReplaceIntention,
} from '../../../src/exchange/commands.js';
import { refusals } from '../../../src/exchange/commands.js';
import type { Exchange } from '../../../src/exchange/exchange.js';
import { stateDigest } from '../../../src/exchange/recovery/state-digest.js';
import { acme, eventsIn, OPENING_MS, ExchangeHarness } from '../../support/reference/exchange-harness.js';
import { post } from '../../support/reference/steps-of.js';

type Command = (exchange: Exchange) => Promise<Answer<unknown>>;

let fresh = 0;

/** A post that would be taken as it is. */
const fine: PostIntention = {
  clientIntentionId: 'c',
  participant: 'zoe',
  instrument: 'ACME',
  side: 'buy',
  price: '1.00',
  quantity: '10',
};

/** A post with something wrong; the caller may not be typed, so any value may come. */
const posting =
  (change: Partial<Record<keyof PostIntention, unknown>>): Command =>
  (exchange) =>
    exchange.post({ ...fine, clientIntentionId: `fresh-${++fresh}`, ...change } as PostIntention); // wrong on purpose

const replacing =
  (change: Partial<Record<keyof ReplaceIntention, unknown>>): Command =>
  (exchange) =>
    exchange.replace({ id: '1', participant: 'alice', price: '5.00', quantity: '10', ...change } as ReplaceIntention); // likewise

const listing =
  (change: Partial<Record<keyof ListInstrument, unknown>>): Command =>
  (exchange) =>
    exchange.list({ symbol: 'NEW', tickSize: '0.01', lotSize: '1', ...change } as ListInstrument); // likewise

const changing =
  (change: Partial<Record<keyof ChangePhase, unknown>>): Command =>
  (exchange) =>
    exchange.changePhase({ instrument: 'ACME', phase: 'call', ...change } as ChangePhase); // likewise

/** Names that every object has, though nobody gave them. */
const inherited = ['constructor', '__proto__', 'toString', 'hasOwnProperty'];

/**
 * On the harness: intention 1, Alice sells 5 lots at 100 ticks (5.00); intention 2, of Bob, is withdrawn; ACME deals continuously, its
 * band is 1 to 1,000 ticks of 0.05. CALL is in its call phase, crossed; a market intention, 3, of Carol, stands there. OWN refuses
 * arriving intentions that meet their own; there intention 6, of Alice, sells at 100.
 */
const refused: Partial<Record<RefusalCode, readonly Command[]>> = {
  INVALID_COMMAND: [
    posting({ side: 'both' }),
    posting({ clientIntentionId: undefined }),
    posting({ participant: 7 }),
    posting({ quantity: 10 }),
    posting({ price: 1.5 }),
    posting({ side: undefined }),
    posting({ timeInForce: 'gfd' }),
    posting({ type: 'stop' }),
    posting({ validUntil: 'tomorrow' }),
    posting({ validUntil: 7 }),
    replacing({ validUntil: '2030-02-30T00:00:00Z' }),
    replacing({ price: undefined, quantity: undefined }),
    replacing({ id: undefined }),
    replacing({ id: undefined, clientIntentionId: 'first', participant: undefined }),
    (exchange) => exchange.withdrawAll({ validUntil: '' }),
    (exchange) => exchange.withdrawAll({ reason: 'halted' as 'requested' }), // wrong on purpose
    (exchange) => exchange.withdrawAll({ side: 'both' as 'buy' }), // wrong on purpose
    listing({ priceRule: 'best' }),
    listing({ selfTrade: 'sometimes' }),
    changing({ phase: 'closed' }),
    ...inherited.flatMap((name) => [
      posting({ side: name }),
      posting({ type: name }),
      posting({ timeInForce: name }),
      listing({ priceRule: name }),
      listing({ selfTrade: name }),
      changing({ phase: name }),
    ]),
  ],
  INVALID_CLIENT_ID: ['', ' ', 'a b', 'ä', 'x'.repeat(65), 'a\n', '\u0000'].flatMap((wrong) => [
    posting({ clientIntentionId: wrong }),
    replacing({ clientCommandId: wrong }),
  ]),
  INVALID_PARTICIPANT: ['', 'a b', 'ä', 'x'.repeat(33), 'a\n', 'a/b'].map((participant) => posting({ participant })),
  INVALID_SYMBOL: [listing({ symbol: 'A B' }), listing({ symbol: '' })],
  INVALID_INSTRUMENT: [
    listing({ tickSize: '0' }),
    listing({ lotSize: '-1' }),
    listing({ minPrice: '2', maxPrice: '1' }),
    listing({ minPrice: '0.001' }),
  ],
  INVALID_PRICE: [
    ...['', '0', '-1', '1e3', 'x', '0x1', ' 1', 'Infinity'].map((price) => posting({ price })),
    posting({ price: undefined }),
    replacing({ price: 'x' }),
  ],
  INVALID_QUANTITY: [
    ...['', '0', '-10', '1e3', 'x', 'NaN'].map((quantity) => posting({ quantity })),
    replacing({ quantity: '0' }),
    (exchange) => exchange.reduce({ id: '1', by: '-10' }),
  ],
  INVALID_EXPIRY: [
    posting({ timeInForce: 'gtd' }),
    posting({ expiresAt: '2030-01-01T00:00:00Z' }),
    posting({ timeInForce: 'gtd', expiresAt: new Date(OPENING_MS).toISOString() }),
    posting({ timeInForce: 'gtd', expiresAt: '1969-01-01T00:00:00Z' }),
    posting({ timeInForce: 'gtd', expiresAt: '2030-13-01T00:00:00Z' }),
    posting({ timeInForce: 'gtd', expiresAt: '2030-02-30T00:00:00Z' }),
    posting({ timeInForce: 'gtd', expiresAt: '2030-01-01T24:00:00Z' }),
    posting({ timeInForce: 'gtd', expiresAt: '2030-01-01' }),
    posting({ timeInForce: 'gtd', expiresAt: 'tomorrow' }),
    posting({ type: 'market', price: undefined, expiresAt: '2030-01-01T00:00:00Z' }),
  ],
  INVALID_COMBINATION: [
    posting({ type: 'market' }),
    posting({ type: 'market', price: undefined, timeInForce: 'gtc' }),
    posting({ type: 'market', price: undefined, timeInForce: 'gtd' }),
    posting({ type: 'market', price: undefined, timeInForce: 'constructor' }),
    posting({ type: 'market', price: undefined, postOnly: true }),
    posting({ timeInForce: 'ioc', postOnly: true }),
    posting({ timeInForce: 'fok', postOnly: true }),
    replacing({ id: '3', participant: 'carol' }),
  ],
  PRICE_OFF_TICK: [posting({ price: '1.01' }), posting({ price: '1.001' }), replacing({ price: '1.01' })],
  PRICE_OUT_OF_BAND: [
    posting({ price: '50.05' }),
    posting({ price: '999999999999999' }),
    posting({ instrument: 'OWN', price: '0.05' }),
    replacing({ price: '50.05' }),
  ],
  QUANTITY_OFF_LOT: [
    posting({ quantity: '15' }),
    posting({ quantity: '10.5' }),
    (exchange) => exchange.reduce({ id: '1', by: '5' }),
    replacing({ quantity: '5' }),
  ],
  QUANTITY_TOO_LARGE: [posting({ quantity: '21474836480' }), replacing({ quantity: '21474836480' })],
  UNKNOWN_INSTRUMENT: [
    posting({ instrument: 'NOPE' }),
    posting({ instrument: '__proto__' }),
    changing({ instrument: 'NOPE' }),
    (exchange) => exchange.uncross({ instrument: 'NOPE' }),
    (exchange) => exchange.withdrawAll({ instrument: 'NOPE' }),
  ],
  TOO_LATE: [
    posting({ validUntil: '2023-11-14T22:13:19.999Z' }),
    replacing({ validUntil: '2023-11-14T22:13:19Z' }),
    (exchange) => exchange.reduce({ id: '1', by: '10', validUntil: '1999-12-31T23:59:59+01:00' }),
    (exchange) => exchange.withdraw({ id: '1', validUntil: '2023-11-14T22:13:19Z' }),
    (exchange) => exchange.withdrawAll({ validUntil: '2023-11-14T22:13:19Z' }),
  ],
  UNKNOWN_INTENTION: [
    ...['0', '7', '-1', '1.0', '01', 'x', '', '9007199254740993', '1e0', '__proto__'].map(
      (id): Command =>
        (exchange) =>
          exchange.withdraw({ id }),
    ),
    replacing({ id: undefined, clientIntentionId: 'none' }),
    replacing({ id: undefined, clientIntentionId: 'first', instrument: 'OWN' }),
  ],
  INTENTION_CLOSED: [
    (exchange) => exchange.withdraw({ id: '2', validUntil: '1999-12-31T23:59:59Z' }),
    (exchange) => exchange.withdraw({ id: '2' }),
    (exchange) => exchange.reduce({ id: '2', by: '10' }),
    replacing({ id: '2', participant: 'bob' }),
  ],
  NOT_YOURS: [
    (exchange) => exchange.withdraw({ id: '1', participant: 'mallory' }),
    (exchange) => exchange.reduce({ id: '1', participant: 'bob', by: '10' }),
    replacing({ participant: 'bob' }),
  ],
  CLIENT_ID_REUSED: [
    { quantity: '60' },
    { price: '5.05' },
    { side: 'buy' },
    { timeInForce: 'ioc' },
    { postOnly: true },
    { instrument: 'OWN' },
    { type: 'market', price: undefined },
    { timeInForce: 'gtd', expiresAt: '2030-01-01T00:00:00Z' },
  ].map((change) =>
    posting({
      participant: 'alice',
      clientIntentionId: 'first',
      side: 'sell',
      price: '5.00',
      quantity: '50',
      ...change,
    }),
  ),
  WRONG_PHASE: [
    posting({ instrument: 'CALL', postOnly: true }),
    posting({ instrument: 'CALL', timeInForce: 'ioc' }),
    posting({ instrument: 'CALL', timeInForce: 'fok' }),
    posting({ instrument: 'CALL', type: 'market', price: undefined, timeInForce: 'fok' }),
    changing({ instrument: 'CALL', phase: 'continuous' }),
    (exchange) => exchange.uncross({ instrument: 'ACME' }),
  ],
  POST_ONLY_WOULD_DEAL: [posting({ price: '5.00', postOnly: true })],
  SELF_TRADE: [
    posting({ instrument: 'OWN', participant: 'alice', price: '5.00' }),
    posting({ instrument: 'OWN', participant: 'alice', type: 'market', price: undefined }),
  ],
  NOT_LESS: [(exchange) => exchange.reduce({ id: '1', by: '60' })],
  INSTRUMENT_DIFFERS: [
    listing({ symbol: 'ACME', tickSize: '0.01', lotSize: '10' }),
    listing({ symbol: 'ACME', tickSize: '0.05', lotSize: '1' }),
    listing({ symbol: 'ACME', tickSize: '0.5', lotSize: '10' }),
  ],
};

/** Given by the server alone, or tested where the log fails, or where limits are set. */
const elsewhere: RefusalCode[] = [
  ...(['UNKNOWN_DEAL', 'DEAL_UNDECIDED', 'SHARD_BUSY', 'SHARD_UNAVAILABLE'] as const),
  ...(['LIMIT_OPEN_QUANTITY', 'LIMIT_NET_POSITION', 'LIMIT_RATE', 'HALTED'] as const),
];

async function opened(): Promise<ExchangeHarness> {
  const harness = await ExchangeHarness.open();
  await harness.play({ kind: 'list', listing: acme });
  await harness.play(post('alice', 'sell', 100, 5, { clientId: 'first' }));
  await harness.play(post('bob', 'sell', 200, 5));
  await harness.play({ kind: 'withdraw', id: 2, participant: 'bob' });
  await harness.play({ kind: 'list', listing: { ...acme, symbol: 'CALL' } });
  await harness.play({ kind: 'phase', instrument: 'CALL', phase: 'call' });
  await harness.play(post('carol', 'buy', undefined, 5, { instrument: 'CALL' }));
  await harness.play(post('carol', 'buy', 12, 5, { instrument: 'CALL' }));
  await harness.play(post('alice', 'sell', 10, 5, { instrument: 'CALL' }));
  await harness.play({ kind: 'list', listing: { ...acme, symbol: 'OWN', selfTrade: 'refuseArriving', minTicks: 2 } });
  await harness.play(post('alice', 'sell', 100, 5, { instrument: 'OWN' }));
  await harness.exchange.log.flushed();
  return harness;
}

describe('a refused command', () => {
  let harness: ExchangeHarness;
  beforeEach(async () => {
    harness = await opened();
  });

  it.each(Object.entries(refused))(
    'A refused command has its code, has written nothing and changed nothing: %s',
    async (code, commands) => {
      const { market, shard, log } = harness;
      const before = { head: shard.head, digest: stateDigest(market), events: await eventsIn(log) };
      for (const [index, command] of commands.entries()) {
        const answer = await command(harness.exchange);
        expect({ index, answer }).toMatchObject({ index, answer: { ok: false, code } });
        expect(answer).toMatchObject({ detail: expect.stringMatching(/./) });
        const after = { head: shard.head, digest: stateDigest(market), events: await eventsIn(log) };
        expect({ index, after }).toEqual({ index, after: before });
      }
    },
  );

  it('A refused command leaves its client id to be used', async () => {
    expect(await harness.exchange.post({ ...fine, price: '5.00', postOnly: true })).toMatchObject({ ok: false });
    expect(await harness.exchange.post({ ...fine, instrument: 'NOPE' })).toMatchObject({ ok: false });
    expect(await harness.exchange.post(fine)).toMatchObject({ ok: true, id: '7' });
  });

  it('A refused command does not admit its participant', async () => {
    await harness.exchange.post({ ...fine, price: '5.00', postOnly: true });
    expect(harness.market.participantIds.has('zoe')).toBe(false);
  });

  it('A refused command is answered among others in its place', async () => {
    const answers = await harness.exchange.postAll([
      { ...fine, clientIntentionId: 'one' },
      { ...fine, clientIntentionId: 'two', quantity: '0' },
      { ...fine, clientIntentionId: 'three' },
    ]);
    expect(answers).toMatchObject([{ id: '7' }, { code: 'INVALID_QUANTITY' }, { id: '8' }]);
  });
});

describe('the codes of refusals', () => {
  it('The codes of refusals are all tried here or named as tested in other files', () => {
    expect([...Object.keys(refused), ...elsewhere].sort()).toEqual(Object.keys(refusals).sort());
  });
});
