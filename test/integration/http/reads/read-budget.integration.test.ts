import { beforeEach, describe, expect, it } from 'vitest';
import { FileKeyring } from '../../../../src/server/keys/keys.js';
import { as, keyFile } from '../../../support/http/key-file.js';
import { type Market, appOf, openMarket } from '../../../support/http/market.js';

let market: Market;
beforeEach(async () => {
  market = await openMarket();
});

const LIST = '/v1/intentions?limit=1000';

describe('reads of one key', () => {
  it('Reads of one key are answered 429 beyond its share, are not begun, and leave room for those of another', async () => {
    const app = appOf(market, await FileKeyring.load(await keyFile()), { limits: { readRows: 20_000 } });
    const get = (headers: Record<string, string>, url = LIST) => app.inject({ method: 'GET', url, headers });
    market.store.hold();
    await market.exchange.list({ symbol: 'NEW', tickSize: '1', lotSize: '1' }); // what the reads wait for
    const waiting = Array.from({ length: 16 }, () => get(as.alice));
    await expect.poll(() => market.store.isAwaited).toBe(true);
    const refused = await get(as.alice);
    expect(refused.json()).toMatchObject({ status: 429, code: 'TOO_MANY_REQUESTS' });
    expect(refused.headers['retry-after']).toBe('1');
    const others = [get(as.bob), get(as.bob, '/v1/intentions?limit=1')];
    market.store.release();
    for (const answer of [...(await Promise.all(waiting)), ...(await Promise.all(others))]) {
      expect(answer.statusCode).toBe(200);
    }
    // An account counts for many rows, whatever stands in its query.
    market.store.hold();
    await market.exchange.list({ symbol: 'NEWER', tickSize: '1', lotSize: '1' });
    const accounts = Array.from({ length: 4 }, () => get(as.alice, '/v1/account'));
    await expect.poll(() => market.store.isAwaited).toBe(true);
    expect((await get(as.alice, '/v1/account')).json()).toMatchObject({ status: 429, code: 'TOO_MANY_REQUESTS' });
    market.store.release();
    for (const answer of await Promise.all(accounts)) expect(answer.statusCode).toBe(200);
    // What was answered counts no more.
    for (let count = 0; count < 20; count++) expect((await get(as.alice)).statusCode).toBe(200);
  });
});
