import type { FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Market, aPost, appOf, openMarket } from '../../../support/http/market.js';

let market: Market;
let app: FastifyInstance;
let ids: string[];

/** alice buys 100, of which bob sells 30 and carol 70. */
beforeEach(async () => {
  market = await openMarket();
  app = appOf(market);
  ids = [];
  for (const fields of [
    {},
    { participant: 'bob', side: 'sell', quantity: '30' },
    { participant: 'carol', side: 'sell', quantity: '70', price: '10.00' },
  ]) {
    const answer = await app.inject({ method: 'POST', url: '/v1/intentions', payload: aPost(fields) });
    ids.push(String(answer.json().id));
  }
});

interface Body {
  deals: { id: string; position: number }[];
  positions: { participant: string }[];
  position: number;
}

const get = async (url: string) => (await app.inject({ method: 'GET', url })).json<Body>();

describe('GET /v1/deals', () => {
  it('GET /v1/deals lists the deals in the order in which they were decided', async () => {
    const { deals, position } = await get('/v1/deals');
    expect(deals).toMatchObject([
      {
        id: '1-1',
        price: '10.25',
        quantity: '30',
        buyer: 'alice',
        seller: 'bob',
        takerSide: 'sell',
        outcome: 'confirmed',
      },
      { id: '1-2', price: '10.25', quantity: '70', buyer: 'alice', seller: 'carol' },
    ]);
    expect(position).toBe(await market.log.head());
  });

  it('GET /v1/deals filters by participant, instrument and intention, and goes page by page', async () => {
    const list = async (query: string) => (await get(`/v1/deals?${query}`)).deals.map(({ id }) => id);
    expect(await list('participant=bob')).toEqual(['1-1']);
    expect(await list('participant=nobody')).toEqual([]);
    expect(await list('instrument=ACME')).toEqual(['1-1', '1-2']);
    expect(await list('instrument=NONE')).toEqual([]);
    expect(await list(`intention=${ids[2] ?? ''}`)).toEqual(['1-2']);
    expect(await list('limit=1')).toEqual(['1-2']);
    expect(await list('after=0&limit=1')).toEqual(['1-1']);
    const position = (await get('/v1/deals?after=0')).deals[0]?.position ?? 0;
    expect(await list(`after=${String(position)}`)).toEqual(['1-2']);
    expect(await list(`before=${String(position + 1)}`)).toEqual(['1-1']);
  });

  it('GET /v1/deals waits for the projections, and answers 503 when they take too long', async () => {
    market.store.hold();
    await app.inject({ method: 'POST', url: '/v1/intentions', payload: aPost() });
    const hasty = appOf(market, undefined, { catchUpMs: 1 });
    const urls = ['/v1/deals', '/v1/deals/1-1', '/v1/positions'];
    for (const url of urls) {
      expect((await hasty.inject(url)).json()).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
    }
    const waiting = urls.map(get);
    await expect.poll(() => market.store.isAwaited).toBe(true);
    market.store.release();
    for (const answer of await Promise.all(waiting)) expect(answer).not.toHaveProperty('status');
  });

  it('GET /v1/deals answers 503 when the projections are gone for a while', async () => {
    market.store.find = () => {
      throw Object.assign(new Error('the thread has ended'), { code: 'STORE_GONE' });
    };
    expect(await get('/v1/deals')).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
  });

  it('GET /v1/deals refuses an after that is no position', async () => {
    expect(await get('/v1/deals?after=-1')).toMatchObject({ status: 400, code: 'INVALID_COMMAND' });
  });
});

describe('GET /v1/deals/{id}', () => {
  it('GET /v1/deals/{id} shows a deal', async () => {
    expect(await get('/v1/deals/1-2')).toMatchObject({ id: '1-2', quantity: '70', sellerIntention: ids[2] });
  });

  it.each(['1-3', '9-9', 'x', '1'])('GET /v1/deals/{id} does not know %s', async (id) => {
    expect(await get(`/v1/deals/${id}`)).toMatchObject({ status: 404, code: 'UNKNOWN_DEAL' });
  });
});

describe('GET /v1/positions', () => {
  it('GET /v1/positions shows what everybody has, and their sums are zero', async () => {
    const { positions } = await get('/v1/positions');
    expect(positions).toEqual([
      { participant: 'alice', instrument: 'ACME', bought: '100', sold: '0', net: '100', cash: '-1025.00' },
      { participant: 'bob', instrument: 'ACME', bought: '0', sold: '30', net: '-30', cash: '307.50' },
      { participant: 'carol', instrument: 'ACME', bought: '0', sold: '70', net: '-70', cash: '717.50' },
    ]);
  });

  it('GET /v1/positions shows one participant’s, and goes page by page', async () => {
    const names = async (query: string) =>
      (await get(`/v1/positions?${query}`)).positions.map(({ participant }) => participant);
    expect(await names('participant=bob')).toEqual(['bob']);
    expect(await names('after=alice/ACME&limit=1')).toEqual(['bob']);
    expect(await get('/v1/positions?after=nowhere')).toMatchObject({ status: 400, code: 'INVALID_COMMAND' });
  });
});
