import type { Book, Deal, Level, Listing, PhaseName, PostStep, SideName, Step, StepResult } from './steps.js';

interface Intention {
  readonly id: number;
  readonly terms: PostStep;
  /** Undefined for a market intention. */
  limit: number | undefined;
  left: number;
  filled: number;
  /** Its place in time: smaller is older. */
  place: number;
}

interface Instrument {
  listing: Listing;
  phase: PhaseName;
}

/** When, within a command, an intention was parked. */
export interface Parking {
  /** How many deals it had made by then. */
  readonly deals: number;
  /** With whom it was about to make the next, if it was. */
  readonly about: number | undefined;
}

const none: ReadonlyMap<number, Parking> = new Map();

/** How an intention ended. */
export type Ending = 'filled' | 'withdrawn' | 'expired';

/** One that is no longer open. */
export interface Closed {
  readonly participant: string;
  readonly ending: Ending;
  readonly filledLots: number;
}

/**
 * A stand-in for the exchange that is as naive as can be: one array of open intentions, sorted again whenever somebody looks at it.
 * It knows no handshake, no log and no negotiators, only what must come of every command: the answer, the deals, the book. That they
 * keep the priority of price and time (I9) is plain to see in it. All that holds the exchange against something holds it against this.
 */
export class ReferenceExchange {
  readonly deals: Deal[] = [];
  readonly closed = new Map<number, Closed>();
  private readonly instruments = new Map<string, Instrument>();
  private readonly posts = new Map<string, { readonly step: PostStep; readonly id: number }>();
  private open: Intention[] = [];
  private places = 0;
  private parkings: ReadonlyMap<number, Parking> = none;
  private dealsBefore = 0;

  /** Takes one command at a time. `parkings` names the intentions that were parked while it was carried out. */
  take(step: Step, nowMs: number, parkings: ReadonlyMap<number, Parking> = none): StepResult {
    this.expire(nowMs);
    this.parkings = parkings;
    this.dealsBefore = this.deals.length;
    const result = this.carry(step, nowMs);
    for (const intention of this.open) if (parkings.has(intention.id)) this.end(intention, 'withdrawn');
    return result;
  }

  private carry(step: Step, nowMs: number): StepResult {
    switch (step.kind) {
      case 'post':
        return this.post(step, nowMs);
      case 'withdraw':
      case 'reduce':
      case 'replace':
        return this.change(step);
      case 'list':
        return this.list(step.listing);
      case 'phase':
        return this.changePhase(this.instrument(step.instrument), step.phase);
      case 'uncross':
        return this.uncross(this.instrument(step.instrument));
    }
  }

  /** What stands, best first. Market intentions have no price and are left out. */
  book(symbol: string): Book {
    return { bids: this.levels(symbol, 'buy'), asks: this.levels(symbol, 'sell') };
  }

  private levels(symbol: string, side: SideName): Level[] {
    const standing = this.standing(symbol, side).filter(({ limit }) => limit !== undefined);
    const prices = [...new Set(standing.map(({ limit }) => limit ?? 0))];
    return prices.map((price) => {
      const queue = standing.filter(({ limit }) => limit === price);
      return [price, total(queue), queue.length];
    });
  }

  private instrument(symbol: string): Instrument {
    const instrument = this.instruments.get(symbol);
    if (instrument === undefined) throw new Error(`${symbol} is not listed`);
    return instrument;
  }

  /** What expires by then is gone. */
  expire(nowMs: number): void {
    const due = this.open.filter(({ terms }) => terms.expiresAtMs !== 0 && terms.expiresAtMs <= nowMs);
    for (const intention of due) this.end(intention, 'expired');
  }

  // Commands.

