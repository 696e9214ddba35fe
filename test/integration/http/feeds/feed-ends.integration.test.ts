import { beforeEach, describe, expect, it } from 'vitest';
import { ParleyClient, type RecordedEvent } from '../../../../src/client/index.js';
import type { EventBatch } from '../../../../src/events/fold.js';
import { DamagedLogError, LogUnreachableError } from '../../../../src/log/port.js';
import { LogFreshness } from '../../../../projections/store/reading/freshness.js';
import { post as postOf, retry } from '../../../support/http/client.js';
import { type Feed, openFeed } from '../../../support/http/feed.js';
import { type Market, appOf, listen, openMarket } from '../../../support/http/market.js';

let market: Market;
let url: string;
let client: ParleyClient;
/** Everything that the log holds at first. */
let batches: EventBatch[];
let head: number;

beforeEach(async () => {
  market = await openMarket();
  url = (await listen(market)).url;
  client = new ParleyClient({ url, retry });
  await post();
  batches = [];
  for await (const batch of market.log.read(0)) batches.push(batch);
  head = await market.log.head();
});

let posts = 0;
const post = async (): Promise<void> => {
  const answer = await market.exchange.post({ ...postOf(`c-${++posts}`), participant: 'alice' });
  expect(answer.ok).toBe(true);
};

const feedFrom = (query = '', headers: Record<string, string> = {}): Promise<Feed> =>
  openFeed(`${url}/v1/events${query}`, headers);

describe('a position beyond the log’s head', () => {
  it('A position beyond the log’s head is refused, also as that of the last event that a reader has', async () => {
    const asked = async (query: string, headers: Record<string, string> = {}) => {
      const answer = await fetch(`${url}/v1/events${query}`, { headers });
      return (await answer.json()) as object;
    };
    const detail = `position ${head + 1} lies beyond the log’s head, ${head}`;
    const ahead = { status: 409, code: 'POSITION_AHEAD', detail };
    expect(await asked(`?from=${head + 1}`)).toMatchObject(ahead);
    expect(await asked('?from=0', { 'last-event-id': String(head) })).toMatchObject(ahead);
  });

  it('A position beyond the log’s head is not the head itself, from which on all is new', async () => {
    const feeds = [await feedFrom(`?from=${head}`), await feedFrom('', { 'last-event-id': String(head - 1) })];
    await post();
    for (const feed of feeds) expect(Number((await feed.take(1))[0]?.id)).toBe(head);
  });

  it('A position beyond the log’s head is answered 503 while the log does not say how far it is', async () => {
    const away = Object.assign(market.log.again(), { head: () => Promise.reject(new Error('away')) });
    const app = appOf(market, undefined, { freshness: new LogFreshness([away]) });
    expect((await app.inject('/v1/events?from=0')).json()).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
  });

  it('A position beyond the log’s head ends the client’s feed with POSITION_AHEAD', async () => {
    await expect(client.events({ from: head + 1 }).next()).rejects.toMatchObject({
      ...{ status: 409, code: 'POSITION_AHEAD' },
    });
  });

  it('A position beyond the log’s head ends the client’s feed, too, when it comes back to a log that is shorter than what it has seen', async () => {
    followThen(failing(new LogUnreachableError('the broker is away')));
    const events = client.events({ from: 0 });
    for (let count = batches[0]?.count ?? 0; count > 0; count--)
      expect(await events.next()).toMatchObject({ done: false });
    market.exchange.shownStatus = { durable: 0 };
    await expect(events.next()).rejects.toMatchObject({ code: 'POSITION_AHEAD' });
  });
});

/** A stand-in for a log that can be read no further. */
function failing(error: Error): AsyncIterable<EventBatch> {
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) };
}

/** From now on feeds are given the first batch of the log, and then these. */
function followThen(then: Iterable<EventBatch> | AsyncIterable<EventBatch>): void {
  market.log.follow = async function* () {
    yield* batches.slice(0, 1);
    yield* then;
  };
}

describe('a log that cannot be followed any further', () => {
  const damage = new DamagedLogError('not a frame', { file: '/secret/folder', byte: 7, frame: 1 });
  type Then = () => Iterable<EventBatch> | AsyncIterable<EventBatch>;
  const endings: [string, string, Then][] = [
    ['that is damaged', 'LOG_DAMAGED', () => failing(damage)],
    ['that is away', 'UNAVAILABLE', () => failing(new LogUnreachableError('the broker is away'))],
    ['that comes to an end', 'UNAVAILABLE', () => []],
    ['that leaves out events', 'LOG_DAMAGED', () => batches.slice(2)],
    ['that gives events twice', 'LOG_DAMAGED', () => batches.slice(0, 1)],
  ];

  it.each(endings)(
    'A log that cannot be followed any further is reported in the feed before the connection is cut: one %s',
    async (_what, code, then) => {
      followThen(then());
      const feed = await feedFrom('?from=0');
      const first = batches[0]?.count ?? 0;
      const told = await feed.take(first + 1);
      expect(told.slice(0, -1).map(({ id }) => id)).toEqual(Array.from({ length: first }, (_, at) => String(at)));
      expect(told.at(-1)).toMatchObject({ event: 'error', data: { code, detail: expect.any(String) } });
      expect(JSON.stringify(told)).not.toContain('secret');
      await expect(feed.ended).rejects.toThrow();
    },
  );

  it('A log that cannot be followed any further is reported, too, where what was asked for is not in it any more', async () => {
    market.log.follow = async function* () {
      yield* batches.slice(1);
    };
    const feed = await feedFrom('?from=0');
    expect((await feed.take(1))[0]).toMatchObject({ event: 'error', data: { code: 'LOG_DAMAGED' } });
  });

  it('A log that cannot be followed any further ends the client’s feed with an error once it has been given all that came before', async () => {
    followThen(failing(damage));
    const given: RecordedEvent[] = [];
    const follow = async (): Promise<void> => {
      for await (const event of client.events({ from: 0 })) given.push(event);
    };
    await expect(follow()).rejects.toMatchObject({ code: 'LOG_DAMAGED' });
    expect(given).toHaveLength(batches[0]?.count ?? 0);
  });

  it('A log that cannot be followed any further makes the client come back when it may pass, and go on where it was', async () => {
    const follow = market.log.follow.bind(market.log);
    followThen(failing(new LogUnreachableError('the broker is away')));
    const events = client.events({ from: 0 });
    const positions: number[] = [];
    while (positions.length < head) {
      const { done, value } = await events.next();
      if (done === true) break;
      positions.push(value.position);
      if (positions.length === batches[0]?.count) market.log.follow = follow;
    }
    expect(positions).toEqual(Array.from({ length: head }, (_, position) => position));
    await events.return();
  });
});
