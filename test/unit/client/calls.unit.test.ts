import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ParleyClient, ParleyError } from '../../../src/client/index.js';
import { PATIENCE_MS, until } from '../../support/patience.js';
import { json, problem, scriptedFetch } from './scripted-fetch.js';

const retry = { baseMs: 1, maxMs: 5 };
const post = { clientIntentionId: 'a-1', instrument: 'ACME', side: 'buy', price: '10.25', quantity: '100' } as const;
const broken = new TypeError('fetch failed', { cause: new Error('ECONNRESET') });

function clientOf(...answers: readonly (Response | Error)[]) {
  const { fetch, sent } = scriptedFetch(...answers);
  const options = { url: 'http://host:7070/', key: 'the-key', timeoutMs: PATIENCE_MS };
  return { client: new ParleyClient({ ...options, fetch, retry }), sent };
}

/** The client's waits between tries last until the test lets time pass. */
function stopClock(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
}
const itWaits = (): Promise<void> => until('the client waits', () => vi.getTimerCount() === 1);

describe('a call', () => {
  it('A call of the client sends the key, the body and what was asked for', async () => {
    const { client, sent } = clientOf(json({ id: '1' }), json({ deals: [{ id: '1-1' }] }));
    await client.postIntention(post);
    expect(sent[0]).toEqual({
      method: 'POST',
      url: 'http://host:7070/v1/intentions',
      headers: { 'content-type': 'application/json', authorization: 'Bearer the-key' },
      body: JSON.stringify(post),
    });
    expect(await client.deals({ participant: 'a&b', after: 0, limit: undefined })).toEqual([{ id: '1-1' }]);
    expect(sent[1]?.url).toBe('http://host:7070/v1/deals?participant=a%26b&after=0');
  });

  it('A call of the client keeps names from breaking out of the address', async () => {
    const { client, sent } = clientOf(json({}), json({}), json({}));
    await client.book('A/B?x', { depth: 3 });
    await client.withdraw('../1');
    await client.deal('1-1#');
    expect(sent.map(({ url }) => url.slice('http://host:7070'.length))).toEqual([
      '/v1/book/A%2FB%3Fx?depth=3',
      '/v1/intentions/..%2F1',
      '/v1/deals/1-1%23',
    ]);
  });

  it('A list of instruments whose next page is the same one again, or holds nothing, is refused and not read without end', async () => {
    const page = { instruments: [{ symbol: 'A' }], next: 'A' };
    const [again, empty] = [clientOf(json(page), json(page)), clientOf(json({ instruments: [], next: 'A' }))];
    for (const { client } of [again, empty]) {
      await expect(client.instruments()).rejects.toMatchObject({ code: 'UNREADABLE' });
    }
    const { client } = clientOf(json(page), json({ instruments: [{ symbol: 'B' }] }));
    expect(await client.instruments()).toEqual([{ symbol: 'A' }, { symbol: 'B' }]);
  });

  it('Limits are asked for page by page, also after those of every instrument', async () => {
    const [first, second] = [{ limits: [{ participant: 'bob' }], next: 'bob/' }, { limits: [{ instrument: 'A' }] }];
    const { client, sent } = clientOf(json(first), json(second));
    expect(await client.limits({ participant: 'bob' })).toEqual([{ participant: 'bob' }, { instrument: 'A' }]);
    expect(sent.map(({ url }) => url.slice('http://host:7070'.length))).toEqual([
      '/v1/limits?participant=bob',
      '/v1/limits?participant=bob&after=bob%2F',
    ]);
  });

  it('Tickers are asked for page by page, and a page that goes on where it was ends them', async () => {
    const [first, second] = [{ tickers: [{ instrument: 'A' }], next: 'A' }, { tickers: [{ instrument: 'B' }] }];
    const { client, sent } = clientOf(json(first), json(second));
    expect(await client.market.tickers()).toEqual([{ instrument: 'A' }, { instrument: 'B' }]);
    expect(sent.map(({ url }) => url)).toEqual(['http://host:7070/v1/tickers', 'http://host:7070/v1/tickers?after=A']);
    const same = clientOf(json(first), json(first));
    expect(await same.client.market.tickers()).toEqual([{ instrument: 'A' }, { instrument: 'A' }]);
  });

  it('Following deals waits for a server that goes away before the stream of events was ever there', async () => {
    const away = Array.from({ length: 20 }, () => broken);
    const deal = { id: '1-1', position: 3 };
    const feed = new Response('id: 3\ndata: {"position":3}\n\n', { headers: { 'content-type': 'text/event-stream' } });
    const none = json({ deals: [], position: 1 });
    const { client } = clientOf(
      none,
      json({ deals: [], position: 1 }),
      ...away,
      feed,
      json({ deals: [deal], position: 4 }),
    );
    const deals = client.followDeals({ latest: 0 });
    expect((await deals.next()).value).toEqual([deal]);
    await deals.return();
  });

  it('A call of the client rejects with the server’s status, code and detail', async () => {
    const { client } = clientOf(problem(422, 'PRICE_OFF_TICK'));
    const error = await client.postIntention(post).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ParleyError);
    expect(error).toMatchObject({ status: 422, code: 'PRICE_OFF_TICK', detail: 'because', isTransient: false });
    expect(String(error)).toContain('PRICE_OFF_TICK: because');
  });

  it('A call of the client says of an answer that no Parley server gives that it cannot be read', async () => {
    const answers = [
      new Response('<html>', { status: 404 }),
      new Response('<html>'),
      new Response('[]', { status: 400 }),
    ];
    for (const answer of answers) {
      const { client } = clientOf(answer);
      await expect(client.instruments()).rejects.toMatchObject({ code: 'UNREADABLE' });
    }
  });
});

