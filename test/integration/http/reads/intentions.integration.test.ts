import type { FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Market, aPost, appOf, openMarket } from '../../../support/http/market.js';

let market: Market;
let app: FastifyInstance;
beforeEach(async () => {
  market = await openMarket();
  app = appOf(market);
});

async function posted(fields = {}): Promise<string> {
  const answer = await app.inject({ method: 'POST', url: '/v1/intentions', payload: aPost(fields) });
  return String(answer.json().id);
}

const get = (url: string) => app.inject({ method: 'GET', url });
const patch = (id: string, payload: object) => app.inject({ method: 'PATCH', url: `/v1/intentions/${id}`, payload });
const withdraw = (id: string) => app.inject({ method: 'DELETE', url: `/v1/intentions/${id}` });

describe('GET /v1/intentions/{id}', () => {
  it('GET /v1/intentions/{id} shows an intention as soon as its post was answered', async () => {
    const id = await posted();
    const answer = await get(`/v1/intentions/${id}`);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      id,
      status: 'open',
      open: '100',
      reserved: '0',
      filled: '0',
      price: '10.25',
    });
  });

  it('GET /v1/intentions/{id} shows what a deal has left of it', async () => {
    const id = await posted();
    await posted({ participant: 'bob', side: 'sell', quantity: '40' });
    expect((await get(`/v1/intentions/${id}`)).json()).toMatchObject({ status: 'open', open: '60', filled: '40' });
  });

  it.each(['999', 'x', '-1', '1%2F2'])('GET /v1/intentions/{id} does not know %s', async (id) => {
    const answer = await get(`/v1/intentions/${id}`);
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'UNKNOWN_INTENTION']);
  });

  it('GET /v1/intentions/{id} waits for the projections, and answers 503 when they take too long', async () => {
    market.store.hold();
    const id = await posted();
    const late = await appOf(market, undefined, { catchUpMs: 1 }).inject(`/v1/intentions/${id}`);
    expect([late.statusCode, late.json().code, late.headers['retry-after']]).toEqual([503, 'UNAVAILABLE', '1']);
    const waiting = get(`/v1/intentions/${id}`);
    await expect.poll(() => market.store.isAwaited).toBe(true);
    market.store.release();
    expect((await waiting).statusCode).toBe(200);
  });
});

describe('GET /v1/intentions', () => {
  it('GET /v1/intentions lists a participant’s own, by state, by client id and page by page', async () => {
    const ids = [await posted(), await posted({ clientIntentionId: 'mine' }), await posted()];
    await posted({ participant: 'bob' });
    await withdraw(ids[0] ?? '');
    const list = async (query: string): Promise<string[]> => {
      const answer = await get(`/v1/intentions?participant=alice${query}`);
      expect(answer.statusCode).toBe(200);
      return (answer.json().intentions as { id: string }[]).map(({ id }) => id);
    };
    expect(await list('')).toEqual(ids);
    expect(await list('&status=open')).toEqual(ids.slice(1));
    expect(await list('&clientIntentionId=mine')).toEqual([ids[1]]);
    expect(await list('&clientIntentionId=none')).toEqual([]);
    expect(await list('&limit=2')).toEqual(ids.slice(0, 2));
    expect(await list(`&after=${ids[1] ?? ''}`)).toEqual(ids.slice(2));
  });

  it('GET /v1/intentions lists everybody’s by instrument and side, where no participant is named', async () => {
    await market.exchange.list({ symbol: 'EMCA', tickSize: '1', lotSize: '1' });
    const ids = [
      await posted(),
      await posted({ participant: 'bob', side: 'sell', price: '11.00' }),
      await posted({ participant: 'bob', instrument: 'EMCA', price: '5' }),
    ];
    const list = async (query: string): Promise<string[]> =>
      ((await get(`/v1/intentions${query}`)).json().intentions as { id: string }[]).map(({ id }) => id);
    expect(await list('')).toEqual(ids);
    expect(await list('?instrument=ACME')).toEqual(ids.slice(0, 2));
    expect(await list('?instrument=ACME&side=sell')).toEqual([ids[1]]);
    expect(await list('?participant=bob&side=buy')).toEqual([ids[2]]);
    expect(await list('?instrument=NONE')).toEqual([]);
  });

  it('GET /v1/intentions shows why one was withdrawn', async () => {
    await withdraw(await posted());
    const [intention] = (await get('/v1/intentions?participant=alice')).json().intentions;
    expect(intention).toMatchObject({ status: 'withdrawn', closedReason: 'requested', closedAt: expect.any(String) });
  });

  it.each([
    [
      '?clientIntentionId=mine',
      'participant is missing: a client’s id is one participant’s, and an operator or auditor names whose',
    ],
    ['?side=both', 'side must be one of buy, sell'],
    ['?participant=alice&limit=0', 'limit must be a whole number from 1 to 1000'],
    ['?participant=alice&limit=many', 'limit must be a whole number from 1 to 1000'],
    ['?participant=alice&status=gone', 'status must be one of open, filled, withdrawn, expired'],
    ['?participant=alice&colour=red', 'there is no field "colour"'],
    ['?participant=alice&after=x', 'after must match ^(0|[1-9][0-9]{0,14})$'],
    ['?participant=alice&participant=bob', 'participant must be a string'],
  ])('GET /v1/intentions refuses %s and says why', async (query, detail) => {
    const answer = await get(`/v1/intentions${query}`);
    expect([answer.statusCode, answer.json().code, answer.json().detail]).toEqual([400, 'INVALID_COMMAND', detail]);
  });
});

