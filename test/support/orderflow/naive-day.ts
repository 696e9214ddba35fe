/** What a log of recorded flow comes to, event by event from the events' JSON: plain, and sharing nothing with what is tested. */
import { crc32 } from 'node:zlib';
import type { Event } from '../../../src/events/event.js';
import { eventsOfBatch, type EventBatch } from '../../../src/events/fold.js';

export interface NaiveLevel {
  readonly price: string;
  readonly quantity: string;
  readonly intentions: number;
}

export interface NaiveIntention {
  readonly id: number;
  readonly participant: string;
  readonly instrument: string;
  readonly side: 'buy' | 'sell';
  readonly hasLimit: boolean;
  price: number;
  quantity: number;
  filled: number;
  status: 'open' | 'filled' | 'withdrawn' | 'expired';
}

export interface NaiveDeal {
  readonly position: number;
  readonly instrument: string;
  readonly price: number;
  readonly quantity: number;
  readonly buyer: string;
  readonly seller: string;
}

/** One side: what stands at each price, and the prices, best first. */
class NaiveSide {
  readonly levels = new Map<number, { quantity: number; intentions: number }>();
  private prices: number[] = [];

  constructor(private readonly sign: 1 | -1) {}

  put(price: number, quantity: number, intentions: number): void {
    const level = this.levels.get(price);
    if (level === undefined) {
      this.levels.set(price, { quantity, intentions });
      this.prices.push(price);
      this.prices.sort((one, other) => this.sign * (one - other));
      return;
    }
    level.quantity += quantity;
    level.intentions += intentions;
    if (level.intentions > 0) return;
    this.levels.delete(price);
    this.prices = this.prices.filter((each) => each !== price);
  }

  best(depth: number): NaiveLevel[] {
    return this.prices.slice(0, depth).map((price) => this.shown(price));
  }

  shown(price: number): NaiveLevel {
    const { quantity, intentions } = this.levels.get(price) ?? { quantity: 0, intentions: 0 };
    return { price: String(price), quantity: String(quantity), intentions };
  }
}

export class NaiveBook {
  readonly bids = new NaiveSide(-1);
  readonly asks = new NaiveSide(1);
  phase = 'continuous';
  /** The levels that something has happened to, until somebody clears them. */
  readonly touched = { bids: new Set<number>(), asks: new Set<number>() };

  put(side: 'bids' | 'asks', price: number, quantity: number, intentions: number): void {
    this[side].put(price, quantity, intentions);
    this.touched[side].add(price);
  }

  checksum(): number {
    const best = [...this.bids.best(10), ...this.asks.best(10)];
    return crc32(best.map(({ price, quantity }) => `${price}:${quantity}`).join('|'));
  }
}

/** Recorded flow is played on instruments with a tick of 1 and a lot of 1, so that numbers are their own decimals. */
export class NaiveDay {
  /** All events before this position are in it. */
  position = 0;
  /** The latest time that an event has named. */
  atMs = 0;
  readonly books = new Map<string, NaiveBook>();
  readonly intentions = new Map<number, NaiveIntention>();
  readonly deals: NaiveDeal[] = [];
  private readonly names = new Map<number, string>();
  private readonly symbols = new Map<number, string>();

  /** Takes of these what it does not have, up to a position. */
  takeUntil(batches: Iterable<EventBatch>, until: number): this {
    for (const batch of batches) {
      if (batch.firstPosition + batch.count <= this.position) continue;
      if (batch.firstPosition >= until) break;
      for (const { position, event } of eventsOfBatch(batch)) {
        if (position >= this.position && position < until) this.take(position, event);
      }
    }
    return this;
  }

  take(position: number, event: Event): void {
    this.position = position + 1;
    if ('atMs' in event) this.atMs = Math.max(this.atMs, event.atMs);
    switch (event.type) {
      case 'ParticipantAdmitted':
        this.names.set(event.participantId, event.name);
        return;
      case 'InstrumentListed':
        this.symbols.set(event.instrumentId, event.symbol);
        if (!this.books.has(event.symbol)) this.books.set(event.symbol, new NaiveBook());
        return;
      case 'PhaseChanged':
        this.book(this.symbols.get(event.instrumentId)).phase = event.phase;
        return;
      case 'IntentionPosted': {
        const { intentionId: id, side, pricing, priceTicks: price, quantityLots: quantity } = event;
        const instrument = this.symbols.get(event.instrumentId) ?? '';
        const participant = this.names.get(event.participantId) ?? '';
        const terms = { id, participant, instrument, side, hasLimit: pricing === 'limit' };
        const posted: NaiveIntention = { ...terms, price, quantity, filled: 0, status: 'open' };
        this.intentions.set(id, posted);
        this.stand(posted, 1);
        return;
      }
      case 'DealConfirmed':
        this.confirm(position, event);
        return;
      case 'DealSettled':
        this.change(event.intentionId, (one) => {
          one.filled += event.quantityLots;
          if (one.status === 'open' && one.filled === one.quantity) one.status = 'filled';
        });
        return;
      case 'IntentionReduced':
        this.change(event.intentionId, (one) => {
          one.quantity -= event.byLots;
          if (one.filled === one.quantity) one.status = 'filled';
        });
        return;
      case 'IntentionAmended':
        this.change(event.intentionId, (one) => {
          one.price = event.priceTicks;
          one.quantity = one.filled + event.openLots;
        });
        return;
      case 'IntentionWithdrawn':
        this.change(event.intentionId, (one) => (one.status = 'withdrawn'));
        return;
      case 'IntentionExpired':
        this.change(event.intentionId, (one) => (one.status = 'expired'));
        return;
      default:
    }
  }

  book(symbol = ''): NaiveBook {
    const book = this.books.get(symbol);
    if (book === undefined) throw new Error(`${symbol} is not listed`);
    return book;
  }

  private confirm(position: number, deal: Extract<Event, { type: 'DealConfirmed' }>): void {
    const sides = [deal.initiatorParticipantId, deal.responderParticipantId].map((id) => this.names.get(id) ?? '');
    const [buyer = '', seller = ''] = deal.initiatorSide === 'buy' ? sides : sides.reverse();
    const instrument = this.symbols.get(deal.instrumentId) ?? '';
    const { priceTicks: price, quantityLots: quantity } = deal;
    this.deals.push({ position, instrument, price, quantity, buyer, seller });
  }

  private change(id: number, how: (one: NaiveIntention) => void): void {
    const one = this.intentions.get(id);
    if (one === undefined) throw new Error(`nobody has posted ${id}`);
    this.stand(one, -1);
    how(one);
    this.stand(one, 1);
  }

  private stand(one: NaiveIntention, times: 1 | -1): void {
    if (one.status !== 'open' || !one.hasLimit) return;
    const side = one.side === 'buy' ? 'bids' : 'asks';
    this.book(one.instrument).put(side, one.price, times * (one.quantity - one.filled), times);
  }
}
