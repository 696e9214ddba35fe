import { setImmediate as otherWork } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { OrderBook, type OwnMessage, ParleyClient, ParleySocket } from '../../../../src/client/index.js';
import { ownPositions } from '../../../reconcile/log-positions.js';
import { openFeed } from '../../../support/http/feed.js';
import { aPost, listen, openMarket } from '../../../support/http/market.js';
import { MemoryLog } from '../../../support/log/memory-log.js';
import { Random } from '../../../support/random.js';

const RESTARTS = 4;
const POSTS = 60;
const retry = { attempts: 10_000, baseMs: 1, maxMs: 10 };

async function tradeAtRandom(url: string, random: Random): Promise<void> {
  for (let count = 0; count < POSTS; count++) {
    const price = (10 + random.below(20) / 100).toFixed(2);
    const [participant, side] = [random.pick(['alice', 'bob']), random.pick(['buy', 'sell'])];
    const answer = await fetch(`${url}/v1/intentions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(aPost({ participant, side, price, quantity: '5' })),
    });
    expect(answer.status).toBe(201);
  }
}

/** Streams of alice’s own, of trades and of the book, over both ways; and of trades by the last id alone, without the client. */
class Readers {
  readonly own: number[] = [];
  readonly socketOwn: number[] = [];
  readonly trades: number[] = [];
  readonly socketTrades: number[] = [];
  readonly tradesById: number[] = [];
  readonly socketBook = new OrderBook('ACME');
  book: OrderBook | undefined;
  connectionsById = 0;
  private readonly socket: ParleySocket;
  private readonly ending = new AbortController();
  private readonly following: Promise<unknown>;

  constructor(private readonly url: string) {
    const client = new ParleyClient({ url, retry });
    const { signal } = this.ending;
    this.socket = new ParleySocket({ url, retry, WebSocket });
    onTestFinished(() => this.end());
    const noteOwn = (list: number[]) => (message: OwnMessage) => {
      if (message.type !== 'upTo') list.push(message.position);
    };
    const follow = async <Message>(source: AsyncIterable<Message>, note: (message: Message) => void): Promise<void> => {
      for await (const message of source) note(message);
    };
    this.following = Promise.all([
      follow(client.ownStream({ participant: 'alice', from: 0, signal }), noteOwn(this.own)),
      follow(client.market.followTrades('ACME', { after: 0, signal }), ({ position }) => this.trades.push(position)),
      follow(client.market.followBook('ACME', { signal }), (book) => (this.book = book)),
      this.socket.subscribe({ channel: 'own', participant: 'alice', from: 0 }, noteOwn(this.socketOwn)),
      this.socket.subscribe({ channel: 'trades', instrument: 'ACME', from: 0 }, ({ position }) =>
        this.socketTrades.push(position),
      ),
      this.socket.subscribe({ channel: 'book', instrument: 'ACME' }, (message) => this.socketBook.apply(message)),
      this.followById(),
    ]);
  }

  async end(): Promise<void> {
    this.ending.abort();
    this.socket.close();
    await this.following;
  }

  private async followById(): Promise<void> {
    let lastId: string | undefined;
    while (!this.ending.signal.aborted) {
      const headers: Record<string, string> = lastId === undefined ? {} : { 'last-event-id': lastId };
      const feed = await openFeed(`${this.url}/v1/trades/ACME/stream?from=0`, headers).catch(() => undefined);
      if (feed === undefined) {
        await otherWork();
        continue;
      }
      this.connectionsById++;
      const isOver = feed.ended.then(
        () => [],
        () => [],
      );
      for (;;) {
        const [next] = await Promise.race([feed.take(1), isOver]);
        if (next === undefined || next.event === 'error') break;
        lastId = next.id;
        this.tradesById.push(Number(next.data.position));
      }
    }
  }
}

describe('streams of a server that is started again', () => {
  it('Streams go on where they were when the server is stopped and started again amid them: no gap, nothing twice', async () => {
    const log = new MemoryLog();
    let server = await listen(await openMarket(log));
    const { port, url } = server;
    const readers = new Readers(url);
    const random = new Random(3);
    await tradeAtRandom(url, random);
    for (let restarts = 0; restarts < RESTARTS; restarts++) {
      const told = readers.own.length;
      await server.stop();
      server = await listen(await openMarket(log), { port });
      await tradeAtRandom(url, random);
      await expect.poll(() => readers.own.length).toBeGreaterThan(told);
    }

    const client = new ParleyClient({ url });
    const { position = 0 } = await client.account({ participant: 'alice' });
    const own = await ownPositions(url, 'alice', position);
    const deals = await client.market.trades('ACME', { after: 0, limit: 1_000 });
    const trades = deals.map((trade) => trade.position);
    expect(trades.length).toBeGreaterThan(RESTARTS);
    await expect.poll(() => [readers.own, readers.socketOwn]).toEqual([own, own]);
    await expect
      .poll(() => [readers.trades, readers.socketTrades, readers.tradesById])
      .toEqual([trades, trades, trades]);
    expect(readers.connectionsById).toBe(1 + RESTARTS);
    const { bids, asks, checksum } = await client.book('ACME', { depth: 1_000 });
    const shown = ({ bids: b, asks: a, checksum: c }: OrderBook) => ({ bids: b, asks: a, checksum: c });
    for (const book of [() => readers.book, () => readers.socketBook])
      await expect.poll(() => shown(book() ?? new OrderBook('none'))).toEqual({ bids, asks, checksum });
  });
});