describe('DELETE /v1/intentions/{id}', () => {
  it('DELETE /v1/intentions/{id} withdraws what is left', async () => {
    const id = await posted();
    const answer = await withdraw(id);
    expect(answer.statusCode).toBe(200);
    const ended = { status: 'withdrawn', closedReason: 'requested', open: '0', filled: '0' };
    expect(answer.json()).toEqual({ id, ...ended, position: expect.any(Number) });
    expect((await withdraw(id)).body).toBe(answer.body);
  });

  it('DELETE /v1/intentions/{id} says how one ended that is closed, and refuses one that never was', async () => {
    const id = await posted();
    await posted({ participant: 'bob', side: 'sell' });
    const { closedPosition: position } = (await get(`/v1/intentions/${id}`)).json();
    const answer = await withdraw(id);
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      { id, status: 'filled', open: '0', filled: '100', position },
    ]);
    expect((await withdraw('999')).json()).toMatchObject({ status: 404, code: 'UNKNOWN_INTENTION' });
  });
});

describe('PATCH /v1/intentions/{id}', () => {
  it('PATCH /v1/intentions/{id} reduces an intention', async () => {
    const id = await posted();
    expect((await patch(id, { reduceBy: '10' })).json()).toMatchObject({ id, status: 'open', open: '90' });
  });

  it('PATCH /v1/intentions/{id} replaces an intention, whose new terms may deal at once', async () => {
    const id = await posted({ price: '9.00' });
    await posted({ participant: 'bob', side: 'sell', quantity: '30' });
    const answer = await patch(id, { price: '10.25', quantity: '50' });
    expect(answer.json()).toMatchObject({ id, status: 'open', open: '20', filled: '30' });
  });

  it.each([
    [{ reduceBy: '101' }, 409, 'NOT_LESS'],
    [{ reduceBy: '0' }, 400, 'INVALID_QUANTITY'],
    [{ reduceBy: 10 }, 400, 'INVALID_QUANTITY'],
    [{ price: 10, quantity: '5' }, 400, 'INVALID_PRICE'],
    [{ price: '10.255', quantity: '5' }, 422, 'PRICE_OFF_TICK'],
    [{ reduceBy: '1', quantity: '5' }, 400, 'INVALID_COMMAND'],
    [{ reduceBy: '1', validUntil: 'soon' }, 400, 'INVALID_COMMAND'],
    [{ reduceBy: '1', validUntil: '2020-01-01T00:00:00Z' }, 409, 'TOO_LATE'],
    [{ reduceBy: '1', clientCommandId: 'a b' }, 400, 'INVALID_CLIENT_ID'],
    [{ reduceBy: '1', price: '10.25', quantity: '5' }, 400, 'INVALID_COMMAND'],
    [{}, 400, 'INVALID_COMMAND'],
    [{ colour: 'red' }, 400, 'INVALID_COMMAND'],
    [[], 400, 'INVALID_COMMAND'],
  ])('PATCH /v1/intentions/{id} refuses %j', async (body, status, code) => {
    const answer = await patch(await posted(), body);
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
  });

  it('PATCH /v1/intentions/{id} refuses to go without a body', async () => {
    const answer = await app.inject({ method: 'PATCH', url: `/v1/intentions/${await posted()}` });
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'INVALID_COMMAND']);
  });
});
