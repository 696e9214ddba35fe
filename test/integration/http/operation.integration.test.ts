import { beforeEach, describe, expect, it } from 'vitest';
import { LogHeldError } from '../../../src/log/port.js';
import { LogFreshness } from '../../../projections/store/reading/freshness.js';
import { FileKeyring, openKeyring } from '../../../src/server/keys/keys.js';
import { as, keyFile } from '../../support/http/key-file.js';
import { type Market, aPost, appOf, openMarket } from '../../support/http/market.js';
import { MemoryLog } from '../../support/log/memory-log.js';

let market: Market;
beforeEach(async () => {
  market = await openMarket();
});

const get = (url: string, app = appOf(market)) => app.inject({ method: 'GET', url });

describe('health', () => {
  it('Health is live and ready while the shard serves', async () => {
    expect((await get('/health/live')).json()).toEqual({ status: 'live' });
    const ready = await get('/health/ready');
    expect([ready.statusCode, ready.json()]).toEqual([200, { status: 'serving' }]);
  });

  it('Health is live and not ready, and says why, while it does not', async () => {
    market.exchange.shownStatus = { state: 'stopped', reason: 'no space left on device' };
    const ready = await get('/health/ready');
    expect([ready.statusCode, ready.json().code]).toEqual([503, 'UNAVAILABLE']);
    expect(ready.json().detail).toBe('the shard is stopped: no space left on device');
    expect((await get('/health/live')).statusCode).toBe(200);
    market.exchange.shownStatus = { state: 'recovering' };
    expect((await get('/health/ready')).json().detail).toBe('the shard is recovering');
  });

  it('Health is not ready while a log does not tell how far it is durable, and is again as soon as it does', async () => {
    const log = new MemoryLog({ shard: 0 });
    let held: Error | undefined = new LogHeldError('an open transaction holds back 3 records');
    log.head = () => (held === undefined ? Promise.resolve(0) : Promise.reject(held));
    const freshness = new LogFreshness([log]);
    const app = appOf(market, openKeyring, { freshness });
    expect((await get('/v1/deals', app)).statusCode).toBe(503);
    const ready = await get('/health/ready', app);
    expect(ready.statusCode).toBe(503);
    expect(ready.json().detail).toMatch(/shard 0 .*an open transaction holds back 3 records/);
    held = undefined;
    expect((await get('/health/ready', app)).statusCode).toBe(200);
  });

  it('Health needs no key', async () => {
    const app = appOf(market, await FileKeyring.load(await keyFile()));
    for (const url of ['/health/live', '/health/ready', '/openapi.json']) {
      expect((await get(url, app)).statusCode).toBe(200);
    }
  });
});

describe('GET /metrics', () => {
  it('GET /metrics counts what the exchange does, what is refused, and how long it takes', async () => {
    const app = appOf(market);
    const post = (payload: object) => app.inject({ method: 'POST', url: '/v1/intentions', payload });
    await post(aPost());
    await post(aPost({ participant: 'bob', side: 'sell', quantity: '40' }));
    await post(aPost({ price: '10.255' }));
    await app.inject({ method: 'GET', url: '/v1/deals' });
    const answer = await get('/metrics', app);
    expect(answer.headers['content-type']).toMatch(/^text\/plain/);
    const { durable } = market.exchange.status();
    for (const line of [
      'parley_intentions_total{shard="0"} 2',
      'parley_deals_total{shard="0"} 1',
      'parley_open_intentions{shard="0"} 1',
      'parley_serving{shard="0"} 1',
      'parley_ready 1',
      'parley_projection_lag_events{shard="0"} 0',
      `parley_log_durable_position{shard="0"} ${durable}`,
      `parley_log_head_position{shard="0"} ${durable}`,
      'parley_refusals_total{code="PRICE_OFF_TICK"} 1',
      'parley_http_request_duration_seconds_count{method="POST",route="/v1/intentions",status="201"} 2',
      'parley_http_request_duration_seconds_count{method="GET",route="/v1/deals",status="200"} 1',
    ]) {
      expect(answer.body.split('\n')).toContain(line);
    }
    expect(answer.body).toMatch(/^parley_commits_total\{shard="0"\} \d+$/m);
    expect(answer.body).toMatch(/^parley_commit_bytes_total\{shard="0"\} \d+$/m);
    expect(answer.body).toMatch(/^parley_commit_seconds_total\{shard="0"\} [\d.e-]+$/m);
  });

  it('GET /metrics tells whether the server is ready, as readiness does', async () => {
    market.exchange.shownStatus = { state: 'recovering' };
    expect((await get('/metrics')).body.split('\n')).toContain('parley_ready 0');
  });

  it('GET /metrics measures the event loop when it is asked to', async () => {
    const answer = await get('/metrics', appOf(market, undefined, { processMetrics: true }));
    expect(answer.body).toContain('nodejs_eventloop_lag_seconds');
  });

  it('GET /metrics takes an operator’s key where there are keys', async () => {
    const app = appOf(market, await FileKeyring.load(await keyFile()));
    const status = async (headers: Record<string, string>) =>
      (await app.inject({ method: 'GET', url: '/metrics', headers })).statusCode;
    expect([await status({}), await status(as.alice), await status(as.operator)]).toEqual([401, 403, 200]);
  });
});

describe('addresses', () => {
  it.each([
    ['GET', '/nowhere', 404, 'NOT_FOUND', undefined],
    ['GET', '/v1/intentions/1/deals', 404, 'NOT_FOUND', undefined],
    ['PUT', '/v1/intentions', 405, 'METHOD_NOT_ALLOWED', 'POST, GET, HEAD, DELETE'],
    ['POST', '/v1/intentions/7', 405, 'METHOD_NOT_ALLOWED', 'GET, HEAD, PATCH, DELETE'],
    ['DELETE', '/v1/book/ACME', 405, 'METHOD_NOT_ALLOWED', 'GET, HEAD'],
    ['GET', '/v1/intentions/%zz', 400, 'MALFORMED_HTTP', undefined],
  ] as const)(
    'An address that is none is answered with a problem: %s %s with %i %s',
    async (method, url, status, code, allow) => {
      const answer = await appOf(market).inject({ method, url });
      expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(answer.headers.allow?.toString().split(', ').sort()).toEqual(allow?.split(', ').sort());
    },
  );

  it('HEAD is answered as GET, without a body', async () => {
    const answer = await appOf(market).inject({ method: 'HEAD', url: '/v1/instruments' });
    expect([answer.statusCode, answer.body]).toEqual([200, '']);
  });
});
