import type { FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Role, roles } from '../../../../src/api/access.js';
import { FileKeyring } from '../../../../src/server/keys/keys.js';
import { as, keyFile } from '../../../support/http/key-file.js';
import { type Market, aPost, appOf, listen, openMarket } from '../../../support/http/market.js';

type Method = 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';

interface Operation {
  readonly method: Method;
  readonly path: string;
  readonly roles: readonly string[];
}

const headersOf: Readonly<Record<Role, Record<string, string>>> = {
  participant: as.alice,
  operator: as.operator,
  auditor: as.auditor,
  'market-data': as.marketData,
};

let market: Market;
let app: FastifyInstance;
let operations: readonly Operation[];
beforeEach(async () => {
  market = await openMarket();
  app = appOf(market, await FileKeyring.load(await keyFile()));
  operations = await operationsOf(app);
});

/** All that take a key, with the roles that the document says they take. */
async function operationsOf(server: FastifyInstance): Promise<readonly Operation[]> {
  const { paths } = (await server.inject({ method: 'GET', url: '/openapi.json' })).json<{
    paths: Record<string, Record<string, { security: { key: string[] }[] }>>;
  }>();
  return Object.entries(paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { security }]) => ({
        method: method.toUpperCase() as Method, // the document has no others
        path,
        roles: security.flatMap(({ key }) => key),
      })),
    )
    .filter((operation) => operation.roles.length > 0);
}

/** Whether the key itself is what a route refuses. Feeds are asked for what they refuse later, so that they end. */
async function isTurnedAway({ method, path }: Operation, role: Role): Promise<boolean> {
  const isFeed = path === '/v1/events' || path === '/v1/own/stream';
  const url = isFeed ? `${path}?from=999999` : path.replace(/\{\w+\}/g, '1');
  const answer = await app.inject({ method, url, headers: headersOf[role] });
  return answer.statusCode === 403 && answer.json<{ detail: string }>().detail.startsWith('this takes the key of');
}

describe('roles', () => {
  it('Roles let through to every route just those whom the document names', async () => {
    expect(operations.length).toBeGreaterThan(10);
    for (const operation of operations) {
      for (const role of roles) {
        const where = `${operation.method} ${operation.path} as ${role}`;
        expect(await isTurnedAway(operation, role), where).toBe(!operation.roles.includes(role));
      }
    }
  });

  it('Roles let an operator through everywhere, and an auditor wherever nothing is changed and nowhere else', () => {
    for (const operation of operations) {
      expect(operation.roles).toContain('operator');
      expect(operation.roles.includes('auditor'), operation.path).toBe(operation.method === 'GET');
    }
  });

  it('Roles show market data who asks, instruments, books, what was dealt without names, where in the log, and nothing else', () => {
    const shown = operations.filter((operation) => operation.roles.includes('market-data'));
    expect(shown.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
      'GET /v1/book/{instrument}',
      'GET /v1/book/{instrument}/stream',
      'GET /v1/caller',
      'GET /v1/candles/{instrument}',
      'GET /v1/instruments',
      'GET /v1/instruments/{symbol}',
      'GET /v1/moment',
      'GET /v1/ticker/{instrument}',
      'GET /v1/ticker/{instrument}/stream',
      'GET /v1/tickers',
      'GET /v1/timeline',
      'GET /v1/trades/{instrument}',
      'GET /v1/trades/{instrument}/stream',
      'GET /v1/ws',
    ]);
  });

  it('Roles show an auditor what they show an operator', async () => {
    const post = (payload: object) =>
      app.inject({ method: 'POST', url: '/v1/intentions', payload, headers: as.operator });
    await post(aPost());
    await post(aPost({ participant: 'carol', side: 'sell', quantity: '40' }));
    const urls = [
      '/v1/deals',
      '/v1/positions',
      '/v1/deals/1-1',
      '/v1/intentions/1',
      '/v1/intentions?participant=carol',
      '/v1/account?participant=carol&after=0',
      '/v1/doubts',
    ];
    for (const url of urls) {
      const [asAuditor, asOperator] = await Promise.all(
        [as.auditor, as.operator].map((headers) => app.inject({ method: 'GET', url, headers })),
      );
      expect(asOperator?.statusCode, url).toBe(200);
      expect(asAuditor?.body, url).toBe(asOperator?.body);
    }
  });

  it('Roles let an auditor follow all events, and not a participant', async () => {
    const { url } = await listen(market, { keyFile: await keyFile() });
    const follow = async (headers: Record<string, string>) => {
      const answer = await fetch(`${url}/v1/events?from=0`, { headers });
      await answer.body?.cancel();
      return answer.status;
    };
    expect([await follow(as.auditor), await follow(as.alice), await follow(as.marketData)]).toEqual([200, 403, 403]);
  });
});
