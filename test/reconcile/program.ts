import { type Fetch, ParleyClient, ParleyError } from '../../src/client/index.js';
import type { Random } from '../support/random.js';
import type { OwnBooks } from './books.js';
import { symbols } from './market.js';

interface ProgramOptions {
  readonly url: string;
  readonly fetch: Fetch | undefined;
  readonly books: OwnBooks;
  /** What tells its ids from those of others, and of earlier programs with the same books. */
  readonly run: string;
  readonly random: Random;
}

/**
 * A program that trades: sends commands one after the other and keeps books by its own stream. It can be killed at any moment: then
 * whatever it was about to do is not done, what it has sent may or may not arrive, and only its books remain, with each message taken
 * whole or not at all.
 */
export class TradingProgram {
  private readonly killing = new AbortController();
  private readonly client: ParleyClient;
  private mayGoOn = true;

  private readonly trading: Promise<void>;
  private readonly following: Promise<void>;
  private readonly books: OwnBooks;
  private readonly run: string;
  private readonly random: Random;

  constructor({ url, fetch, books, run, random }: ProgramOptions) {
    this.books = books;
    this.run = run;
    this.random = random;
    this.client = new ParleyClient({ url, fetch, retry: { attempts: 10_000, baseMs: 20, maxMs: 200 } });
    this.trading = this.trade().catch((error: unknown) => books.failed(error));
    this.following = this.follow().catch((error: unknown) => books.failed(error));
  }

  async kill(): Promise<void> {
    this.killing.abort();
    await Promise.all([this.trading, this.following]);
  }

  /** Sends nothing more; resolves once the last command is answered. */
  async stopTrading(): Promise<void> {
    this.mayGoOn = false;
    await this.trading;
  }

  private async trade(): Promise<void> {
    const { signal } = this.killing;
    const own: string[] = [];
    for (let sent = 0; this.mayGoOn; sent++) {
      try {
        await this.command(own, `${this.run}-${sent}`);
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof ParleyError) || error.isTransient) throw error; // a refusal is an answer
      }
    }
  }

  private async command(own: string[], clientIntentionId: string): Promise<unknown> {
    const { client, random, books } = this;
    const { participant } = books;
    const options = { signal: this.killing.signal };
    const price = String(95 + random.below(11));
    const quantity = String(1 + random.below(9));
    const id = own.length === 0 ? undefined : random.pick(own);
    const kind = random.weighted({ post: 24, ioc: 8, withdraw: 4, reduce: 4, replace: 4, switch: 1 });
    // So short that it lapses in some rounds, and amid whatever is going on.
    if (kind === 'switch') return client.setSwitch(random.chance(1, 4) ? 0 : 1_000, { participant, ...options });
    if (id !== undefined && kind === 'withdraw') return client.withdraw(id, options);
    if (id !== undefined && kind === 'reduce') return client.reduce(id, '1', options);
    if (id !== undefined && kind === 'replace') return client.replace(id, { price, quantity }, options);
    const timeInForce = kind === 'ioc' ? 'ioc' : 'gtc';
    const side = random.pick(['buy', 'sell'] as const);
    const terms = { instrument: random.pick(symbols), side, price, quantity, timeInForce } as const;
    const answer = await client.postIntention({ clientIntentionId, participant, ...terms }, options);
    if (own.push(answer.id) > 20) own.shift();
    return answer;
  }

  private async follow(): Promise<void> {
    const { participant, position } = this.books;
    const { signal } = this.killing;
    for await (const message of this.client.ownStream({ participant, from: position, signal }))
      this.books.take(message);
  }
}
