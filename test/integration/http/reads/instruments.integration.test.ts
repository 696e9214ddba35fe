import type { FastifyInstance, InjectOptions } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Market, aPost, appOf, openMarket } from '../../../support/http/market.js';

let market: Market;
let app: FastifyInstance;
beforeEach(async () => {
  market = await openMarket();
  app = appOf(market);
});

interface Body {
  code?: string;
  phase?: string;
  maxPrice?: string;
  selfTrade?: string;
  instruments: { symbol: string }[];
  bids: object[];
  asks: { price: string }[];
}

async function send(method: 'GET' | 'PUT' | 'POST', url: string, payload?: object) {
  const options: InjectOptions = payload === undefined ? { method, url } : { method, url, payload };
  const answer = await app.inject(options);
  return { status: answer.statusCode, body: answer.json<Body>(), headers: answer.headers };
}

describe('instruments', () => {
  it('Instruments are listed with 201 and changed with 200', async () => {
    const terms = { tickSize: '0.5', lotSize: '10', minPrice: '1.0', maxPrice: '50.0' };
    const made = await send('PUT', '/v1/instruments/NEW', terms);
    expect([made.status, made.headers.location]).toEqual([201, '/v1/instruments/NEW']);
    expect(made.body).toMatchObject({
      symbol: 'NEW',
      ...terms,
      priceRule: 'standing',
      selfTrade: 'allow',
      phase: 'continuous',
    });
    const changed = await send('PUT', '/v1/instruments/NEW', {
      ...terms,
      maxPrice: '60.0',
      selfTrade: 'refuseArriving',
    });
    expect([changed.status, changed.body.maxPrice, changed.body.selfTrade]).toEqual([200, '60.0', 'refuseArriving']);
    expect((await send('GET', '/v1/instruments/NEW')).body).toEqual(changed.body);
    const { instruments } = (await send('GET', '/v1/instruments')).body;
    expect(instruments.map(({ symbol }) => symbol)).toEqual(['ACME', 'NEW']);
  });

  it.each([
    ['NEW', { tickSize: '0.5' }, 400, 'INVALID_COMMAND'],
    ['NEW', { tickSize: 0.5, lotSize: '1' }, 400, 'INVALID_COMMAND'],
    ['NEW', { tickSize: '0', lotSize: '1' }, 400, 'INVALID_INSTRUMENT'],
    ['NEW', { tickSize: '1', lotSize: '1', minPrice: '9', maxPrice: '8' }, 400, 'INVALID_INSTRUMENT'],
    ['NEW', { tickSize: '1', lotSize: '1', priceRule: 'mine' }, 400, 'INVALID_COMMAND'],
    ['NEW', { tickSize: '1', lotSize: '1', symbol: 'NEW' }, 400, 'INVALID_COMMAND'],
    ['a%20b', { tickSize: '1', lotSize: '1' }, 400, 'INVALID_SYMBOL'],
    ['ACME', { tickSize: '0.02', lotSize: '1' }, 409, 'INSTRUMENT_DIFFERS'],
  ])('An instrument is refused with %s %j', async (symbol, terms, status, code) => {
    const answer = await send('PUT', `/v1/instruments/${symbol}`, terms);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('Instruments are collected for an auction, and uncrossed', async () => {
    expect((await send('POST', '/v1/instruments/ACME/phase', { phase: 'call' })).body.phase).toBe('call');
    await send('POST', '/v1/intentions', aPost({ price: '10.30' }));
    await send('POST', '/v1/intentions', aPost({ participant: 'bob', side: 'sell', price: '10.20', quantity: '60' }));
    const { status, body } = await send('POST', '/v1/instruments/ACME/uncross');
    expect(status).toBe(200);
    expect(body).toMatchObject({ instrument: 'ACME', volume: '60', deals: 1, price: expect.any(String) });
    expect((await send('POST', '/v1/instruments/ACME/phase', { phase: 'continuous' })).status).toBe(200);
  });

  it('Instruments are not uncrossed while they deal as they arrive, nor with a body, nor unlisted', async () => {
    const url = '/v1/instruments/ACME/uncross';
    expect((await send('POST', url)).body).toMatchObject({ status: 409, code: 'WRONG_PHASE' });
    expect((await send('POST', url, {})).body).toMatchObject({ status: 400, code: 'INVALID_COMMAND' });
    expect((await send('POST', '/v1/instruments/NONE/uncross')).body).toMatchObject({
      status: 404,
      code: 'UNKNOWN_INSTRUMENT',
    });
  });

  it.each([[{}], [{ phase: 'closed' }], [{ phase: 'call', now: true }]])(
    'Instruments take no phase %j',
    async (body) => {
      expect((await send('POST', '/v1/instruments/ACME/phase', body)).body).toMatchObject({
        status: 400,
        code: 'INVALID_COMMAND',
      });
    },
  );

  it('Instruments that are not listed are not known', async () => {
    for (const url of ['/v1/instruments/NONE', '/v1/book/NONE']) {
      expect((await send('GET', url)).body).toMatchObject({ status: 404, code: 'UNKNOWN_INSTRUMENT' });
    }
  });
});

describe('GET /v1/book/{instrument}', () => {
  it('GET /v1/book/{instrument} shows levels, best first, as deep as asked', async () => {
    for (const [side, price] of [
      ['buy', '10.00'],
      ['buy', '10.10'],
      ['buy', '10.10'],
      ['sell', '10.30'],
      ['sell', '10.20'],
    ]) {
      await send('POST', '/v1/intentions', aPost({ side, price, quantity: '5' }));
    }
    const { body } = await send('GET', '/v1/book/ACME');
    expect(body).toMatchObject({ instrument: 'ACME', phase: 'continuous', position: expect.any(Number) });
    expect(body.bids).toEqual([
      { price: '10.10', quantity: '10', intentions: 2 },
      { price: '10.00', quantity: '5', intentions: 1 },
    ]);
    expect(body.asks.map(({ price }) => price)).toEqual(['10.20', '10.30']);
    expect((await send('GET', '/v1/book/ACME?depth=1')).body.bids).toHaveLength(1);
  });

  it.each(['0', '1001', '1.5', 'all', ''])('GET /v1/book/{instrument} refuses the depth %j', async (depth) => {
    expect((await send('GET', `/v1/book/ACME?depth=${depth}`)).body).toMatchObject({
      status: 400,
      code: 'INVALID_COMMAND',
    });
  });
});
