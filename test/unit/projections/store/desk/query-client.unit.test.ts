import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { QueryClient } from '../../../../../projections/store/desk/client.js';
import { QueryDesk } from '../../../../../projections/store/desk/desk.js';
import { StoreFollower } from '../../../../../projections/store/follower.js';
import { QueryStore } from '../../../../../projections/store/database/query-store.js';
import { serveQueries } from '../../../../../projections/store/desk/serve.js';
import type { EventBatch } from '../../../../../src/events/fold.js';
import { History } from '../../../../support/history/history.js';
import { type Ask, asking } from '../../../../support/http/asking.js';
import { growingLog } from '../../folding.js';

let store: QueryStore;
let client: QueryClient;
let ask: Ask;
let ports: { port1: MessagePort; port2: MessagePort };
let stop: AbortController;
let append: (batches: readonly EventBatch[]) => Promise<void>;
let endService: () => void;
let running: Promise<void>;

const history = new History();
const [alice, bob, acme] = [history.admit('alice'), history.admit('bob'), history.list('ACME')];
history.seal();
history.deal(history.post(alice, acme, 'sell', 100, 5), history.post(bob, acme, 'buy', 100, 5), 100, 5);
const [listing, dealing] = history.batches();

function deskOf(answering: QueryStore, follower: StoreFollower): QueryDesk {
  const desk = new QueryDesk([0]);
  desk.serve(0, {
    find: (look) => answering.find(look),
    waitFor: (position, timeoutMs) => follower.waitFor(position, timeoutMs),
  });
  return desk;
}

beforeEach(async () => {
  if (listing === undefined) throw new Error('there are two batches');
  store = new QueryStore(':memory:');
  stop = new AbortController();
  ports = new MessageChannel();
  const grown = await growingLog([listing]);
  append = grown.append;
  const follower = new StoreFollower(store, grown.log);
  endService = serveQueries(ports.port2, deskOf(store, follower));
  client = new QueryClient(ports.port1);
  ask = asking(client);
  running = follower.run(stop.signal);
});

afterEach(async () => {
  stop.abort();
  await running;
  endService();
  client.close();
  ports.port1.close();
  store.close();
});

it('The query service answers through a port what the store answers', async () => {
  await append([dealing as EventBatch]); // there are two batches
  const atLeast = history.head;
  const deals = await ask('deals', [{ participant: 'alice' }], { atLeast });
  const [deal] = (deals.value as { deals: unknown[] }).deals;
  expect(deals).toMatchObject({ position: history.head, value: { position: history.head } });
  expect(deal).toMatchObject({ id: '1-1', quantity: '5' });
  expect((await ask('deal', ['1-1'])).value).toEqual(deal);
  expect((await ask('deal', ['1-2'])).value).toBeUndefined();
  expect((await ask('intention', ['1'])).value).toMatchObject({ status: 'filled' });
  const rows = { intentions: [{ id: '1' }] };
  expect((await ask('intentionsByClientId', ['alice', 'c-1'])).value).toMatchObject(rows);
  expect((await ask('intentions', [{ participant: 'alice' }])).value).toMatchObject(rows);
  expect((await ask('positions', [{}])).value).toMatchObject({ positions: [{}, {}] });
  expect((await ask('instruments', [{}])).value).toMatchObject({ rows: [{ symbol: 'ACME' }], hasMore: false });
  expect((await ask('instrument', ['ACME'])).value).toMatchObject({ symbol: 'ACME' });
  expect((await ask('instrument', ['EMCA'])).value).toBeUndefined();
  expect((await ask('book', ['ACME', 5])).value).toMatchObject({ bids: [], asks: [], position: history.head });
});

it('The query service tells with each answer where its rows stand, however the log grows meanwhile', async () => {
  const asked: Promise<{ value: unknown; position: number | undefined }>[] = [];
  const many = new History();
  const [carol, dave, emca] = [many.admit('carol'), many.admit('dave'), many.list('EMCA')];
  many.seal();
  for (let count = 0; count < 50; count++) {
    many.deal(many.post(carol, emca, 'sell', 100, 5), many.post(dave, emca, 'buy', 100, 5), 100, 5);
    many.seal();
  }
  const grown = await growingLog([]);
  const other = new QueryStore(':memory:');
  const follower = new StoreFollower(other, grown.log, { delayMs: 0 });
  const { port1, port2 } = new MessageChannel();
  const end = serveQueries(port2, deskOf(other, follower));
  const client = new QueryClient(port1);
  const own = asking(client);
  const following = follower.run(stop.signal);
  for (const batch of many.batches()) {
    asked.push(own('deals', [{ limit: 1000 }]));
    await grown.append([batch]);
    asked.push(own('deals', [{ limit: 1000 }]));
  }
  asked.push(own('deals', [{ limit: 1000 }], { atLeast: many.head }));
  const answers = await Promise.all(asked);
  const rowsOf = (value: unknown) => (value as { deals: { position: number }[] }).deals;
  const decidedAt = rowsOf(answers.at(-1)?.value).map(({ position }) => position);
  expect(decidedAt).toHaveLength(50);
  for (const { value, position = 0 } of answers) {
    expect(rowsOf(value)).toHaveLength(decidedAt.filter((decided) => decided < position).length);
  }
  stop.abort();
  await following;
  end();
  client.close();
  port1.close();
  other.close();
});

it('The query service waits with its answer for the position it was asked to show', async () => {
  const asked = ask('deals', [{}], { atLeast: history.head });
  await append([dealing as EventBatch]); // there are two batches
  expect(await asked).toMatchObject({ value: { deals: [{ id: '1-1' }] }, position: history.head });
});

it('The query service says so when the store does not get there in time', async () => {
  await expect(ask('deals', [{}], { atLeast: history.head, timeoutMs: 20 })).rejects.toMatchObject({
    code: 'STORE_BEHIND',
    shard: 0,
  });
});

it('The query service passes on why a question makes no sense', async () => {
  await expect(ask('deals', [{ limit: 0 }])).rejects.toMatchObject({ name: 'QueryFailedError', code: 'INVALID_QUERY' });
});

it('The query service answers nobody any more once the other end is gone, and says so', async () => {
  endService();
  const lost = ask('deals', [{}]);
  const gone = expect(lost).rejects.toMatchObject({ code: 'STORE_GONE' });
  ports.port2.close();
  await gone;
  await expect(ask('deals', [{}])).rejects.toMatchObject({ code: 'STORE_GONE' });
});

it('The query service takes a bounded number of questions at once', async () => {
  endService();
  const asked = Array.from({ length: 10_000 }, () => ask('deals', [{}]));
  const settled = Promise.allSettled(asked);
  await expect(ask('deals', [{}])).rejects.toMatchObject({ code: 'STORE_BUSY' });
  client.close();
  expect((await settled).every(({ status }) => status === 'rejected')).toBe(true);
});
