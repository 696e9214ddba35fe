import type { FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import type { Rate } from '../../../../src/server/limits/rate-limits.js';
import { FileKeyring } from '../../../../src/server/keys/keys.js';
import { RawConnection, rawPost } from '../../../support/http/hostile/raw-connection.js';
import { as, keyFile } from '../../../support/http/key-file.js';
import { aPost, appOf, listen, type Market, openMarket } from '../../../support/http/market.js';

/** So slow that nothing comes back while a test runs. */
const three: Rate = { perSecond: 0.01, burst: 3 };

async function securedApp(rate: Rate | undefined, market?: Market): Promise<FastifyInstance> {
  return appOf(market ?? (await openMarket()), await FileKeyring.load(await keyFile()), { rate });
}

const read = (app: FastifyInstance, headers: Record<string, string>, url = '/v1/instruments') =>
  app.inject({ method: 'GET', url, headers });

describe('the rate of a key', () => {
  it('The rate of a key is told with each answer, and what is beyond it is answered 429, was not begun, and says when to try again', async () => {
    const market = await openMarket();
    const app = await securedApp(three, market);
    const told: unknown[] = [];
    for (let count = 0; count < 3; count++) {
      const answer = await app.inject({ method: 'POST', url: '/v1/intentions', headers: as.alice, payload: aPost() });
      expect(answer.statusCode).toBe(201);
      told.push(answer.headers.ratelimit);
      expect(answer.headers['ratelimit-policy']).toBe('"requests";q=3;w=300');
    }
    expect(told).toEqual(['"requests";r=2;t=100', '"requests";r=1;t=200', '"requests";r=0;t=300']);
    const refused = await app.inject({ method: 'POST', url: '/v1/intentions', headers: as.alice, payload: aPost() });
    expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([429, 'TOO_MANY_REQUESTS']);
    expect(refused.headers).toMatchObject({ ratelimit: '"requests";r=0;t=300', 'retry-after': '100' });
    expect(market.exchange.taken).toBe(3);
  });

  it('The rate of a key is its own: another key’s requests go on', async () => {
    const app = await securedApp(three);
    for (let count = 0; count < 4; count++) await read(app, as.alice);
    expect((await read(app, as.alice)).statusCode).toBe(429);
    expect((await read(app, as.bob)).statusCode).toBe(200);
  });

  it('The rate of a key is used up by its refused requests too, and not by those that show no key', async () => {
    const app = await securedApp(three);
    for (let count = 0; count < 9; count++) expect((await read(app, {})).statusCode).toBe(401);
    const statuses = [];
    for (let count = 0; count < 4; count++)
      statuses.push((await read(app, as.alice, '/v1/instruments/NONE')).statusCode);
    expect(statuses).toEqual([404, 404, 404, 429]);
  });

  it('The rate of a key stands in the key file, and wins over the server’s', async () => {
    const file = await keyFile({ keys: [{ key: 'alices-key', participant: 'alice', rate: 1, burst: 2 }] });
    const app = appOf(await openMarket(), await FileKeyring.load(file), { rate: { perSecond: 1_000 } });
    expect((await read(app, as.alice)).headers['ratelimit-policy']).toBe('"requests";q=2;w=2');
  });

  it('The rate of a key does not bound health, metrics, the document and the cluster', async () => {
    const app = await securedApp(three);
    for (let count = 0; count < 4; count++) await read(app, as.operator);
    for (const url of ['/health/live', '/health/ready', '/metrics', '/openapi.json', '/v1/cluster']) {
      const answer = await read(app, as.operator, url);
      expect([answer.statusCode, answer.headers.ratelimit], url).not.toContain(429);
      expect(answer.headers.ratelimit, url).toBeUndefined();
    }
  });

  it('The rate of a key does not bound feeds: one begins though the rate is used up', async () => {
    const { url } = await listen(await openMarket(), { keyFile: await keyFile(), rate: three });
    const ask = (path: string) => fetch(`${url}${path}`, { headers: as.operator });
    for (let count = 0; count < 4; count++) await (await ask('/v1/instruments')).arrayBuffer();
    const { paths } = (await (await ask('/openapi.json')).json()) as { paths: Record<string, unknown> };
    const feeds = Object.keys(paths).filter((path) => JSON.stringify(paths[path]).includes('"text/event-stream"'));
    expect(feeds).toContain('/v1/events');
    for (const path of feeds) {
      const feed = await ask(path.replace('{instrument}', 'ACME'));
      expect([feed.status, feed.headers.get('ratelimit')], path).toEqual([200, null]);
      await feed.body?.cancel();
    }
  });

  it('The rate of a key is not told where there is none', async () => {
    const answer = await read(await securedApp(undefined), as.alice);
    expect([answer.headers.ratelimit, answer.headers['ratelimit-policy']]).toEqual([undefined, undefined]);
  });
});

describe('a stream of posts beside a rate', () => {
  it('A stream of posts beside a rate goes on when the rate allows, and no line is refused', async () => {
    const { url } = await listen(await openMarket(), { rate: { perSecond: 200, burst: 10 } });
    const lines = Array.from({ length: 50 }, () => `${JSON.stringify(aPost())}\n`).join('');
    const headers = { 'content-type': 'application/x-ndjson' };
    const answer = await fetch(`${url}/v1/intentions`, { method: 'POST', headers, body: lines });
    const statuses = (await answer.text()).trim().split('\n');
    expect(statuses.filter((line) => line.includes('"status":201'))).toHaveLength(50);
  });

  it('A stream of posts beside a rate is held when half of it is used up, and leaves the rest to single requests of its key', async () => {
    const market = await openMarket();
    const { port } = await listen(market, { rate: { perSecond: 0.01, burst: 10 } });
    const stream = await RawConnection.open(port);
    const lines = Array.from({ length: 20 }, () => `${JSON.stringify(aPost())}\n`).join('');
    const head = ['POST /v1/intentions HTTP/1.1', 'host: localhost', 'content-type: application/x-ndjson'];
    await stream.send(`${head.join('\r\n')}\r\ncontent-length: ${lines.length}\r\n\r\n${lines}`);
    await expect.poll(() => market.exchange.taken).toBe(5);
    const single = await RawConnection.open(port);
    await single.send(rawPost(JSON.stringify(aPost())));
    expect(await single.receive(/HTTP\/1\.1 \d+/)).toContain('201');
    expect(market.exchange.taken).toBe(6);
    expect(stream.received).not.toContain('"code"');
    stream.close();
    single.close();
  });
});
