import type { FastifyInstance } from 'fastify';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Market, aPost, appOf, openMarket } from '../../../support/http/market.js';

let market: Market;
let app: FastifyInstance;
let head: number;
beforeEach(async () => {
  market = await openMarket();
  app = appOf(market);
  head = await market.log.head();
});

const post = (): string => JSON.stringify(aPost());
const bodies = [
  ['POST', '/v1/intentions', 'application/json', post],
  ['POST', '/v1/intentions', 'application/x-ndjson', () => `${post()}\n`],
  ['PATCH', '/v1/intentions/1', 'application/json', () => '{"reduceBy":"1"}'],
  ['DELETE', '/v1/intentions/1', 'application/json', () => '{}'],
  ['PUT', '/v1/instruments/NEW', 'application/json', () => '{"tickSize":"1","lotSize":"1"}'],
  ['POST', '/v1/instruments/ACME/phase', 'application/json', () => '{"phase":"call"}'],
  ['POST', '/v1/instruments/ACME/uncross', 'application/json', () => '{}'],
] as const;

describe('a body with a Content-Encoding', () => {
  it.each(bodies)(
    'A body with a Content-Encoding is refused before it is read, with what would be taken: %s %s as %s',
    async (method, url, type, text) => {
      for (const encoding of ['gzip', 'br', 'x-nonsense', 'identity, gzip', 'GZIP']) {
        for (const payload of [gzipSync(text()), text()]) {
          const headers = { 'content-type': type, 'content-encoding': encoding };
          const answer = await app.inject({ method, url, headers, payload });
          expect([answer.statusCode, answer.json().code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
          expect(answer.headers['accept-encoding']).toBe('identity');
        }
      }
      expect(await market.log.head()).toBe(head);
    },
  );

  it('A body with a Content-Encoding is taken where that is identity, in any case, or empty', async () => {
    for (const encoding of ['identity', 'Identity', 'identity, identity', '']) {
      const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
      const answer = await app.inject({ method: 'POST', url: '/v1/intentions', headers, payload: post() });
      expect(answer.statusCode).toBe(201);
    }
  });

  it('A body with a Content-Encoding has another refusal than a media type that nothing takes, for which another encoding would not help', async () => {
    const headers = { 'content-type': 'text/plain' };
    const answer = await app.inject({ method: 'POST', url: '/v1/intentions', headers, payload: post() });
    expect([answer.statusCode, answer.headers['accept-encoding']]).toEqual([415, undefined]);
  });
});
