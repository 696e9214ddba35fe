import { describe, expect, it } from 'vitest';
import { ParleyClient } from '../../../../src/client/index.js';
import { PATIENCE_MS } from '../../../support/patience.js';
import { json, problem } from '../scripted-fetch.js';

const retry = { baseMs: 1, maxMs: 5, attempts: 3 };
const broken = new TypeError('fetch failed', { cause: new Error('ECONNRESET') });

/** Gives the answers one after the other, as they are: a copy of one could not be left unread. */
function clientOf(...answers: readonly (Response | Error)[]) {
  const urls: string[] = [];
  const fetch = async (url: string): Promise<Response> => {
    const answer = answers[urls.length];
    urls.push(url.slice('http://host'.length));
    if (answer instanceof Response) return answer;
    throw answer ?? new Error('nothing more was to be asked');
  };
  const client = new ParleyClient({ url: 'http://host', fetch, retry, timeoutMs: PATIENCE_MS });
  return { history: client.history, client, urls };
}

const message = (type: string, position: number): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, position })}\n\n`;

/** What a server sends in one connection. */
const feed = (...messages: readonly string[]): Response => new Response(messages.join(''));

describe('the client’s history', () => {
  it('The client’s history asks each question at its address, with the moment that it is given', async () => {
    const { history, client, urls } = clientOf(...Array.from({ length: 8 }, () => json({ doubts: [] })));
    await history.why('1/2', { at: 7 });
    await history.dealChart('1-1', { atTime: '2026-01-01T00:00:00Z' });
    await history.intentionChart('3');
    expect(await history.doubts({ at: 5 })).toEqual([]);
    await history.timeline({ shard: 1, from: 2, until: 9, buckets: 4 });
    await history.moment({ at: 3, shard: 0 });
    await history.moment();
    await client.caller();
    expect(urls).toEqual([
      '/v1/intentions/1%2F2/why?at=7',
      '/v1/deals/1-1/chart?atTime=2026-01-01T00%3A00%3A00Z',
      '/v1/intentions/3/chart',
      '/v1/doubts?at=5',
      '/v1/timeline?shard=1&from=2&until=9&buckets=4',
      '/v1/moment?at=3&shard=0',
      '/v1/moment',
      '/v1/caller',
    ]);
  });
});

describe('a page of events', () => {
  const last = Number.MAX_SAFE_INTEGER;

  it('A page of events asks for what it wants, and ends where the server says that it has looked so far', async () => {
    const { history, urls } = clientOf(feed(message('A', 2), message('B', 5), message('upTo', 9)));
    const page = await history.events({ from: 1, types: ['A', 'B'], stream: 'shard-0', shard: 0 });
    expect(page).toEqual({
      events: [
        { type: 'A', position: 2 },
        { type: 'B', position: 5 },
      ],
      upTo: 9,
    });
    expect(urls).toEqual([`/v1/events?from=1&until=${last}&stream=shard-0&shard=0&type=A%2CB`]);
  });

  it('A page of events takes no more than it may, and leaves the rest unread', async () => {
    const { history } = clientOf(feed(message('A', 0), message('A', 1), message('A', 2), message('upTo', 3)));
    expect(await history.events({ limit: 2 })).toEqual({
      events: [
        { type: 'A', position: 0 },
        { type: 'A', position: 1 },
      ],
      upTo: 2,
    });
  });

  it('A page of events whose connection breaks goes on after the last event, and keeps what it has', async () => {
    const { history, urls } = clientOf(feed(message('A', 3)), broken, feed(message('A', 6), message('upTo', 8)));
    expect(await history.events({ from: 1, until: 8 })).toEqual({
      events: [
        { type: 'A', position: 3 },
        { type: 'A', position: 6 },
      ],
      upTo: 8,
    });
    expect(urls).toEqual([1, 4, 4].map((from) => `/v1/events?from=${from}&until=8`));
  });

  it('A page of events gives up where it is refused, where tries are used up, and where events come twice', async () => {
    await expect(clientOf(problem(409, 'POSITION_AHEAD')).history.events()).rejects.toMatchObject({
      code: 'POSITION_AHEAD',
    });
    await expect(clientOf(broken, broken, broken).history.events()).rejects.toMatchObject({ code: 'UNREACHABLE' });
    for (const twice of [message('A', 4), message('upTo', 3)]) {
      const { history } = clientOf(feed(message('A', 4), twice));
      await expect(history.events()).rejects.toMatchObject({ code: 'UNREADABLE' });
    }
    const aborted = AbortSignal.abort(new Error('enough'));
    await expect(clientOf(broken).history.events({ signal: aborted })).rejects.toThrow('enough');
  });
});
