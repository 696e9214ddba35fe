import type { FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Market, aPost, appOf, openMarket } from '../../../support/http/market.js';
import { MemoryLog } from '../../../support/log/memory-log.js';

let market: Market;
let app: FastifyInstance;
beforeEach(async () => {
  market = await openMarket();
  app = appOf(market);
});

const post = (payload: object | string, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: '/v1/intentions',
    payload,
    headers: { 'content-type': 'application/json', ...headers },
  });

describe('POST /v1/intentions', () => {
  it('POST /v1/intentions answers 201 with the acknowledgement and where the intention is', async () => {
    const answer = await post(aPost({ clientIntentionId: 'a-1' }));
    expect(answer.statusCode).toBe(201);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.headers.location).toBe(`/v1/intentions/${answer.json().id}`);
    expect(answer.json()).toEqual({
      id: '1',
      clientIntentionId: 'a-1',
      participant: 'alice',
      instrument: 'ACME',
      side: 'buy',
      type: 'limit',
      price: '10.25',
      quantity: '100',
      timeInForce: 'gtc',
      postOnly: false,
      position: expect.any(Number),
      status: 'open',
      filled: '0',
      open: '100',
      deals: [],
    });
  });

  it('POST /v1/intentions answers with what was dealt at once', async () => {
    await post(aPost({ participant: 'bob', side: 'sell', price: '10.20', quantity: '40' }));
    await post(aPost({ participant: 'bob', side: 'sell', price: '10.25', quantity: '20' }));
    interface Dealt {
      readonly deals: readonly { readonly id: string; readonly position: number }[];
    }
    const answer = (await post(aPost({ timeInForce: 'ioc' }))).json<Dealt>();
    expect(answer).toMatchObject({
      ...{
        status: 'withdrawn',
        filled: '60',
        open: '0',
        averagePrice: '10.21666667',
        closedReason: 'immediateOrCancel',
      },
      deals: [
        { id: '1-1', price: '10.20', quantity: '40' },
        { id: '2-1', price: '10.25', quantity: '20' },
      ],
    });
    const { deals } = (await app.inject('/v1/deals?participant=alice')).json<Dealt>();
    const places = ({ deals: all }: Dealt) => all.map(({ id, position }) => [id, position]);
    expect(places(answer)).toEqual(places({ deals }));
  });

  it('POST /v1/intentions answers a second post of the same intention with the same bytes, and makes no second one', async () => {
    await post(aPost({ participant: 'bob', side: 'sell', quantity: '40' }));
    const body = aPost();
    const first = await post(body);
    expect((await post(body)).body).toBe(first.body);
    expect(market.exchange.status().intentions).toBe(2);
  });

  it('POST /v1/intentions is one intention when it is posted twice at once', async () => {
    const body = aPost();
    const answers = await Promise.all([post(body), post(body), post(body)]);
    expect(new Set(answers.map((answer) => answer.body)).size).toBe(1);
  });

  it('POST /v1/intentions writes client ids with quotes and backslashes as JSON', async () => {
    const clientIntentionId = 'a"b\\c';
    expect((await post(aPost({ clientIntentionId }))).json().clientIntentionId).toBe(clientIntentionId);
  });

  it('POST /v1/intentions takes all that an intention can have', async () => {
    const gtd = aPost({ type: 'limit', timeInForce: 'gtd', expiresAt: '2999-01-01T00:00:00.000Z', postOnly: true });
    expect((await post(gtd)).json()).toMatchObject({ expiresAt: '2999-01-01T00:00:00.000Z', postOnly: true });
    const atMarket = aPost({ type: 'market', price: undefined, timeInForce: 'ioc' });
    const answer = (await post(atMarket)).json();
    expect(answer.type).toBe('market');
    expect(answer).not.toHaveProperty('price');
  });
});

describe('when the exchange cannot', () => {
  it('A post is answered 503 and when to come back once the log has failed', async () => {
    let isBroken = false;
    market = await openMarket(
      new MemoryLog({ plan: () => (isBroken ? { outcome: 'unknown', stored: false } : undefined) }),
    );
    app = appOf(market);
    isBroken = true;
    const answers = [await post(aPost()), await post(aPost())];
    for (const answer of answers) {
      expect([answer.statusCode, answer.json().code]).toEqual([503, 'SHARD_UNAVAILABLE']);
      expect(answer.headers['retry-after']).toBe('1');
    }
  });

  it('A post is answered 500 without a word of the inside when the exchange throws, which is logged', async () => {
    market.exchange.failure = new Error('secret');
    const answer = await post(aPost());
    expect([answer.statusCode, answer.json().code]).toEqual([500, 'INTERNAL']);
    expect(answer.body).not.toContain('secret');
    expect(market.logged.some(({ level }) => level === 50)).toBe(true);
  });
});
