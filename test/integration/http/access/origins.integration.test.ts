import type { FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { FileKeyring } from '../../../../src/server/keys/keys.js';
import { allowOrigin } from '../../../../src/cli/options/serve/allowed-origins.js';
import { as, keyFile } from '../../../support/http/key-file.js';
import { aPost, appOf, listen, type Market, openMarket } from '../../../support/http/market.js';

const DESK = 'https://desk.example';
const HOST = '127.0.0.1:7070';

let market: Market;
let app: FastifyInstance;
beforeEach(async () => {
  market = await openMarket();
  app = appOf(market, undefined, { allowedOrigins: new Set([DESK]) });
});

const preflight = (url: string, origin: string, method = 'POST') =>
  app.inject({
    ...{ method: 'OPTIONS', url },
    headers: { host: HOST, origin, 'access-control-request-method': method },
  });

const cors = (headers: object): string[] => Object.keys(headers).filter((name) => name.startsWith('access-control'));

describe('a page of an origin that is named', () => {
  it('A page of an origin that is named may ask by every method of an address, with a key or a signature, and never with credentials', async () => {
    const answer = await preflight('/v1/intentions/1', DESK, 'PATCH');
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': DESK,
      'access-control-allow-methods': expect.stringMatching(/GET.*PATCH|PATCH.*GET/),
      'access-control-allow-headers':
        'authorization, content-type, content-digest, signature, signature-input, last-event-id',
      'access-control-max-age': '600',
      vary: 'origin',
    });
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
  });

  it('A page of an origin that is named reads answers and refusals, with the headers that programs need', async () => {
    for (const url of ['/v1/instruments', '/v1/instruments/NONE', '/nowhere', '/health/live']) {
      const { headers } = await app.inject({ method: 'GET', url, headers: { host: HOST, origin: DESK } });
      expect(headers['access-control-allow-origin'], url).toBe(DESK);
      const exposed = String(headers['access-control-expose-headers']).split(', ');
      expect(exposed).toEqual(expect.arrayContaining(['retry-after', 'ratelimit', 'parley-from', 'location']));
    }
  });

  it('A page of an origin that is named reads feeds, and streams of posts', async () => {
    const { url } = await listen(market, { allowedOrigins: new Set([DESK]) });
    const feed = await fetch(`${url}/v1/events`, { headers: { origin: DESK } });
    expect(feed.headers.get('access-control-allow-origin')).toBe(DESK);
    await feed.body?.cancel();
    const headers = { origin: DESK, 'content-type': 'application/x-ndjson' };
    const posts = await fetch(`${url}/v1/intentions`, { method: 'POST', headers, body: JSON.stringify(aPost()) });
    expect([posts.headers.get('access-control-allow-origin'), await posts.text()]).toEqual([
      DESK,
      expect.stringContaining('"status":201'),
    ]);
  });

  it('A page of an origin that is named posts without keys, and every other page is refused as before', async () => {
    const ask = (origin: string) =>
      app.inject({
        ...{ method: 'POST', url: '/v1/intentions', payload: aPost() },
        headers: { host: HOST, origin, 'sec-fetch-site': 'cross-site' },
      });
    expect((await ask(DESK)).statusCode).toBe(201);
    for (const origin of [
      `${DESK}:8443`,
      'http://desk.example',
      'https://evil.example',
      'null',
      `${DESK}.evil.example`,
    ])
      expect((await ask(origin)).statusCode, origin).toBe(403);
    expect(market.exchange.taken).toBe(1);
  });

  it('A page of an origin that is named needs a key where there are keys', async () => {
    const keys = await FileKeyring.load(await keyFile());
    app = appOf(market, keys, { allowedOrigins: new Set([DESK]) });
    expect((await preflight('/v1/intentions', DESK)).statusCode).toBe(204);
    const ask = (headers: object) =>
      app.inject({ method: 'GET', url: '/v1/instruments', headers: { origin: DESK, ...headers } });
    const [without, having] = [await ask({}), await ask(as.alice)];
    expect([without.statusCode, having.statusCode]).toEqual([401, 200]);
    // A page must be able to read why.
    expect(without.headers['access-control-allow-origin']).toBe(DESK);
  });
});

describe('a page of any other origin', () => {
  it('A page of any other origin gets no header of CORS, from no address', async () => {
    for (const origin of ['https://evil.example', 'null', '*', 'http://desk.example']) {
      expect(cors((await preflight('/v1/intentions', origin)).headers), origin).toEqual([]);
      const answer = await app.inject({ method: 'GET', url: '/v1/instruments', headers: { host: HOST, origin } });
      expect([cors(answer.headers), answer.headers.vary], origin).toEqual([[], 'origin']);
    }
  });

  it('A page of any other origin gets none where no origin is named, and neither does a program', async () => {
    app = appOf(market);
    expect(cors((await preflight('/v1/intentions', DESK)).headers)).toEqual([]);
    const answer = await app.inject({ method: 'GET', url: '/v1/instruments', headers: { host: HOST, origin: DESK } });
    expect([cors(answer.headers), answer.headers.vary]).toEqual([[], undefined]);
  });
});

describe('a preflight', () => {
  it('A preflight for an address that there is not, and an OPTIONS that is none, are answered as before', async () => {
    expect((await preflight('/nowhere', DESK)).statusCode).toBe(404);
    const options = await app.inject({
      method: 'OPTIONS',
      url: '/v1/intentions',
      headers: { host: HOST, origin: DESK },
    });
    expect([options.statusCode, options.headers.allow]).toEqual([405, expect.stringContaining('POST')]);
  });
});

describe('--allow-origin', () => {
  it('The option `--allow-origin` takes origins as browsers name them, several with commas, several times', () => {
    const first = allowOrigin('https://Desk.example, http://localhost:3000');
    expect([...allowOrigin('https://other.example:443/', first)]).toEqual([
      'https://desk.example',
      'http://localhost:3000',
      'https://other.example',
    ]);
  });

  it.each([
    '*',
    'null',
    '',
    'desk.example',
    'https://desk.example/app',
    'https://u@desk.example',
    'ftp://desk.example',
  ])('The option `--allow-origin %s` is refused', (text) => {
    expect(() => allowOrigin(text)).toThrow('an origin is like https://desk.example');
  });
});
