/**
 * The market as it stands before a position of the log, in ticks and lots.
 *
 * 1. It changes by `apply` alone, one step of the naive exchange at a time, each at the position where the log has it.
 */
import { stepsOf } from './decimals.js';
import type { InstrumentBody, PhaseName, PostBody } from '../history.js';

export interface Order {
  readonly id: number;
  readonly body: PostBody;
  readonly instrument: Instrument;
  readonly participantId: number;
  readonly isMarket: boolean;
  readonly timeInForce: 'gtc' | 'gtd' | 'ioc' | 'fok';
  readonly expiresAtMs: number;
  readonly postedPosition: number;
  readonly postedAtMs: number;
  readonly postedTicks: number;
  readonly postedLots: number;
  /** The limit as it is now; 0 for a market order. */
  ticks: number;
  /** Filled and open together. */
  lots: number;
  filled: number;
  reserved: number;
  /** Among those at one price, the lower one comes first. */
  place: number;
  proposals: number;
  status: 'open' | 'filled' | 'withdrawn' | 'expired';
  closedReason: string;
  closedAtMs: number;
  closedPosition: number;
}

export interface Instrument {
  readonly number: number;
  readonly symbol: string;
  body: InstrumentBody;
  phase: PhaseName;
  /** What still stands, in no order. */
  readonly open: Set<Order>;
}

export interface Deal {
  readonly position: number;
  readonly atMs: number;
  readonly number: number;
  readonly initiator: Order;
  readonly responder: Order;
  readonly ticks: number;
  readonly lots: number;
}

export interface Holding {
  readonly participantId: number;
  readonly instrument: Instrument;
  bought: bigint;
  sold: bigint;
  /** Ticks × lots, received less paid. */
  turnover: bigint;
}

/** One event that the naive exchange expects, with the very fields that the log must show, and what they are about. */
export type Step =
  | { readonly type: 'ParticipantAdmitted'; readonly fields: { participantId: number; name: string } }
  | {
      readonly type: 'InstrumentListed';
      readonly fields: object;
      readonly symbol: string;
      readonly body: InstrumentBody;
    }
  | {
      readonly type: 'PhaseChanged';
      readonly fields: object;
      readonly instrument: Instrument;
      readonly phase: PhaseName;
    }
  | { readonly type: 'AuctionUncrossed'; readonly fields: object }
  | { readonly type: 'IntentionPosted'; readonly fields: object; readonly id: number; readonly body: PostBody }
  | { readonly type: 'IntentionReduced'; readonly fields: object; readonly order: Order; readonly lots: number }
  | {
      readonly type: 'IntentionAmended';
      readonly fields: object;
      readonly order: Order;
      readonly ticks: number;
      readonly lots: number;
    }
  | { readonly type: 'IntentionWithdrawn'; readonly fields: { reason: string }; readonly order: Order }
  | { readonly type: 'IntentionExpired'; readonly fields: object; readonly order: Order }
  | {
      readonly type: 'ProposalMade' | 'ProposalAccepted';
      readonly fields: object;
      readonly order: Order;
      readonly lots: number;
    }
  | {
      readonly type: 'DealConfirmed';
      readonly fields: object;
      readonly initiator: Order;
      readonly responder: Order;
      readonly ticks: number;
      readonly lots: number;
    }
  | { readonly type: 'DealSettled'; readonly fields: object; readonly order: Order; readonly lots: number };

export const openLots = (order: Order): number =>
  order.status === 'open' ? order.lots - order.filled : order.reserved;

export class State {
  /** All events before it have been applied. */
  position = 0;
  nowMs = 0;
  readonly participants: string[] = [];
  readonly instruments: Instrument[] = [];
  readonly orders: Order[] = [];
  readonly deals: Deal[] = [];
  /** By participant and instrument, in the order of those. */
  private readonly held = new Map<string, Holding>();

  instrument(symbol: string): Instrument | undefined {
    return this.instruments.find((one) => one.symbol === symbol);
  }

  order(id: number | string): Order | undefined {
    return this.orders[Number(id) - 1];
  }

  /** Numbers start with 1; that of a participant who is not known yet is the next one. */
  participantId(name: string): number {
    const index = this.participants.indexOf(name);
    return (index === -1 ? this.participants.length : index) + 1;
  }