  private post(step: PostStep, nowMs: number): StepResult {
    const key = `${step.participant} ${step.clientId}`;
    const before = this.posts.get(key);
    if (before !== undefined) {
      return isSame(before.step, step) ? { posted: before.id } : { refused: 'CLIENT_ID_REUSED' };
    }
    if (step.expiresAtMs !== 0 && step.expiresAtMs <= nowMs) return { refused: 'INVALID_EXPIRY' };
    const { listing, phase } = this.instrument(step.instrument);
    const { priceTicks, timeInForce, postOnly, lots } = step;
    if (priceTicks !== undefined && isOutside(listing, priceTicks)) return { refused: 'PRICE_OUT_OF_BAND' };
    const immediate = timeInForce === 'ioc' && priceTicks !== undefined;
    if (phase === 'call' && (postOnly || timeInForce === 'fok' || immediate)) return { refused: 'WRONG_PHASE' };
    const id = this.posts.size + 1;
    const intention: Intention = { id, terms: step, limit: priceTicks, left: lots, filled: 0, place: this.places++ };
    const forbidden = phase === 'call' ? undefined : this.forbidden(intention);
    if (forbidden !== undefined) return { refused: forbidden };
    this.posts.set(key, { step, id });
    this.open.push(intention);
    if (phase === 'continuous') this.arrive(intention);
    return { posted: id };
  }

  private change(step: Extract<Step, { kind: 'withdraw' | 'reduce' | 'replace' }>): StepResult {
    if (step.id < 1 || step.id > this.posts.size) return { refused: 'UNKNOWN_INTENTION' };
    const intention = this.open.find(({ id }) => id === step.id);
    if (intention === undefined) return { refused: 'INTENTION_CLOSED' };
    if (intention.terms.participant !== step.participant) return { refused: 'NOT_YOURS' };
    const refused = this.carryOut(step, intention);
    if (refused !== undefined) return { refused };
    const { left, filled } = intention;
    const ending = this.closed.get(step.id)?.ending;
    return {
      status: ending === undefined || ending === 'expired' ? 'open' : ending,
      openLots: left,
      filledLots: filled,
    };
  }

  private carryOut(
    step: Extract<Step, { kind: 'withdraw' | 'reduce' | 'replace' }>,
    intention: Intention,
  ): string | undefined {
    switch (step.kind) {
      case 'withdraw':
        this.end(intention, 'withdrawn');
        return undefined;
      case 'reduce':
        if (step.byLots > intention.left) return 'NOT_LESS';
        intention.left -= step.byLots;
        if (intention.left === 0) this.end(intention, 'withdrawn');
        return undefined;
      case 'replace':
        return this.replace(intention, step.priceTicks, step.openLots);
    }
  }

  private replace(intention: Intention, limit: number, left: number): string | undefined {
    if (intention.limit === undefined) return 'INVALID_COMBINATION';
    const { listing, phase } = this.instrument(intention.terms.instrument);
    if (isOutside(listing, limit)) return 'PRICE_OUT_OF_BAND';
    const forbidden = phase === 'call' ? undefined : this.forbidden({ ...intention, limit, left });
    if (forbidden !== undefined) return forbidden;
    Object.assign(intention, { limit, left, place: this.places++ });
    if (phase === 'continuous') this.arrive(intention);
    return undefined;
  }

  private list(listing: Listing): StepResult {
    const listed = this.instruments.get(listing.symbol);
    if (listed === undefined) {
      this.instruments.set(listing.symbol, { listing, phase: 'continuous' });
    } else {
      const { tickSize, lotSize } = listed.listing;
      if (listing.tickSize !== tickSize || listing.lotSize !== lotSize) return { refused: 'INSTRUMENT_DIFFERS' };
      listed.listing = listing;
    }
    return { done: true };
  }

  private changePhase(instrument: Instrument, phase: PhaseName): StepResult {
    if (instrument.phase === phase) return { done: true };
    const { symbol } = instrument.listing;
    if (phase === 'continuous') {
      if (this.bestAuctionPrice(symbol) !== undefined) return { refused: 'WRONG_PHASE' };
      this.withdrawMarketIntentions(symbol);
    }
    instrument.phase = phase;
    return { done: true };
  }

  // Continuous trading.

  private forbidden(arriving: Intention): string | undefined {
    const meets = this.crossing(arriving);
    if (arriving.terms.postOnly && meets.length > 0) return 'POST_ONLY_WOULD_DEAL';
    const { listing } = this.instrument(arriving.terms.instrument);
    if (listing.selfTrade !== 'refuseArriving') return undefined;
    let { left } = arriving;
    for (const standing of meets) {
      if (left <= 0) return undefined;
      if (standing.terms.participant === arriving.terms.participant) return 'SELF_TRADE';
      left -= standing.left;
    }
    return undefined;
  }

