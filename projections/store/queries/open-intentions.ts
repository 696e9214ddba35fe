import { Pricing } from '../../../src/domain/terms.js';
import type { DealSettled, IntentionPosted } from '../../../src/domain/journal.generated.js';
import type { EventHandler } from '../../../src/events/handlers.generated.js';
import type { SqlValue } from '../database/database.js';
import { Status } from '../database/status.js';
import type { StandingLevels } from '../database/standing-levels.js';

/** Where and when an event stands: what a fold knows while it handles one. */
type At = Pick<EventHandler, 'position' | 'atMs'>;

type PostedField =
  'intentionId' | 'participantId' | 'instrumentId' | 'side' | 'pricing' | 'priceTicks' | 'quantityLots';

/** How many columns of an intention’s row never change, besides the client’s id. */
export const TERMS = 12;

/** What changes about an intention, and on whose behalf it stands. The rest is written once, when it is posted. */
export class StoredIntention {
  readonly intentionId: number;
  readonly participantId: number;
  readonly instrumentId: number;
  readonly side: number;
  private readonly hasLimit: boolean;
  priceTicks: number;
  /** Filled and open together. */
  quantityLots: number;
  filledLots = 0;
  reservedLots = 0;
  /** A Status. */
  status: number = Status.Open;
  /** An index into withdrawReasonNames, for a withdrawn one. */
  closedReason = 0;
  closedAtMs = 0;
  closedPosition = 0;
  /** Whether it is among the changes already. */
  isChanged = false;
  /** Whether it is among the open ones. */
  private isListed = false;
  /** How it stands among the levels; no lots where it does not. */
  private standingTicks = 0;
  private standingLots = 0;

  constructor(posted: Pick<IntentionPosted, PostedField>) {
    this.intentionId = posted.intentionId;
    this.participantId = posted.participantId;
    this.instrumentId = posted.instrumentId;
    this.side = posted.side;
    this.hasLimit = posted.pricing !== Pricing.Market;
    this.priceTicks = posted.priceTicks;
    this.quantityLots = posted.quantityLots;
  }

  /** Takes its place among what stands, as it is now. */
  stand(levels: StandingLevels): void {
    const { priceTicks, standingTicks, standingLots } = this;
    const isOpen = this.status === Status.Open;
    if (isOpen !== this.isListed) {
      if (isOpen) levels.openIds.add(this);
      else levels.openIds.remove(this);
      this.isListed = isOpen;
    }
    const lots = this.hasLimit && isOpen ? this.quantityLots - this.filledLots : 0;
    if (lots === standingLots && priceTicks === standingTicks) return;
    if (standingLots > 0) levels.remove(this, standingTicks, standingLots);
    if (lots > 0) levels.add(this, priceTicks, lots);
    this.standingTicks = priceTicks;
    this.standingLots = lots;
  }

  /** Writes the columns of its row that may change, in their order, from a place on. */
  putState(row: Record<number, SqlValue>, at: number): void {
    row[at] = this.priceTicks;
    row[at + 1] = this.quantityLots;
    row[at + 2] = this.filledLots;
    row[at + 3] = this.reservedLots;
    row[at + 4] = this.status;
    row[at + 5] = this.closedReason;
    row[at + 6] = this.closedAtMs;
    row[at + 7] = this.closedPosition;
  }
}

/**
 * The intentions that can still change, and what has changed of them since it was last written.
 *
 * 1. An intention leaves once it is closed and nothing of it is reserved.
 * 2. Each change is listed once a chunk: an intention posted and closed within one chunk is written once.
 */
export class OpenIntentions {
  private readonly byId = new Map<number, StoredIntention>();
  /** Posted since the last write, with the columns that never change: TERMS numbers each, row after row, and the clients’ ids. */
  readonly posted: StoredIntention[] = [];
  readonly terms: number[] = [];
  readonly clientIds: string[] = [];
  /** Changed since then, but posted before. */
  readonly changed: StoredIntention[] = [];
  /** Closed since then, in the order in which they were. */
  readonly closed: StoredIntention[] = [];

