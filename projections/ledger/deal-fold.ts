import { isCrossShard } from '../../src/domain/ids.js';
import { Outcome } from '../../src/domain/terms.js';
import { Fold } from '../../src/events/fold.js';
import { OpenDeals } from './open-deals.js';

/**
 * What every fold over deals needs: which decision of a deal counts, and when it was made.
 *
 * 1. `confirmed` and `aborted` are told of a deal's first decision only; later ones are counted in `lateDecisions`.
 * 2. A deal with another shard is a deal of the log in which it is decided, its initiator's. In the responder's log it is that side's
 *    fill alone, of which `filledElsewhere` is told.
 * 3. `atMs` is the time that the latest event with a time names. A deal has no time of its own: it happened then.
 */
export abstract class DealFold extends Fold {
  /** The deals in flight. */
  readonly openDeals = new OpenDeals();
  atMs = 0;
  dealsConfirmed = 0;
  dealsAborted = 0;
  lateDecisions = 0;

  /** A deal stands. `initiatorId`, `dealNumber` is its id; the initiator buys when `initiatorSide` is 0. */
  protected abstract confirmed(
    initiatorId: number,
    dealNumber: number,
    responderId: number,
    instrumentId: number,
    initiatorSide: number,
    initiatorParticipantId: number,
    responderParticipantId: number,
    priceTicks: number,
    quantityLots: number,
  ): void;

  /** There is no such deal. Counts it; a fold that does more calls this too. */
  protected aborted(_initiatorId: number, _dealNumber: number, _responderId: number, _reason: number): void {
    this.dealsAborted++;
  }

  /** A responder of this log has filled its side of a deal that another shard has decided. */
  protected filledElsewhere(_responderId: number, _priceTicks: number, _quantityLots: number): void {
    // Most folds are about deals.
  }

  override dealConfirmed(
    initiatorId: number,
    dealNumber: number,
    _revision: number,
    responderId: number,
    instrumentId: number,
    initiatorSide: number,
    initiatorParticipantId: number,
    responderParticipantId: number,
    priceTicks: number,
    quantityLots: number,
  ): void {
    const { openDeals, position } = this;
    if (!openDeals.decide(initiatorId, dealNumber, Outcome.Confirmed, priceTicks, quantityLots, position)) {
      this.lateDecisions++;
      return;
    }
    this.dealsConfirmed++;
    this.confirmed(
      initiatorId,
      dealNumber,
      responderId,
      instrumentId,
      initiatorSide,
      initiatorParticipantId,
      responderParticipantId,
      priceTicks,
      quantityLots,
    );
  }

  override dealAborted(
    initiatorId: number,
    dealNumber: number,
    _revision: number,
    responderId: number,
    reason: number,
  ): void {
    if (this.openDeals.decide(initiatorId, dealNumber, Outcome.Aborted, 0, 0, this.position)) {
      this.aborted(initiatorId, dealNumber, responderId, reason);
    } else {
      this.lateDecisions++;
    }
  }

  override proposalMade(
    intentionId: number,
    _revision: number,
    dealNumber: number,
    counterpartyId: number,
    _priceTicks: number,
    quantityLots: number,
  ): void {
    this.openDeals.propose(intentionId, dealNumber, counterpartyId, quantityLots);
  }

  override proposalAccepted(
    intentionId: number,
    _revision: number,
    initiatorId: number,
    dealNumber: number,
    _priceTicks: number,
    quantityLots: number,
  ): void {
    this.openDeals.accept(initiatorId, dealNumber, intentionId, quantityLots);
  }

  override dealSettled(
    intentionId: number,
    _revision: number,
    initiatorId: number,
    dealNumber: number,
    _outcome: number,
    priceTicks: number,
    quantityLots: number,
  ): void {
    this.settle(intentionId, initiatorId, dealNumber, priceTicks, quantityLots);
  }

  /** Returns the lots whose reservation ends. */
  protected settle(
    intentionId: number,
    initiatorId: number,
    dealNumber: number,
    priceTicks: number,
    quantityLots: number,
  ): number {
    const freedLots = this.openDeals.settle(initiatorId, dealNumber, intentionId);
    if (freedLots > 0 && quantityLots > 0 && intentionId !== initiatorId && isCrossShard(initiatorId, intentionId)) {
      this.filledElsewhere(intentionId, priceTicks, quantityLots);
    }
    return freedLots;
  }

  // The time.

  override shardStarted(_revision: number, _shard: number, _epoch: number, atMs: number): void {
    this.atMs = atMs;
  }

  override lossAccepted(_revision: number, _knownPosition: number, _evidence: string, atMs: number): void {
    this.atMs = atMs;
  }

  override participantAdmitted(_revision: number, _participantId: number, _name: string, atMs: number): void {
    this.atMs = atMs;
  }

  override instrumentListed(
    _revision: number,
    _instrumentId: number,
    _symbol: string,
    _priceDecimals: number,
    _tickSize: number,
    _quantityDecimals: number,
    _lotSize: number,
    _minPriceTicks: number,
    _maxPriceTicks: number,
    _priceRule: number,
    _selfTrade: number,
    atMs: number,
  ): void {
    this.atMs = atMs;
  }

  override phaseChanged(_revision: number, _instrumentId: number, _phase: number, atMs: number): void {
    this.atMs = atMs;
  }

  override auctionUncrossed(
    _revision: number,
    _instrumentId: number,
    _priceTicks: number,
    _volumeLots: number,
    atMs: number,
  ): void {
    this.atMs = atMs;
  }

  override intentionPosted(
    _intentionId: number,
    _revision: number,
    _clientIntentionId: string,
    _participantId: number,
    _instrumentId: number,
    _side: number,
    _pricing: number,
    _priceTicks: number,
    _quantityLots: number,
    _timeInForce: number,
    _postOnly: boolean,
    _expiresAtMs: number,
    atMs: number,
  ): void {
    this.atMs = atMs;
  }

  override intentionReduced(_intentionId: number, _revision: number, _byLots: number, atMs: number): void {
    this.atMs = atMs;
  }

  override intentionAmended(
    _intentionId: number,
    _revision: number,
    _priceTicks: number,
    _openLots: number,
    atMs: number,
  ): void {
    this.atMs = atMs;
  }

  override intentionWithdrawn(_intentionId: number, _revision: number, _reason: number, atMs: number): void {
    this.atMs = atMs;
  }

  override intentionExpired(_intentionId: number, _revision: number, atMs: number): void {
    this.atMs = atMs;
  }
}
