import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type OrderBook, type OwnMessage, ParleyClient, ParleySocket } from '../../../src/client/index.js';
import { ownPositions } from '../../reconcile/log-positions.js';
import { listen, openMarket } from '../../support/http/market.js';
import { PATIENCE_MS } from '../../support/patience.js';
import { Random } from '../../support/random.js';
import { Cut } from '../../support/servers/cut.js';

const CUTS = 100;
const retry = { attempts: 10_000, baseMs: 1, maxMs: 5 };

describe('a client whose connections are cut', () => {
  it(
    'A client whose connections are cut a hundred times loses nothing and doubles nothing, and its book is the server’s',
    { timeout: 4 * PATIENCE_MS },
    async () => {
      const server = await listen(await openMarket());
      const cut = await Cut.open({ target: server.url.replace('http://', '') });
      const trader = new Trader(`http://${cut.address}`);
      for (let cuts = 0; cuts < CUTS; cuts++) {
        const before = trader.progress();
        await expect.poll(() => trader.hasGoneOnSince(before), { timeout: PATIENCE_MS, interval: 1 }).toBe(true);
        await cut.cut();
        await cut.resume();
      }
      const answered = await trader.stopTrading();

      const direct = new ParleyClient({ url: server.url });
      const { position = 0 } = await direct.account({ participant: 'alice' });
      await expect.poll(() => trader.upTo(), { timeout: PATIENCE_MS }).toBeGreaterThanOrEqual(position);
      const expected = await ownPositions(server.url, 'alice', position);
      expect(trader.own.filter((each) => each < position)).toEqual(expected);
      expect(trader.socketOwn.filter((each) => each < position)).toEqual(expected);
      const { bids, asks, checksum } = await direct.book('ACME', { depth: 1_000 });
      await expect.poll(() => trader.book?.checksum, { timeout: PATIENCE_MS }).toBe(checksum);
      expect({ bids: trader.book?.bids, asks: trader.book?.asks }).toEqual({ bids, asks });
      expect(new Set(answered).size).toBe(answered.length);
      await trader.end();
      await cut.close();
    },
  );
});

/** Commands by HTTP and by WebSocket, one after the other on each, and all streams of alice. */
class Trader {
  readonly own: number[] = [];
  readonly socketOwn: number[] = [];
  book: OrderBook | undefined;
  private readonly ends = { own: 0, socketOwn: 0 };
  private readonly answered: string[] = [];
  private readonly client: ParleyClient;
  private readonly socket: ParleySocket;
  private readonly stopping = new AbortController();
  private readonly trading: Promise<unknown>;
  private readonly following: Promise<unknown>;
  private isTrading = true;

  constructor(url: string) {
    this.client = new ParleyClient({ url, retry, timeoutMs: PATIENCE_MS });
    this.socket = new ParleySocket({ url, retry, WebSocket });
    this.trading = Promise.all([this.trade('h', 1), this.trade('s', 2)]);
    this.following = Promise.all([this.followOwn(), this.followBook(), this.subscribe()]);
  }

  progress(): number {
    return Math.min(this.own.length, this.socketOwn.length);
  }

  hasGoneOnSince(before: number): boolean {
    return this.progress() > before;
  }

  /** Both own streams have told all before this position. */
  upTo(): number {
    return Math.min(this.ends.own, this.ends.socketOwn);
  }

  /** Resolves to the ids of what was posted, once all is answered. */
  async stopTrading(): Promise<readonly string[]> {
    this.isTrading = false;
    await this.trading;
    return this.answered;
  }

  async end(): Promise<void> {
    this.stopping.abort();
    this.socket.close();
    await this.following;
  }

  private async trade(way: 'h' | 's', seed: number): Promise<void> {
    const random = new Random(seed);
    for (let sent = 0; this.isTrading; sent++) {
      const side = random.pick(['buy', 'sell'] as const);
      const price = (10 + random.below(20) / 100).toFixed(2);
      const terms = {
        clientIntentionId: `${way}-${sent}`,
        participant: 'alice',
        instrument: 'ACME',
        side,
        price,
        quantity: '5',
      };
      const { id } = way === 'h' ? await this.client.postIntention(terms) : await this.socket.send(terms);
      this.answered.push(id);
      if (random.chance(1, 2))
        await (way === 'h' ? this.client.withdraw(id) : this.socket.send({ command: 'withdraw', id }));
    }
  }

  private async followOwn(): Promise<void> {
    const { signal } = this.stopping;
    for await (const message of this.client.ownStream({ participant: 'alice', from: 0, signal }))
      this.take('own', message);
  }

  private async followBook(): Promise<void> {
    for await (const book of this.client.market.followBook('ACME', { signal: this.stopping.signal })) this.book = book;
  }

  private async subscribe(): Promise<void> {
    const wish = { channel: 'own', participant: 'alice', from: 0 } as const;
    await this.socket.subscribe(wish, (message) => this.take('socketOwn', message));
  }

  private take(list: 'own' | 'socketOwn', message: OwnMessage): void {
    const isEvent = message.type !== 'upTo';
    if (isEvent) this[list].push(message.position);
    this.ends[list] = isEvent ? message.position + 1 : message.position;
  }
}