  get(intentionId: number): StoredIntention | undefined {
    return this.byId.get(intentionId);
  }

  /** For one that the database has a row for. */
  restore(intention: StoredIntention, levels: StandingLevels): void {
    this.byId.set(intention.intentionId, intention);
    intention.stand(levels);
  }

  /** `terms` are the columns of its row up to and with posted_position, but for the client’s id. */
  post(event: IntentionPosted, position: number): void {
    const { intentionId, participantId, instrumentId, side, priceTicks, quantityLots } = event;
    if (this.byId.has(intentionId)) return;
    const intention = new StoredIntention(event);
    intention.isChanged = true;
    this.byId.set(intentionId, intention);
    this.posted.push(intention);
    this.clientIds.push(event.clientIntentionId);
    this.terms.push(intentionId, participantId, instrumentId, side, event.pricing);
    this.terms.push(priceTicks, quantityLots, event.timeInForce, event.postOnly ? 1 : 0, event.expiresAtMs);
    this.terms.push(event.atMs, position);
  }

  reserve(intentionId: number, lots: number): void {
    const intention = this.touch(intentionId);
    if (intention !== undefined) intention.reservedLots += lots;
  }

  settle({ intentionId, quantityLots }: DealSettled, freedLots: number, at: At): void {
    const intention = this.touch(intentionId);
    if (intention === undefined) return;
    intention.reservedLots -= freedLots;
    intention.filledLots += quantityLots;
    this.closeWhenEmpty(intention, at);
  }

  reduce(intentionId: number, byLots: number, at: At): void {
    const intention = this.touch(intentionId);
    if (intention === undefined) return;
    intention.quantityLots -= byLots;
    this.closeWhenEmpty(intention, at);
  }

  amend(intentionId: number, priceTicks: number, openLots: number): void {
    const intention = this.touch(intentionId);
    if (intention === undefined) return;
    intention.priceTicks = priceTicks;
    intention.quantityLots = intention.filledLots + openLots;
  }

  /** `reason` is an index into withdrawReasonNames. */
  withdraw(intentionId: number, reason: number, at: At): void {
    const intention = this.touch(intentionId);
    if (intention?.status !== Status.Open) return;
    intention.closedReason = reason;
    this.end(intention, Status.Withdrawn, at);
  }

  expire(intentionId: number, at: At): void {
    const intention = this.touch(intentionId);
    if (intention?.status === Status.Open) this.end(intention, Status.Expired, at);
  }

  /** All that changed is written, and so stands among the levels. */
  written(levels: StandingLevels): void {
    for (const list of [this.posted, this.changed]) {
      for (const intention of list) {
        intention.isChanged = false;
        intention.stand(levels);
      }
      list.length = 0;
    }
    this.terms.length = 0;
    this.clientIds.length = 0;
    this.closed.length = 0;
  }

  private touch(intentionId: number): StoredIntention | undefined {
    const intention = this.byId.get(intentionId);
    if (intention?.isChanged === false) {
      intention.isChanged = true;
      this.changed.push(intention);
    }
    return intention;
  }

  private closeWhenEmpty(intention: StoredIntention, at: At): void {
    if (intention.status !== Status.Open) this.forgetWhenFree(intention);
    else if (intention.filledLots >= intention.quantityLots) this.end(intention, Status.Filled, at);
  }

  private end(intention: StoredIntention, status: number, { atMs, position }: At): void {
    intention.status = status;
    intention.closedAtMs = atMs;
    intention.closedPosition = position;
    this.closed.push(intention);
    this.forgetWhenFree(intention);
  }

  private forgetWhenFree(intention: StoredIntention): void {
    if (intention.reservedLots <= 0) this.byId.delete(intention.intentionId);
  }
}