  private arrive(arriving: Intention): void {
    const { terms } = arriving;
    const { listing } = this.instrument(terms.instrument);
    const isOwn = (standing: Intention): boolean =>
      listing.selfTrade === 'withdrawStanding' && standing.terms.participant === terms.participant;
    const fillable = (): number => total(this.crossing(arriving).filter((standing) => !isOwn(standing)));
    if (terms.timeInForce !== 'fok' || fillable() >= arriving.left) {
      for (const standing of this.crossing(arriving)) {
        if (arriving.left === 0 || this.isParkedAt(arriving, standing)) break;
        if (isOwn(standing) || this.isParked(standing)) this.end(standing, 'withdrawn');
        else this.deal(standing, arriving, dealPrice(listing, standing, arriving));
        if (terms.timeInForce === 'fok' && arriving.filled === 0 && fillable() < arriving.left) break;
      }
      if (this.isParked(arriving)) this.end(arriving, 'withdrawn');
    }
    const rests = arriving.limit !== undefined && (terms.timeInForce === 'gtc' || terms.timeInForce === 'gtd');
    if (arriving.left > 0 && !rests) this.end(arriving, 'withdrawn');
  }

  /** Whom it could deal with, in the order in which it would meet them. */
  private crossing({ terms, limit }: Intention): Intention[] {
    return this.standing(terms.instrument, terms.side === 'buy' ? 'sell' : 'buy').filter((other) => {
      if (limit === undefined || other.limit === undefined) return true;
      return terms.side === 'buy' ? other.limit <= limit : other.limit >= limit;
    });
  }

  private deal(initiator: Intention, responder: Intention, priceTicks: number, most = Infinity): void {
    const lots = Math.min(initiator.left, responder.left, most);
    this.deals.push({ initiatorId: initiator.id, responderId: responder.id, priceTicks, lots });
    for (const side of [initiator, responder]) {
      side.left -= lots;
      side.filled += lots;
      if (side.left === 0) this.end(side, 'filled');
    }
    for (const side of [initiator, responder]) {
      if (side.left > 0 && this.isParked(side) && this.parkings.get(side.id)?.about === undefined) {
        this.end(side, 'withdrawn');
      }
    }
  }

  /** Whether it has made the deals that it made before it was parked. */
  private isParked({ id }: Intention): boolean {
    const parking = this.parkings.get(id);
    if (parking === undefined) return false;
    const own = this.deals.slice(this.dealsBefore).filter((deal) => deal.initiatorId === id || deal.responderId === id);
    return own.length === parking.deals;
  }

  /** Whether it was parked before it could deal with this one; on its way there it still withdrew its participant's own. */
  private isParkedAt(arriving: Intention, standing: Intention): boolean {
    const about = this.parkings.get(arriving.id)?.about;
    return this.isParked(arriving) && (about === undefined || about === standing.id);
  }

  private end(intention: Intention, ending: Ending): void {
    intention.left = 0;
    this.open = this.open.filter((other) => other !== intention);
    const { id, terms, filled } = intention;
    this.closed.set(id, { participant: terms.participant, ending, filledLots: filled });
  }

  /** One side: market intentions first, then by price, then by time. */
  private standing(symbol: string, side: SideName): Intention[] {
    const rank = ({ limit }: Intention): number => (limit === undefined ? -Infinity : side === 'buy' ? -limit : limit);
    return this.open
      .filter(({ terms }) => terms.instrument === symbol && terms.side === side)
      .sort((one, other) => (rank(one) === rank(other) ? one.place - other.place : rank(one) - rank(other)));
  }

  // The call auction.

