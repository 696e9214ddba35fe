import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { QueryClient } from '../../../projections/store/client.js';
import { StoreFollower } from '../../../projections/store/follower.js';
import { QueryStore } from '../../../projections/store/query-store.js';
import type { Found } from '../../../projections/store/protocol.js';
import { serveQueries } from '../../../projections/store/serve.js';
import type { EventBatch } from '../../../src/events/fold.js';
import { History } from '../../support/history/history.js';
import { PATIENCE_MS } from '../../support/patience.js';
import { growingLog } from './folding.js';

let store: QueryStore;
let client: QueryClient;
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

beforeEach(async () => {
  if (listing === undefined) throw new Error('there are two batches');
  store = new QueryStore(':memory:');
  stop = new AbortController();
  ports = new MessageChannel();
  const grown = await growingLog([listing]);
  append = grown.append;
  const follower = new StoreFollower(store, grown.log);
  endService = serveQueries(ports.port2, store, follower);
  client = new QueryClient(ports.port1);
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

it('answers through a port what the store answers', async () => {
  await append([dealing as EventBatch]); // there are two batches
  const atLeast = history.head;
  const deals = await client.deals({ participant: 'alice' }, { atLeast, timeoutMs: PATIENCE_MS });
  const [deal] = deals.value;
  expect(deals.position).toBe(history.head);
  expect(deal).toMatchObject({ id: '1-1', quantity: '5' });
  const valueOf = async <Value>(found: Promise<Found<Value>>): Promise<Value> => (await found).value;
  expect(await valueOf(client.deal('1-1'))).toEqual(deal);
  expect(await valueOf(client.deal('1-2'))).toBeUndefined();
  expect(await valueOf(client.intention('1'))).toMatchObject({ status: 'filled' });
  expect(await valueOf(client.intentionByClientId('alice', 'c-1'))).toMatchObject({ id: '1' });
  expect(await valueOf(client.intentions({ participant: 'bob' }))).toHaveLength(1);
  expect(await valueOf(client.positions())).toHaveLength(2);
  expect(await valueOf(client.candles({ instrument: 'ACME', intervalMs: 60_000 }))).toHaveLength(1);
  expect(await valueOf(client.instruments())).toMatchObject([{ symbol: 'ACME' }]);
  expect(await valueOf(client.book('ACME', 5))).toMatchObject({ bids: [], asks: [], position: history.head });
  expect(await valueOf(client.summary())).toMatchObject({ deals: 1, position: history.head });
  expect(client.caughtUpTo).toBe(history.head);
});

it('tells with each answer where its rows stand, however the log grows meanwhile', async () => {
  const asked: ReturnType<QueryClient['deals']>[] = [];
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
  const end = serveQueries(port2, other, follower);
  const own = new QueryClient(port1);
  const following = follower.run(stop.signal);
  for (const batch of many.batches()) {
    asked.push(own.deals({ limit: 1000 }));
    await grown.append([batch]);
    asked.push(own.deals({ limit: 1000 }));
  }
  asked.push(own.deals({ limit: 1000 }, { atLeast: many.head, timeoutMs: PATIENCE_MS }));
  const answers = await Promise.all(asked);
  const decidedAt = answers.at(-1)?.value.map(({ position }) => position) ?? [];
  expect(decidedAt).toHaveLength(50);
  for (const { value, position } of answers) {
    expect(value).toHaveLength(decidedAt.filter((decided) => decided < position).length);
  }
  stop.abort();
  await following;
  end();
  own.close();
  port1.close();
  other.close();
});

it('waits with its answer for the position it was asked to show', async () => {
  const asked = client.deals({}, { atLeast: history.head, timeoutMs: PATIENCE_MS });
  await append([dealing as EventBatch]); // there are two batches
  expect(await asked).toMatchObject({ value: [{ id: '1-1' }], position: history.head });
});

it('says so when the store does not get there in time', async () => {
  await expect(client.deals({}, { atLeast: history.head, timeoutMs: 20 })).rejects.toMatchObject({
    code: 'STORE_BEHIND',
  });
});

it('passes on why a question makes no sense', async () => {
  await expect(client.deals({ limit: 0 })).rejects.toMatchObject({ name: 'QueryFailedError', code: 'INVALID_QUERY' });
});

it('answers nobody any more once the other end is gone, and says so', async () => {
  endService();
  const lost = client.deals();
  const gone = expect(lost).rejects.toMatchObject({ code: 'STORE_GONE' });
  ports.port2.close();
  await gone;
  await expect(client.deals()).rejects.toMatchObject({ code: 'STORE_GONE' });
});

it('takes a bounded number of questions at once', async () => {
  endService();
  const asked = Array.from({ length: 10_000 }, () => client.deals());
  const settled = Promise.allSettled(asked);
  await expect(client.deals()).rejects.toMatchObject({ code: 'STORE_BUSY' });
  client.close();
  expect((await settled).every(({ status }) => status === 'rejected')).toBe(true);
});