describe('trying again', () => {
  it('The client posts again after a failure of the way and after 5xx, the very same post', async () => {
    const { client, sent } = clientOf(
      broken,
      problem(503, 'SHARD_BUSY'),
      problem(500, 'INTERNAL'),
      json({ id: '1' }, { status: 201 }),
    );
    expect(await client.postIntention(post)).toEqual({ id: '1' });
    expect(sent).toHaveLength(4);
    expect(new Set(sent.map(({ body }) => body)).size).toBe(1);
  });

  it('The client gives up after so many tries, with the last failure', async () => {
    const { client, sent } = clientOf(broken, broken, broken, broken, problem(503, 'SHARD_BUSY'), json({}));
    await expect(client.postIntention(post)).rejects.toMatchObject({ status: 503, code: 'SHARD_BUSY' });
    expect(sent).toHaveLength(5);
  });

  it('The client does not repeat what was refused', async () => {
    const { client, sent } = clientOf(problem(409, 'CLIENT_ID_REUSED'));
    await expect(client.postIntention(post)).rejects.toMatchObject({ code: 'CLIENT_ID_REUSED' });
    expect(sent).toHaveLength(1);
  });

  it.each([
    ['changePhase', (client: ParleyClient) => client.changePhase('ACME', 'call')],
    ['uncross', (client: ParleyClient) => client.uncross('ACME')],
  ])('The client does not repeat %s, which done twice could do more', async (_name, call) => {
    const { client, sent } = clientOf(broken);
    await expect(call(client)).rejects.toMatchObject({
      status: 0,
      code: 'UNREACHABLE',
      detail: 'ECONNRESET',
      cause: broken,
    });
    expect(sent).toHaveLength(1);
  });

  it.each([
    ['withdraw', (client: ParleyClient) => client.withdraw('1')],
    ['reduce', (client: ParleyClient) => client.reduce('1', '5')],
    ['replace', (client: ParleyClient) => client.replace('1', { price: '1' })],
  ])('The client repeats %s as it was, for done twice it does no more than once', async (_name, call) => {
    const { client, sent } = clientOf(broken, json({ id: '1' }));
    expect(await call(client)).toEqual({ id: '1' });
    expect(sent).toHaveLength(2);
    expect(sent[1]).toMatchObject({ method: sent[0]?.method, body: sent[0]?.body });
  });

  it('The client gives each change an id of its own, unless it is given one', async () => {
    const { client, sent } = clientOf(json({}), json({}), json({}));
    await client.reduce('1', '5');
    await client.reduce('1', '5');
    await client.reduce('1', '5', { clientCommandId: 'c-1', validUntil: '2030-01-01T00:00:00Z' });
    const bodies = sent.map(({ body }) => JSON.parse(String(body)) as { clientCommandId: string });
    expect(new Set(bodies.map(({ clientCommandId }) => clientCommandId)).size).toBe(3);
    expect(bodies[2]).toEqual({ reduceBy: '5', clientCommandId: 'c-1', validUntil: '2030-01-01T00:00:00Z' });
  });

  it('The client waits as long as the server asks, up to the longest wait', async () => {
    stopClock();
    const retry = { baseMs: 1, maxMs: 5_000 };
    for (const [asked, waitMs] of [
      ['2', 2_000],
      ['3600', 5_000],
    ] as const) {
      const { fetch, sent } = scriptedFetch(problem(503, 'SHARD_BUSY', { 'retry-after': asked }), json({ id: '1' }));
      const call = new ParleyClient({ url: 'http://host', fetch, retry, timeoutMs: PATIENCE_MS }).intention('1');
      await itWaits();
      await vi.advanceTimersByTimeAsync(waitMs - 1);
      expect([sent.length, vi.getTimerCount()]).toEqual([1, 1]);
      await vi.advanceTimersByTimeAsync(1);
      expect(await call).toEqual({ id: '1' });
    }
  });

  it('The client ends with the signal’s reason, also while it waits', async () => {
    stopClock();
    const { client, sent } = clientOf(broken, broken);
    const stop = new AbortController();
    const call = client.postIntention(post, { signal: stop.signal });
    await itWaits();
    stop.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    expect([sent.length, vi.getTimerCount()]).toEqual([1, 0]);
  });

  it('The client counts an answer that does not come in time as a failure of the way', async () => {
    const fetch = (_url: string, { signal }: RequestInit): Promise<Response> =>
      new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));
    const client = new ParleyClient({ url: 'http://host', fetch, timeoutMs: 5, retry: { attempts: 2, baseMs: 1 } });
    await expect(client.instruments()).rejects.toMatchObject({ code: 'UNREACHABLE', detail: 'no answer in 5 ms' });
  });
});

describe('health', () => {
  it('The client’s question about health is answered without throwing', async () => {
    expect(await clientOf(json({ status: 'serving' })).client.health()).toEqual({ isLive: true, isReady: true });
    const stopping = await clientOf(problem(503, 'UNAVAILABLE')).client.health();
    expect(stopping).toEqual({ isLive: true, isReady: false, reason: 'because' });
    expect(await clientOf(broken).client.health()).toEqual({ isLive: false, isReady: false, reason: 'ECONNRESET' });
  });
});
