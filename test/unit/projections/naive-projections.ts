import type { Event } from '../../../src/events/event.js';

/** An intention as the naive projections know it. */
export interface NaiveIntention {
  readonly id: number;
  readonly clientId: string;
  readonly participantId: number;
  readonly instrumentId: number;
  readonly side: 'buy' | 'sell';
  price: number;
  quantity: number;
  filled: number;
  status: 'open' | 'filled' | 'withdrawn' | 'expired';
  /** What it holds reserved, by deal. */
  readonly reserved: Map<string, number>;
}

export interface NaiveDeal {
  readonly id: string;
  readonly position: number;
  readonly atMs: number;
  readonly instrumentId: number;
  readonly buyer: number;
  readonly seller: number;
  readonly buyerIntention: number;
  readonly sellerIntention: number;
  readonly price: number;
  readonly lots: number;
}

/**
 * What the projections must come to, computed from event objects in the plainest way there is: everything is kept, nothing is
 * indexed, and each question is answered by looking through all of it.
 */
export class NaiveProjections {
  readonly intentions: NaiveIntention[] = [];
  readonly deals: NaiveDeal[] = [];
  readonly decided = new Set<string>();
  aborted = 0;
  private atMs = 0;

  constructor(events: readonly Event[]) {
    events.forEach((event, position) => {
      if ('atMs' in event) this.atMs = event.atMs;
      this.apply(event, position);
    });
  }

  /** `price lots intentions`, best first. */
  levels(instrumentId: number, side: 'buy' | 'sell'): { priceTicks: number; lots: number; intentions: number }[] {
    const standing = this.intentions.filter(
      (one) => one.status === 'open' && one.instrumentId === instrumentId && one.side === side && one.price > 0,
    );
    const prices = [...new Set(standing.map(({ price }) => price))].sort((one, other) => one - other);
    if (side === 'buy') prices.reverse();
    return prices.map((priceTicks) => {
      const there = standing.filter(({ price }) => price === priceTicks);
      const lots = there.reduce((sum, one) => sum + one.quantity - one.filled, 0);
      return { priceTicks, lots, intentions: there.length };
    });
  }

  /** What a participant bought minus what it sold, and what it received minus what it paid. */
  position(participantId: number, instrumentId: number): { net: bigint; cash: bigint } {
    let net = 0n;
    let cash = 0n;
    for (const deal of this.deals.filter((one) => one.instrumentId === instrumentId)) {
      const sign = BigInt(Number(deal.buyer === participantId) - Number(deal.seller === participantId));
      net += sign * BigInt(deal.lots);
      cash -= sign * BigInt(deal.lots) * BigInt(deal.price);
    }
    return { net, cash };
  }

  private find(id: number): NaiveIntention {
    const found = this.intentions.find((intention) => intention.id === id);
    if (found === undefined) throw new RangeError(`intention ${id} was never posted`);
    return found;
  }

  private apply(event: Event, position: number): void {
    switch (event.type) {
      case 'IntentionPosted': {
        const { intentionId: id, clientIntentionId: clientId, participantId, instrumentId, side } = event;
        const terms = {
          id,
          clientId,
          participantId,
          instrumentId,
          side,
          price: event.priceTicks,
          quantity: event.quantityLots,
        };
        this.intentions.push({ ...terms, filled: 0, status: 'open', reserved: new Map() });
        return;
      }
      case 'ProposalMade':
        this.find(event.intentionId).reserved.set(`${event.intentionId}-${event.dealNumber}`, event.quantityLots);
        return;
      case 'ProposalAccepted':
        this.find(event.intentionId).reserved.set(`${event.initiatorId}-${event.dealNumber}`, event.quantityLots);
        return;
      case 'DealSettled': {
        const intention = this.find(event.intentionId);
        intention.reserved.delete(`${event.initiatorId}-${event.dealNumber}`);
        intention.filled += event.quantityLots;
        if (intention.filled === intention.quantity && intention.status === 'open') intention.status = 'filled';
        return;
      }
      case 'IntentionReduced':
        this.find(event.intentionId).quantity -= event.byLots;
        return;
      case 'IntentionAmended': {
        const intention = this.find(event.intentionId);
        intention.price = event.priceTicks;
        intention.quantity = intention.filled + event.openLots;
        return;
      }
      case 'IntentionWithdrawn':
        this.find(event.intentionId).status = 'withdrawn';
        return;
      case 'IntentionExpired':
        this.find(event.intentionId).status = 'expired';
        return;
      case 'DealConfirmed':
      case 'DealAborted':
        this.decide(event, position);
        return;
      default:
    }
  }

  private decide(event: Extract<Event, { type: 'DealConfirmed' | 'DealAborted' }>, position: number): void {
    const id = `${event.initiatorId}-${event.dealNumber}`;
    if (this.decided.has(id)) return;
    this.decided.add(id);
    if (event.type === 'DealAborted') {
      this.aborted++;
      return;
    }
    const initiator = { participant: event.initiatorParticipantId, intention: event.initiatorId };
    const responder = { participant: event.responderParticipantId, intention: event.responderId };
    const [buyer, seller] = event.initiatorSide === 'buy' ? [initiator, responder] : [responder, initiator];
    this.deals.push({
      id,
      position,
      atMs: this.atMs,
      instrumentId: event.instrumentId,
      buyer: buyer.participant,
      seller: seller.participant,
      buyerIntention: buyer.intention,
      sellerIntention: seller.intention,
      price: event.priceTicks,
      lots: event.quantityLots,
    });
  }
}
