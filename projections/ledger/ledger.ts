import type { DealConfirmed, DealSettled, IntentionPosted } from '../../src/domain/journal.generated.js';
import { DealFold } from './deal-fold.js';
import { Holdings, type Position } from './holdings.js';
import { UNDECIDED } from './open-deals.js';
import { Interests } from './interests.js';

/** How a deal was decided. */
export interface RecordedDecision {
  /** An index into outcomeNames. */
  readonly outcome: number;
  readonly responderId: number;
  /** 0 when aborted. */
  readonly priceTicks: number;
  readonly quantityLots: number;
  /** Where in the log it stands. */
  readonly position: number;
}

/** All that participants hold of an instrument, added up. Each field is zero, or there are deals with other shards, or the ledger is wrong. */
export interface InstrumentBalance {
  readonly instrumentId: number;
  readonly netLots: bigint;
  readonly cashTurnover: bigint;
}

/**
 * The ledger: the projection of all decisions.
 *
 * 1. A deal counts once, by its first decision.
 * 2. Each deal posts its quantity to the buyer and takes it from the seller, and its cash the other way round; so `balances` is zero
 *    for every instrument at every position.
 * 3. Of a deal with another shard it posts the side that lives in this one: the initiator's when the deal is decided, the responder's
 *    when it settles. So the balances of all shards together come to zero once nothing is in doubt, and positions can be added up.
 */
export class LedgerFold extends DealFold {
  readonly holdings = new Holdings();
  private readonly interests = new Interests();

  override intentionPosted(event: IntentionPosted): void {
    this.interests.add(event);
  }

  protected override filledRemotely({ intentionId, priceTicks, quantityLots }: DealSettled): void {
    const interest = this.interests.get(intentionId);
    if (interest !== undefined) this.holdings.add(interest, priceTicks, quantityLots);
  }

  protected override confirmed(deal: DealConfirmed): void {
    this.holdings.addDeal(deal);
  }

  /** The ledger knows of all events before this position. */
  get caughtUpTo(): number {
    return this.position + 1;
  }

  /**
   * How a deal that somebody is in doubt about was decided in this log. Undefined when it is not decided before `caughtUpTo`, which proves
   * nothing unless that is the log's head after every older writer was fenced; or when both sides have settled it, and nobody is
   * in doubt any more (the query store knows all deals).
   */
  decisionOf(initiatorId: number, dealNumber: number): RecordedDecision | undefined {
    const deal = this.openDeals.find(initiatorId, dealNumber);
    if (deal === undefined || deal.outcome === UNDECIDED) return undefined;
    const { outcome, responderId, priceTicks, quantityLots, decidedPosition } = deal;
    return { outcome, responderId, priceTicks, quantityLots, position: decidedPosition };
  }

  /** All positions, or one participant's, by participant and instrument. */
  positions(participantId?: number): Position[] {
    return this.holdings.positions(participantId);
  }

  /** The sums over all participants, by instrument. */
  balances(): InstrumentBalance[] {
    const balances = new Map<number, InstrumentBalance>();
    for (const { instrumentId, netLots, cashTurnover } of this.positions()) {
      const before = balances.get(instrumentId) ?? { instrumentId, netLots: 0n, cashTurnover: 0n };
      balances.set(instrumentId, {
        instrumentId,
        netLots: before.netLots + netLots,
        cashTurnover: before.cashTurnover + cashTurnover,
      });
    }
    return [...balances.values()].sort((one, other) => one.instrumentId - other.instrumentId);
  }
}
