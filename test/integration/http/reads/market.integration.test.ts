import type { FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { bookChecksum } from '../../../../projections/book/checksum.js';
import { FileKeyring } from '../../../../src/server/keys/keys.js';
import { as, keyFile } from '../../../support/http/key-file.js';
import { type Market, aPost, appOf, openMarket } from '../../../support/http/market.js';

let market: Market;
let app: FastifyInstance;

/** alice buys 100, of which bob sells 30 and carol 20; what is left stands, and below it twelve more levels. */
beforeEach(async () => {
  market = await openMarket();
  app = appOf(market);
  await market.exchange.list({ symbol: 'QUIET', tickSize: '0.000000000001', lotSize: '0.000000000001' });
  const levels = Array.from({ length: 12 }, (_, level) => ({ price: `9.${String(98 - level)}`, quantity: '7' }));
  const sells = [{ quantity: '30' }, { participant: 'carol', quantity: '20', price: '10.00' }];
  const posts = [{}, ...sells.map((sell) => ({ participant: 'bob', side: 'sell', ...sell })), ...levels];
  for (const post of posts) await app.inject({ method: 'POST', url: '/v1/intentions', payload: aPost(post) });
});

type Body = Record<string, unknown>;

const get = async (url: string) => (await app.inject({ method: 'GET', url })).json<Body>();

describe('GET /v1/book', () => {
  it('A book has the checksum of its ten best levels, whatever the depth, also when its shard has stopped', async () => {
    const deep = await get('/v1/book/ACME?depth=50');
    const { bids, asks } = deep as unknown as Parameters<typeof bookChecksum>[0]; // a book
    expect(bids).toHaveLength(13);
    expect(deep.checksum).toBe(bookChecksum({ bids: bids.slice(0, 10), asks }));
    for (const depth of [1, 9, 10, 11]) {
      const book = await get(`/v1/book/ACME?depth=${depth}`);
      expect(book).toEqual({ ...deep, bids: bids.slice(0, depth) });
    }
    expect(await get('/v1/book/QUIET')).toMatchObject({ checksum: 0, bids: [], asks: [] });
    await market.exchange.close();
    expect(await get('/v1/book/ACME?depth=2')).toMatchObject({
      ...{ state: 'stopped', checksum: deep.checksum, bids: bids.slice(0, 2) },
    });
  });
});

describe('GET /v1/trades', () => {
  it('Trades have no names, and go page by page', async () => {
    const all = await get('/v1/trades/ACME');
    expect(all).toEqual({
      instrument: 'ACME',
      trades: [
        { position: expect.any(Number), at: expect.any(String), price: '10.25', quantity: '30', takerSide: 'sell' },
        { position: expect.any(Number), at: expect.any(String), price: '10.25', quantity: '20', takerSide: 'sell' },
      ],
      position: await market.log.head(),
    });
    const [first, second] = all.trades as { position: number }[];
    expect(await get('/v1/trades/ACME?limit=1')).toEqual({ ...all, trades: [second] });
    expect(await get('/v1/trades/ACME?after=0&limit=1')).toEqual({ ...all, trades: [first] });
    expect(await get(`/v1/trades/ACME?after=${String(first?.position)}`)).toEqual({ ...all, trades: [second] });
    expect(await get(`/v1/trades/ACME?before=${String(second?.position)}`)).toEqual({ ...all, trades: [first] });
    expect(await get('/v1/trades/QUIET')).toMatchObject({ instrument: 'QUIET', trades: [] });
  });
});

describe('GET /v1/ticker', () => {
  it('A ticker tells of the last day, and of an instrument in which nobody has dealt only that', async () => {
    const position = await market.log.head();
    const ticker = {
      ...{ instrument: 'ACME', last: '10.25', change: '0.00', changePercent: '0.00', high: '10.25', low: '10.25' },
      ...{ volume: '50', deals: 2, bestBid: '10.25', position },
    };
    expect(await get('/v1/ticker/ACME')).toEqual(ticker);
    const quiet = { instrument: 'QUIET', volume: '0.000000000000', deals: 0, position };
    expect(await get('/v1/ticker/QUIET')).toEqual(quiet);
    expect(await get('/v1/tickers')).toEqual({ tickers: [ticker, quiet], position });
    expect(await get('/v1/tickers?limit=1')).toEqual({ tickers: [ticker], next: 'ACME', position });
    expect(await get('/v1/tickers?after=ACME')).toEqual({ tickers: [quiet], position });
    expect(await get('/v1/tickers?after=NONE')).toMatchObject({ status: 400, code: 'INVALID_COMMAND' });
  });
});

describe('GET /v1/candles', () => {
  it('Candles come for an interval, of minutes unless another is named, and between two times', async () => {
    const day = await get('/v1/candles/ACME?interval=1d');
    const [candle] = day.candles as { start: string }[];
    expect(day).toEqual({
      ...{ instrument: 'ACME', interval: '1d', position: await market.log.head() },
      candles: [
        {
          ...{ start: expect.stringMatching(/T00:00:00\.000Z$/) as string, volume: '50', deals: 2 },
          ...{ open: '10.25', high: '10.25', low: '10.25', close: '10.25' },
        },
      ],
    });
    expect(await get('/v1/candles/ACME')).toMatchObject({ interval: '1m', candles: [{}] });
    const start = candle?.start ?? '';
    expect(await get(`/v1/candles/ACME?interval=1d&from=${start}`)).toEqual(day);
    expect(await get(`/v1/candles/ACME?interval=1d&until=${start}`)).toEqual({ ...day, candles: [] });
    expect(await get('/v1/candles/QUIET')).toMatchObject({ instrument: 'QUIET', candles: [] });
  });

  it.each(['interval=2m', 'interval=1D', 'from=yesterday', 'until=2026-02-30T00:00:00Z', 'limit=0', 'from=1'])(
    'Candles are refused for what is no interval or time: %s',
    async (query) => {
      expect(await get(`/v1/candles/ACME?${query}`)).toMatchObject({ status: 400, code: 'INVALID_COMMAND' });
    },
  );
});

it.each(['trades', 'ticker', 'candles', 'book'])(
  'What is asked of an instrument that is not listed is refused: %s',
  async (about) => {
    expect(await get(`/v1/${about}/NONE`)).toMatchObject({ status: 404, code: 'UNKNOWN_INSTRUMENT' });
    expect(await get(`/v1/${about}/a%20b`)).toMatchObject({ status: 404, code: 'UNKNOWN_INSTRUMENT' });
  },
);

describe('GET /v1/account', () => {
  it('An account is what is open, held and dealt since, and stands as of one position', async () => {
    const position = await market.log.head();
    const account = await get('/v1/account?participant=alice&after=0');
    expect(account).toMatchObject({ participant: 'alice', moreDeals: false, position });
    const { intentions } = await get('/v1/intentions?participant=alice&status=open');
    const { positions } = await get('/v1/positions?participant=alice');
    const { deals } = await get('/v1/deals?participant=alice&after=0');
    expect(account).toMatchObject({ intentions, positions, deals });
    expect(deals).toHaveLength(2);
    const [first, second] = deals as { position: number }[];
    expect(await get(`/v1/account?participant=alice&after=${String(first?.position)}`)).toEqual({
      ...account,
      deals: [second],
    });
    expect(await get(`/v1/account?participant=alice&after=0/${String(first?.position)}`)).toMatchObject({
      deals: [second],
    });
    expect(await get('/v1/account?participant=alice')).toEqual({ ...account, deals: [] });
    const nobody = { participant: 'nobody', intentions: [], positions: [], deals: [], moreDeals: false, position };
    expect(await get('/v1/account?participant=nobody&after=0')).toEqual(nobody);
  });

  it('An account tells of a switch and of limits, where they are set', async () => {
    const put = await app.inject({ method: 'PUT', url: '/v1/limits/alice', payload: { openQuantity: '1000' } });
    const set = await app.inject({
      method: 'POST',
      url: '/v1/switch',
      payload: { participant: 'alice', withinMs: 60_000 },
    });
    expect([put.statusCode, set.statusCode]).toEqual([200, 200]);
    const { lapsesAt } = set.json<{ lapsesAt: string }>();
    expect(await get('/v1/account?participant=alice')).toMatchObject({
      switch: { withinMs: 60_000, lapsesAt },
      limits: [{ participant: 'alice', openQuantity: '1000', halted: false }],
    });
    const bob = await get('/v1/account?participant=bob');
    expect([bob.switch, bob.limits]).toEqual([undefined, undefined]);
  });

  it('An account is refused where nobody is named, and for what is no position', async () => {
    expect(await get('/v1/account')).toMatchObject({ status: 400, code: 'INVALID_COMMAND' });
    for (const after of ['x', '1/', '1,2', '-1', '0/1,', '']) {
      const refused = await get(`/v1/account?participant=alice&after=${after}`);
      expect(refused, after).toMatchObject({ status: 400, code: 'INVALID_COMMAND' });
    }
    expect(await get('/v1/account?participant=alice&shard=7')).toMatchObject({ status: 404, code: 'UNKNOWN_SHARD' });
  });
});

it('An account is a participant’s own, doubts are for those who watch, and market data is for all who have a key', async () => {
  const keyed = appOf(market, await FileKeyring.load(await keyFile()));
  const statusOf = async (url: string, headers: Record<string, string>) =>
    (await keyed.inject({ method: 'GET', url, headers })).statusCode;
  expect((await keyed.inject({ method: 'GET', url: '/v1/account', headers: as.alice })).json()).toMatchObject({
    participant: 'alice',
  });
  expect(await statusOf('/v1/account?participant=bob', as.alice)).toBe(403);
  expect(await statusOf('/v1/account?participant=bob', as.auditor)).toBe(200);
  expect(await statusOf('/v1/account', as.marketData)).toBe(403);
  expect([await statusOf('/v1/doubts', as.alice), await statusOf('/v1/doubts', as.auditor)]).toEqual([403, 200]);
  for (const url of ['/v1/trades/ACME', '/v1/ticker/ACME', '/v1/tickers', '/v1/candles/ACME']) {
    expect([await statusOf(url, as.marketData), await statusOf(url, as.alice)], url).toEqual([200, 200]);
    expect(await statusOf(url, {}), url).toBe(401);
  }
});
