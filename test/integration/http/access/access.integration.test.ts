import { lookup } from 'node:dns/promises';
import type { FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { FileKeyring } from '../../../../src/server/keys/keys.js';
import { OpenToOthersError, startServer } from '../../../../src/server/server.js';
import { as, keyFile } from '../../../support/http/key-file.js';
import { type Market, aPost, appOf, listen, openMarket } from '../../../support/http/market.js';
import { skipWithout } from '../../../support/needs/suite.js';

let market: Market;
beforeEach(async () => {
  market = await openMarket();
});

interface Body {
  code?: string;
  id?: string;
  participant?: string;
  deals?: unknown[];
  intentions?: unknown[];
}

type Method = 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';

describe('with keys', () => {
  let app: FastifyInstance;
  beforeEach(async () => {
    app = appOf(market, await FileKeyring.load(await keyFile()));
  });

  async function send(method: Method, url: string, headers: Record<string, string>, payload?: object) {
    const answer = await app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
    const body = answer.json<Body>();
    return { status: answer.statusCode, code: body.code, body, headers: answer.headers };
  }

  it('With keys, nobody gets in without one, and the refusal says how', async () => {
    for (const headers of [
      {},
      { authorization: 'Bearer nobodys-key' },
      { authorization: 'Basic alices-key' },
      { authorization: 'Bearer' },
    ]) {
      const answer = await send('GET', '/v1/instruments', headers);
      expect([answer.status, answer.code, answer.headers['www-authenticate']]).toEqual([
        401,
        'UNAUTHENTICATED',
        'Bearer',
      ]);
    }
  });

  it('With keys, no body is read before the key is known', async () => {
    const answer = await app.inject({
      method: 'POST',
      url: '/v1/intentions',
      payload: '{',
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.statusCode).toBe(401);
  });

  it('With keys, a participant posts for itself, named or not, and for nobody else', async () => {
    expect((await send('POST', '/v1/intentions', as.alice, aPost({ participant: undefined }))).body.participant).toBe(
      'alice',
    );
    expect((await send('POST', '/v1/intentions', as.alice, aPost())).status).toBe(201);
    expect(await send('POST', '/v1/intentions', as.bob, aPost())).toMatchObject({ status: 403, code: 'FORBIDDEN' });
  });

  it('With keys, an operator acts for whom it names, and must name one', async () => {
    expect((await send('POST', '/v1/intentions', as.operator, aPost())).body.participant).toBe('alice');
    const nameless = await send('POST', '/v1/intentions', as.operator, aPost({ participant: undefined }));
    expect(nameless).toMatchObject({ status: 400, code: 'INVALID_COMMAND' });
  });

  it('With keys, an intention is shown to its participant and to operators, and changed by them alone', async () => {
    const { id = '' } = (await send('POST', '/v1/intentions', as.alice, aPost())).body;
    const url = `/v1/intentions/${id}`;
    expect((await send('GET', url, as.alice)).status).toBe(200);
    expect((await send('GET', url, as.operator)).status).toBe(200);
    for (const [method, body] of [
      ['GET', undefined],
      ['PATCH', { reduceBy: '1' }],
      ['DELETE', undefined],
    ] as const) {
      expect(await send(method, url, as.bob, body)).toMatchObject({ status: 403, code: 'NOT_YOURS' });
    }
    expect((await send('PATCH', url, as.alice, { reduceBy: '1' })).status).toBe(200);
    expect((await send('DELETE', url, as.operator)).status).toBe(200);
  });

  it('With keys, lists show a participant its own', async () => {
    await send('POST', '/v1/intentions', as.alice, aPost());
    await send('POST', '/v1/intentions', as.operator, aPost({ participant: 'carol', side: 'sell', quantity: '40' }));
    expect((await send('GET', '/v1/intentions', as.alice)).body.intentions).toHaveLength(1);
    expect((await send('GET', '/v1/intentions', as.bob)).body.intentions).toEqual([]);
    expect((await send('GET', '/v1/deals', as.alice)).body.deals).toHaveLength(1);
    expect((await send('GET', '/v1/deals', as.bob)).body.deals).toEqual([]);
    expect((await send('GET', '/v1/deals', as.operator)).body.deals).toHaveLength(1);
    for (const url of ['/v1/intentions', '/v1/deals', '/v1/positions']) {
      expect(await send('GET', `${url}?participant=alice`, as.bob)).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    }
  });

  it('With keys, a deal is shown to its two sides and to operators', async () => {
    await send('POST', '/v1/intentions', as.alice, aPost());
    await send('POST', '/v1/intentions', as.operator, aPost({ participant: 'carol', side: 'sell' }));
    expect((await send('GET', '/v1/deals/1-1', as.alice)).status).toBe(200);
    expect((await send('GET', '/v1/deals/1-1', as.operator)).status).toBe(200);
    expect(await send('GET', '/v1/deals/1-1', as.bob)).toMatchObject({ status: 403, code: 'NOT_YOURS' });
  });

  it.each([
    ['PUT', '/v1/instruments/NEW', { tickSize: '1', lotSize: '1' }],
    ['POST', '/v1/instruments/ACME/phase', { phase: 'call' }],
    ['POST', '/v1/instruments/ACME/uncross', undefined],
  ] as const)('With keys, %s %s takes an operator', async (method, url, body) => {
    expect(await send(method, url, as.alice, body)).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    expect((await send(method, url, as.operator, body)).status).not.toBe(403);
  });
});

describe('without keys', () => {
  it('Without keys, the server binds to this machine alone, and says that it is open', async () => {
    for (const host of ['0.0.0.0', '::', '192.168.1.1', 'example.org']) {
      await expect(startServer({ ...market, host })).rejects.toThrow(OpenToOthersError);
    }
    const server = await listen(market);
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(market.logged.map(({ msg }) => msg)).toContain('listening without keys: every caller is an operator');
  });

  it.for(['127.0.0.1', 'localhost', '::1'])(
    'Without keys, the server binds to this machine by its name %s',
    async (host, context) => {
      const { address } = await lookup(host);
      if (address === '::1') await skipWithout(context, 'ipv6');
      const server = await listen(market, { host });
      expect(server.url).toMatch(/^http:\/\/(127\.0\.0\.1|\[::1\]):\d+$/);
      expect((await fetch(`${server.url}/v1/instruments`)).status).toBe(200);
    },
  );

  it('Without keys, the server answers to no other name than this machine’s, so that no page of another host reaches it', async () => {
    const status = async (host: string) =>
      (await appOf(market).inject({ method: 'GET', url: '/v1/instruments', headers: { host } })).statusCode;
    for (const host of ['localhost', 'localhost:7070', '127.0.0.1:7070', '127.1.2.3', '[::1]:7070']) {
      expect(await status(host)).toBe(200);
    }
    for (const host of ['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example:80']) {
      expect(await status(host)).toBe(403);
    }
  });
});