  /** By participant in the order of admission, then by instrument in the order of listing. */
  holdings(): Holding[] {
    return [...this.held.values()].sort(
      (one, other) => one.participantId - other.participantId || one.instrument.number - other.instrument.number,
    );
  }

  /** `atMs` is 0 for an event that names no time. */
  apply(step: Step, position: number, atMs: number): void {
    this.tick(position, atMs);
    switch (step.type) {
      case 'ParticipantAdmitted':
        this.participants.push(step.fields.name);
        return;
      case 'InstrumentListed':
        this.list(step.symbol, step.body);
        return;
      case 'PhaseChanged':
        step.instrument.phase = step.phase;
        return;
      case 'AuctionUncrossed':
        return;
      case 'IntentionPosted':
        this.post(step.id, step.body);
        return;
      case 'IntentionReduced':
        step.order.lots -= step.lots;
        return;
      case 'IntentionAmended':
        Object.assign(step.order, { ticks: step.ticks, lots: step.order.filled + step.lots, place: position });
        return;
      case 'IntentionWithdrawn':
        this.close(step.order, 'withdrawn', step.fields.reason);
        return;
      case 'IntentionExpired':
        this.close(step.order, 'expired', '');
        return;
      case 'ProposalMade':
        step.order.proposals++;
        step.order.reserved += step.lots;
        return;
      case 'ProposalAccepted':
        step.order.reserved += step.lots;
        return;
      case 'DealConfirmed':
        this.confirm(step.initiator, step.responder, step.ticks, step.lots);
        return;
      case 'DealSettled':
        step.order.reserved -= step.lots;
        step.order.filled += step.lots;
        if (step.order.filled === step.order.lots) this.close(step.order, 'filled', '');
    }
  }

  /** For an event that changes nothing but the position and the time. */
  tick(position: number, atMs: number): void {
    this.position = position + 1;
    this.nowMs = Math.max(this.nowMs, atMs);
  }

  private list(symbol: string, body: InstrumentBody): void {
    const listed = this.instrument(symbol);
    if (listed === undefined) {
      const number = this.instruments.length + 1;
      this.instruments.push({ number, symbol, body, phase: 'continuous', open: new Set() });
    } else {
      listed.body = body;
    }
  }

  private post(id: number, body: PostBody): void {
    const instrument = this.instrument(body.instrument);
    if (instrument === undefined) throw new Error(`there is no instrument ${body.instrument}`);
    const isMarket = body.type === 'market';
    const ticks = body.price === undefined ? 0 : stepsOf(body.price, instrument.body.tickSize);
    const lots = stepsOf(body.quantity, instrument.body.lotSize);
    const order: Order = {
      ...{ id, body, instrument, isMarket, ticks, lots },
      participantId: this.participantId(body.participant),
      timeInForce: body.timeInForce ?? (isMarket ? 'ioc' : 'gtc'),
      expiresAtMs: body.expiresAt === undefined ? 0 : Date.parse(body.expiresAt),
      ...{ postedPosition: this.position - 1, postedAtMs: this.nowMs, postedTicks: ticks, postedLots: lots },
      ...{ filled: 0, reserved: 0, proposals: 0, place: this.position - 1 },
      ...{ status: 'open', closedReason: '', closedAtMs: 0, closedPosition: 0 },
    };
    this.orders[id - 1] = order;
    instrument.open.add(order);
  }

  private close(order: Order, status: Order['status'], closedReason: string): void {
    Object.assign(order, { status, closedReason, closedAtMs: this.nowMs, closedPosition: this.position - 1 });
    order.instrument.open.delete(order);
  }

  private confirm(initiator: Order, responder: Order, ticks: number, lots: number): void {
    const { position, nowMs: atMs } = this;
    this.deals.push({ position: position - 1, atMs, number: initiator.proposals, initiator, responder, ticks, lots });
    for (const order of [initiator, responder]) {
      const held = this.holding(order);
      const turnover = BigInt(ticks) * BigInt(lots);
      held[order.body.side === 'buy' ? 'bought' : 'sold'] += BigInt(lots);
      held.turnover += order.body.side === 'buy' ? -turnover : turnover;
    }
  }

  private holding({ participantId, instrument }: Order): Holding {
    const key = `${participantId}/${instrument.number}`;
    const held = this.held.get(key) ?? { participantId, instrument, bought: 0n, sold: 0n, turnover: 0n };
    this.held.set(key, held);
    return held;
  }
}