  private uncross({ listing: { symbol }, phase }: Instrument): StepResult {
    if (phase !== 'call') return { refused: 'WRONG_PHASE' };
    const price = this.bestAuctionPrice(symbol);
    const volumeLots = price === undefined ? 0 : this.volumeAt(symbol, price);
    const before = this.deals.length;
    for (let left = volumeLots; left > 0 && price !== undefined;) {
      const [buyer, seller] = [this.standing(symbol, 'buy')[0], this.standing(symbol, 'sell')[0]];
      const parked = [buyer, seller].find((side) => side !== undefined && this.isParked(side));
      if (parked !== undefined) {
        this.end(parked, 'withdrawn');
        continue;
      }
      if (buyer === undefined || seller === undefined || !reach(buyer, seller, price)) {
        if (this.parkings.size > 0) break;
        throw new Error('the volume is more than there is');
      }
      const lots = Math.min(buyer.left, seller.left, left);
      if (buyer.place < seller.place) this.deal(buyer, seller, price, lots);
      else this.deal(seller, buyer, price, lots);
      left -= lots;
    }
    this.withdrawMarketIntentions(symbol);
    return { volumeLots, priceTicks: price, deals: this.deals.length - before };
  }

  /** The limit with the most volume, then the least surplus, then as the surplus says. Undefined when nothing can be dealt. */
  private bestAuctionPrice(symbol: string): number | undefined {
    const limits = this.open.filter(({ terms }) => terms.instrument === symbol).flatMap(({ limit }) => limit ?? []);
    const prices = [...new Set(limits)].sort((one, other) => one - other);
    const most = Math.max(0, ...prices.map((price) => this.volumeAt(symbol, price)));
    if (most === 0) return undefined;
    const fullest = prices.filter((price) => this.volumeAt(symbol, price) === most);
    const surplus = (price: number): number => this.wanted(symbol, 'buy', price) - this.wanted(symbol, 'sell', price);
    const least = Math.min(...fullest.map((price) => Math.abs(surplus(price))));
    const tied = fullest.filter((price) => Math.abs(surplus(price)) === least);
    const [low, high] = [Math.min(...tied), Math.max(...tied)];
    if (tied.every((price) => surplus(price) > 0)) return high;
    if (tied.every((price) => surplus(price) < 0)) return low;
    if (least === 0) return Math.floor((low + high) / 2);
    const lastOfBuyers = Math.max(...tied.filter((price) => surplus(price) > 0));
    const firstOfSellers = Math.min(...tied.filter((price) => surplus(price) < 0));
    return Math.floor((lastOfBuyers + firstOfSellers) / 2);
  }

  private volumeAt(symbol: string, price: number): number {
    return Math.min(this.wanted(symbol, 'buy', price), this.wanted(symbol, 'sell', price));
  }

  /** What one side would deal at a price. */
  private wanted(symbol: string, side: SideName, price: number): number {
    const willing = this.standing(symbol, side).filter(({ limit }) => {
      return limit === undefined || (side === 'buy' ? limit >= price : limit <= price);
    });
    return total(willing);
  }

  private withdrawMarketIntentions(symbol: string): void {
    for (const intention of [...this.standing(symbol, 'buy'), ...this.standing(symbol, 'sell')]) {
      if (intention.limit === undefined) this.end(intention, 'withdrawn');
    }
  }
}

function reach(buyer: Intention, seller: Intention, price: number): boolean {
  return (buyer.limit ?? price) >= price && (seller.limit ?? price) <= price;
}

function total(intentions: readonly Intention[]): number {
  return intentions.reduce((sum, { left }) => sum + left, 0);
}

function isOutside({ minTicks, maxTicks }: Listing, ticks: number): boolean {
  return ticks < minTicks || ticks > maxTicks;
}

function isSame(one: PostStep, other: PostStep): boolean {
  return JSON.stringify({ ...one, kind: 'post' }) === JSON.stringify({ ...other, kind: 'post' });
}

function dealPrice({ priceRule }: Listing, standing: Intention, arriving: Intention): number {
  const own = standing.limit ?? 0; // in continuous trading nobody stands without a limit
  if (arriving.limit === undefined || priceRule === 'standing') return own;
  if (priceRule === 'midpoint') return Math.floor((own + arriving.limit) / 2);
  return standing.terms.side === 'sell' ? own : arriving.limit;
}
