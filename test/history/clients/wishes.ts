/** Draws the requests of clients from a seed; they are about intentions and instruments that earlier answers named. */
import type { Random } from '../../support/random.js';
import type { Ask, PostBody } from '../checker/history.js';
import { MIDDLE_TICKS, participants, priceText, quantityText, symbols } from './market.js';

/** What all clients know together. */
export interface Known {
  /** Acknowledged posts with their ids, the latest last. */
  readonly posts: { readonly id: string; readonly body: PostBody }[];
  /** Instruments that are not among the first ones, each asked to be listed. */
  readonly listed: string[];
  /** The latest position that an answer carried. */
  position: number;
}

const SPREAD_TICKS = 9;
const MOST_LOTS = 20;
const RECENT = 80;
const DEPTHS = [1, 3, 10, 50];
const STATUSES = ['open', 'filled', 'withdrawn', 'expired'] as const;
const LIMITS = [5, 40, 200];

export class Wishes {
  private made = 0;

  constructor(
    private readonly name: string,
    private readonly random: Random,
    private readonly known: Known,
  ) {}

  /** Mostly commands. */
  trade(): Ask {
    const dice = this.random.below(100);
    const recent = this.recent();
    if (dice < 56 || recent === undefined) return { kind: 'post', body: this.body() };
    if (dice < 62) return { kind: 'post', body: recent.body };
    if (dice < 63) return { kind: 'post', body: { ...recent.body, quantity: this.quantity(recent.body.instrument) } };
    const { id, body } = recent;
    if (dice < 73) return { kind: 'withdraw', id };
    if (dice < 79) return { kind: 'reduce', id, by: this.quantity(body.instrument) };
    if (dice < 87) {
      const { instrument } = body;
      return { kind: 'replace', id, price: this.price(instrument), quantity: this.quantity(instrument) };
    }
    return this.look();
  }

  look(): Ask {
    const { random } = this;
    const dice = random.below(100);
    const participant = this.one(participants);
    const limit = this.one(LIMITS);
    if (dice < 25) return { kind: 'book', symbol: this.one(symbols), depth: this.one(DEPTHS) };
    if (dice < 33) return { kind: 'instruments' };
    if (dice < 41) return { kind: 'instrument', symbol: this.one([...symbols, ...this.known.listed]) };
    if (dice < 56) return { kind: 'intention', id: this.recent()?.id ?? '1' };
    if (dice < 70) {
      const after = random.chance(2, 3) ? { after: this.recent()?.id ?? '0' } : {};
      const status = random.chance(2, 3) ? { status: this.one(STATUSES) } : {};
      return { kind: 'intentions', query: { participant, limit, ...status, ...after } };
    }
    if (dice < 85) return { kind: 'deals', query: this.dealsQuery(participant, limit) };
    return { kind: 'positions', limit: 1_000, ...(random.chance(1, 3) && { participant }) };
  }

  private dealsQuery(participant: string, limit: number) {
    const after = this.random.chance(1, 2) ? { after: Math.max(0, this.known.position - this.random.below(400)) } : {};
    const [mine, one, own] = [
      { participant },
      { instrument: this.one(symbols) },
      { intention: this.recent()?.id ?? '1' },
    ];
    return { limit, ...after, ...this.one([{}, mine, one, own, { ...mine, ...one }]) };
  }

  private body(): PostBody {
    const { random } = this;
    const instrument = random.chance(1, 40) ? this.one([...symbols, ...this.known.listed]) : this.one(symbols);
    const common = {
      clientIntentionId: `${this.name}-${this.made++}`,
      ...{ participant: this.one(participants), instrument, side: this.one(['buy', 'sell'] as const) },
      quantity: this.quantity(instrument),
    };
    const dice = random.below(100);
    if (dice < 3) return { ...common, type: 'market' };
    if (dice < 6) return { ...common, type: 'market', timeInForce: 'fok' };
    const limit = { ...common, price: this.price(instrument) };
    if (dice < 14) return { ...limit, timeInForce: 'ioc' };
    if (dice < 20) return { ...limit, timeInForce: 'fok' };
    const expiresAt = new Date(Date.now() + 100 + random.below(3_000)).toISOString();
    if (dice < 30) return { ...limit, timeInForce: 'gtd', expiresAt, postOnly: random.chance(1, 5) };
    if (dice < 40) return { ...limit, postOnly: true };
    return dice < 60 ? limit : { ...limit, type: 'limit', timeInForce: 'gtc' };
  }

  private price(symbol: string): string {
    return priceText(symbol, MIDDLE_TICKS - SPREAD_TICKS + this.random.below(2 * SPREAD_TICKS + 1));
  }

  private quantity(symbol: string): string {
    return quantityText(symbol, 1 + this.random.below(MOST_LOTS));
  }

  private recent(): Known['posts'][number] | undefined {
    const { posts } = this.known;
    return posts[posts.length - 1 - this.random.below(Math.min(RECENT, Math.max(1, posts.length)))];
  }

  private one<Value>(values: readonly Value[]): Value {
    return values[this.random.below(values.length)] as Value; // none of these lists is empty
  }
}
