import type { FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Fetch, ParleyClient, type RecordedEvent } from '../../../../src/client/index.js';
import { buildApp } from '../../../../src/server/app.js';
import { openKeyring } from '../../../../src/server/keys/keys.js';
import { gate } from '../../../support/gate.js';
import { clientOf, post, retry } from '../../../support/http/client.js';
import { keyFile } from '../../../support/http/key-file.js';
import { type Market, openMarket } from '../../../support/http/market.js';

let market: Market;
beforeEach(async () => {
  market = await openMarket();
});

/** Nobody listens there, and what fetch has against other small ports it does not have against this one. */
const NOWHERE = 'http://127.0.0.1:2';

describe('the client’s feed of events', () => {
  async function take(events: AsyncIterator<RecordedEvent>, count: number): Promise<RecordedEvent[]> {
    const taken: RecordedEvent[] = [];
    while (taken.length < count) {
      const { done, value } = await events.next();
      if (done === true) break;
      taken.push(value);
    }
    return taken;
  }

  it('The client’s feed of events goes on after the last event over restarts of the server, none missing and none twice', async () => {
    // A stand-in for an address that stays the same: no port is sure to be free for the second server.
    let way = NOWHERE;
    let triesInVain = 0;
    const attempts = 3;
    const fetchThere: Fetch = (url, init) => {
      if (way === NOWHERE) triesInVain++;
      return fetch(url.replace('http://exchange', way), init);
    };
    const start = async (): Promise<FastifyInstance> => {
      const app = buildApp({ ...market, keys: openKeyring });
      onTestFinished(() => app.close());
      way = await app.listen({ host: '127.0.0.1', port: 0 });
      return app;
    };
    const first = await start();
    const client = new ParleyClient({ url: 'http://exchange', fetch: fetchThere, retry: { ...retry, attempts } });
    const events = client.events({ from: 0 });
    const head = await market.log.head();
    const before = await take(events, head);
    way = NOWHERE;
    await first.close();
    await market.exchange.post({ ...post('a-1'), participant: 'alice' });
    const more = take(events, 1);
    await expect.poll(() => triesInVain).toBeGreaterThan(attempts);
    await start();
    const after = [...(await more), ...(await take(events, (await market.log.head()) - head - 1))];
    expect([...before, ...after].map(({ position }) => position)).toEqual(
      Array.from({ length: await market.log.head() }, (_, at) => at),
    );
    await events.return();
  });

  it('The client’s feed of events filters, starts with what is new, and ends with its signal', async () => {
    const connection = gate();
    const client = await clientOf(market, {
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        connection.open();
        return response;
      },
    });
    const stop = new AbortController();
    const events = client.events({ type: ['IntentionPosted', 'IntentionWithdrawn'], signal: stop.signal });
    const next = take(events, 2);
    await connection.wait();
    const { id } = await client.postIntention(post('a-1'));
    await client.withdraw(id);
    expect((await next).map(({ type, stream }) => [type, stream])).toEqual([
      ['IntentionPosted', `intention-${id}`],
      ['IntentionWithdrawn', `intention-${id}`],
    ]);
    const end = events.next();
    stop.abort();
    expect(await end).toMatchObject({ done: true });
  });

  it('The client’s feed of events throws when it is refused, or there never was a server', async () => {
    const client = await clientOf(market, { keyFile: await keyFile(), key: 'alices-key' });
    await expect(client.events().next()).rejects.toMatchObject({ status: 403, code: 'FORBIDDEN' });
    const nowhere = new ParleyClient({ url: NOWHERE, retry: { attempts: 2, baseMs: 1 } });
    await expect(nowhere.events().next()).rejects.toMatchObject({
      ...{ code: 'UNREACHABLE', detail: expect.stringContaining('ECONNREFUSED') },
    });
  });
});
