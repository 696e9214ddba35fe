import type { FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { CLUSTER_PATH } from '../../../../src/cluster/forwarding/remote.js';
import { FileKeyring } from '../../../../src/server/keys/keys.js';
import { serveMember } from '../../../support/cluster/http-members.js';
import { TestCluster } from '../../../support/cluster/members.js';
import { as, keyFile } from '../../../support/http/key-file.js';
import { appOf, type Market, openMarket } from '../../../support/http/market.js';

type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

interface Route {
  readonly method: Method;
  readonly url: string;
}

const HOST = '127.0.0.1:7070';

let market: Market;
let app: FastifyInstance;
let routes: readonly Route[];
beforeEach(async () => {
  market = await openMarket();
  app = appOf(market);
  routes = await changingRoutes(app);
});

/** Every route of the document that changes something. */
async function changingRoutes(server: FastifyInstance): Promise<readonly Route[]> {
  const { paths } = (await server.inject({ method: 'GET', url: '/openapi.json' })).json<{
    paths: Record<string, Record<string, unknown>>;
  }>();
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter((method) => method !== 'get')
      // Fastify's own names of methods
      .map((method) => ({ method: method.toUpperCase() as Method, url: path.replace(/\{\w+\}/g, 'ACME') })),
  );
}

async function ask(route: Route, headers: Record<string, string>, server = app) {
  const answer = await server.inject({ ...route, headers: { host: HOST, ...headers } });
  const { code, detail = '' } = answer.json<{ code?: string; detail?: string }>();
  return { status: answer.statusCode, code, detail };
}

const isOfAPage = ({ detail }: { detail: string }): boolean => detail.includes('from a page of another');

const foreign: readonly Record<string, string>[] = [
  { origin: 'https://evil.example' },
  { origin: 'http://evil.example:7070' },
  { origin: 'null' },
  { origin: '' },
  { origin: 'http://127.0.0.1:8080' },
  { origin: 'http://localhost:7070' },
  { origin: `file://${HOST}` },
  { origin: `http://${HOST}.evil.example` },
  { origin: `http://evil.example, http://${HOST}` },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { 'sec-fetch-site': '' },
  { origin: `http://${HOST}`, 'sec-fetch-site': 'cross-site' },
  { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
];

const own: readonly Record<string, string>[] = [
  {},
  { origin: `http://${HOST}` },
  { origin: `https://${HOST}` },
  { origin: `http://${HOST}`, 'sec-fetch-site': 'same-origin' },
  { 'sec-fetch-site': 'none' },
];

describe('without keys', () => {
  it('Without keys, a page of another origin changes nothing, by no route that there is', async () => {
    expect(routes.length).toBeGreaterThan(5);
    const { durable } = market.exchange.status();
    for (const route of routes) {
      for (const headers of foreign) {
        const answer = await ask(route, headers);
        const where = `${route.method} ${route.url} ${JSON.stringify(headers)}`;
        expect([answer.status, answer.code, isOfAPage(answer)], where).toEqual([403, 'FORBIDDEN', true]);
      }
    }
    expect(market.exchange.status().durable).toBe(durable);
  });

  it('Without keys, programs and the server’s own pages are let through by every route', async () => {
    for (const route of routes) {
      for (const headers of own) expect(isOfAPage(await ask(route, headers)), route.url).toBe(false);
    }
  });

  it('Without keys, an uncross with neither a body nor a type is refused from a page, and taken from a program', async () => {
    await app.inject({ method: 'POST', url: '/v1/instruments/ACME/phase', payload: { phase: 'call' } });
    const uncross = { method: 'POST', url: '/v1/instruments/ACME/uncross' } as const;
    expect((await ask(uncross, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await ask(uncross, {})).status).toBe(200);
  });

  it('Without keys, no route takes what a form of a page can send', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      for (const route of routes) {
        const answer = await app.inject({ ...route, payload: '{}', headers: { host: HOST, 'content-type': type } });
        expect(answer.statusCode, `${route.method} ${route.url} ${type}`).toBe(415);
      }
    }
  });

  it('Without keys, members of a cluster take nothing from a page either', async () => {
    const member = await serveMember(new TestCluster(1), 'a');
    const batch = { method: 'POST', url: CLUSTER_PATH } as const;
    for (const headers of foreign) expect((await ask(batch, headers, member.app)).status).toBe(403);
    expect(isOfAPage(await ask(batch, {}, member.app))).toBe(false);
  });

  it('Without keys, what only reads is answered, because a browser keeps it from the page', async () => {
    const answer = await app.inject({ method: 'GET', url: '/v1/instruments', headers: { host: HOST, ...foreign[0] } });
    expect([answer.statusCode, answer.headers['access-control-allow-origin']]).toEqual([200, undefined]);
  });
});

describe('with keys', () => {
  it('With keys, a request that shows one may come from any page, because no browser sends it by itself', async () => {
    const secured = appOf(market, await FileKeyring.load(await keyFile()));
    for (const route of routes) {
      const answer = await ask(route, { ...as.operator, origin: 'https://desk.example' }, secured);
      expect(isOfAPage(answer), route.url).toBe(false);
    }
  });
});
