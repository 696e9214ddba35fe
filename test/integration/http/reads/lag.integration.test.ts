import { expect, it } from 'vitest';
import { aPost, appOf, openMarket } from '../../../support/http/market.js';

it('A server is not ready while its reads lack more than the bound, says by how much, and is again once they do not', async () => {
  const market = await openMarket();
  const app = appOf(market, undefined, { maxLagEvents: 5 });
  const ready = async () => (await app.inject('/health/ready')).json<{ status: unknown; detail?: string }>();
  const post = () => app.inject({ method: 'POST', url: '/v1/intentions', payload: aPost() });
  expect(await ready()).toEqual({ status: 'serving' });
  market.store.hold();
  for (let count = 0; count < 6; count++) await post();
  const lag = (await market.log.head()) - market.store.caughtUpTo;
  expect(await ready()).toMatchObject({
    status: 503,
    detail: `reads are behind: shard 0: ${lag} events, 5 at most`,
  });
  market.store.release();
  await expect.poll(ready).toEqual({ status: 'serving' });
});
