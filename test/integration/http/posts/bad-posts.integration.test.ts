import type { FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Market, aPost, appOf, openMarket } from '../../../support/http/market.js';

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

const nothing = undefined;

describe('POST /v1/intentions refuses, and appends nothing for,', () => {
  it.each([
    ['an unknown instrument', { instrument: 'NONE' }, 404, 'UNKNOWN_INSTRUMENT'],
    ['a price off its tick', { price: '10.255' }, 422, 'PRICE_OFF_TICK'],
    ['a price above its band', { price: '100.01' }, 422, 'PRICE_OUT_OF_BAND'],
    ['a price below its band', { price: '0.99' }, 422, 'PRICE_OUT_OF_BAND'],
    ['a quantity off its lot', { quantity: '1.5' }, 422, 'QUANTITY_OFF_LOT'],
    ['a quantity of zero', { quantity: '0' }, 400, 'INVALID_QUANTITY'],
    ['a negative quantity', { quantity: '-5' }, 400, 'INVALID_QUANTITY'],
    ['a quantity too large', { quantity: '9000000000000' }, 422, 'QUANTITY_TOO_LARGE'],
    ['a quantity that is no number', { quantity: 'many' }, 400, 'INVALID_QUANTITY'],
    ['a quantity as a JSON number', { quantity: 100 }, 400, 'INVALID_QUANTITY'],
    ['a price as a JSON number', { price: 10.25 }, 400, 'INVALID_PRICE'],
    ['a price of null', { price: null }, 400, 'INVALID_PRICE'],
    ['a price that is no number', { price: '1e3' }, 400, 'INVALID_PRICE'],
    ['a limit without a price', { price: nothing }, 400, 'INVALID_PRICE'],
    ['an unknown field', { colour: 'red' }, 400, 'INVALID_COMMAND'],
    ['a side that is none', { side: 'both' }, 400, 'INVALID_COMMAND'],
    ['a time in force that is none', { timeInForce: 'day' }, 400, 'INVALID_COMMAND'],
    ['a type that is none', { type: 'stop' }, 400, 'INVALID_COMMAND'],
    ['a flag that is none', { postOnly: 'yes' }, 400, 'INVALID_COMMAND'],
    ['no client id', { clientIntentionId: nothing }, 400, 'INVALID_COMMAND'],
    ['no participant', { participant: nothing }, 400, 'INVALID_COMMAND'],
    ['no instrument', { instrument: nothing }, 400, 'INVALID_COMMAND'],
    ['no side', { side: nothing }, 400, 'INVALID_COMMAND'],
    ['no quantity', { quantity: nothing }, 400, 'INVALID_COMMAND'],
    ['a client id with spaces', { clientIntentionId: 'a b' }, 400, 'INVALID_CLIENT_ID'],
    ['a client id too long', { clientIntentionId: 'x'.repeat(65) }, 400, 'INVALID_CLIENT_ID'],
    ['a client id that is no string', { clientIntentionId: 7 }, 400, 'INVALID_COMMAND'],
    ['a participant that is no name', { participant: 'a/b' }, 400, 'INVALID_PARTICIPANT'],
    ['gtd without an expiry', { timeInForce: 'gtd' }, 400, 'INVALID_EXPIRY'],
    ['gtd in the past', { timeInForce: 'gtd', expiresAt: '2001-01-01T00:00:00Z' }, 400, 'INVALID_EXPIRY'],
    ['an expiry that is no time', { timeInForce: 'gtd', expiresAt: 'tomorrow' }, 400, 'INVALID_EXPIRY'],
    ['post-only that may not stand', { postOnly: true, timeInForce: 'ioc' }, 400, 'INVALID_COMBINATION'],
  ])('POST /v1/intentions refuses, and appends nothing for: %s', async (_what, fields, status, code) => {
    const before = await market.log.head();
    const answer = await post(aPost(fields));
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.json()).toMatchObject({ type: `urn:parley:problem:${code}`, status, instance: '/v1/intentions' });
    expect(answer.json().detail).not.toBe('');
    expect(await market.log.head()).toBe(before);
  });

  it.each([
    ['a field that is not known', { colour: 'red' }, 'there is no field "colour"'],
    ['a field that is missing', { side: nothing }, 'side is missing'],
    ['a number for a price', { price: 10.25 }, 'price must be a decimal number in a string, such as "10.25"'],
  ])('POST /v1/intentions refuses, and appends nothing for: %s by its name', async (_what, fields, detail) => {
    expect((await post(aPost(fields))).json().detail).toBe(detail);
  });

  it('POST /v1/intentions refuses, and appends nothing for: a client id that was used for something else', async () => {
    const body = aPost();
    await post(body);
    const answer = await post({ ...body, quantity: '101' });
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'CLIENT_ID_REUSED']);
  });

  it('POST /v1/intentions refuses, and appends nothing for: a market intention in a call phase', async () => {
    await market.exchange.changePhase({ instrument: 'ACME', phase: 'call' });
    const answer = await post(aPost({ timeInForce: 'fok' }));
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'WRONG_PHASE']);
  });

  it('POST /v1/intentions refuses, and appends nothing for: a post-only intention that would deal', async () => {
    await post(aPost({ participant: 'bob', side: 'sell' }));
    const answer = await post(aPost({ postOnly: true }));
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'POST_ONLY_WOULD_DEAL']);
  });

  it.each([
    ['null', 'INVALID_COMMAND'],
    ['[]', 'INVALID_COMMAND'],
    ['"text"', 'INVALID_COMMAND'],
    ['7', 'INVALID_COMMAND'],
    ['{"a":', 'MALFORMED_JSON'],
    ["{'a': 1}", 'MALFORMED_JSON'],
    ['not json', 'MALFORMED_JSON'],
    ['', 'INVALID_COMMAND'],
  ])('POST /v1/intentions refuses, and appends nothing for: the body %s', async (body, code) => {
    const answer = await post(body);
    expect([answer.statusCode, answer.json().code]).toEqual([400, code]);
  });

  it('POST /v1/intentions refuses, and appends nothing for: a body over 64 KiB', async () => {
    const answer = await post(aPost({ colour: 'x'.repeat(65_536) }));
    expect([answer.statusCode, answer.json().code]).toEqual([413, 'BODY_TOO_LARGE']);
  });

  it.each(['text/plain', 'application/xml', 'application/x-www-form-urlencoded'])(
    'POST /v1/intentions refuses, and appends nothing for: the media type %s',
    async (type) => {
      const answer = await post(JSON.stringify(aPost()), { 'content-type': type });
      expect([answer.statusCode, answer.json().code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    },
  );

  it('POST /v1/intentions refuses, and appends nothing for: fields that would reach into prototypes, as fields that it does not know', async () => {
    const text = JSON.stringify(aPost()).slice(0, -1);
    for (const field of ['"__proto__":{"operator":true}', '"constructor":{"prototype":{}}', '"toString":"x"']) {
      expect((await post(`${text},${field}}`)).json().code).toBe('INVALID_COMMAND');
    }
    expect({}).not.toHaveProperty('operator');
  });
});
