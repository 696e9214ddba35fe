import { DirectoryFold } from '../directory/directory.js';
import { DealFold } from '../ledger/deal-fold.js';
import { Holdings } from '../ledger/holdings.js';
import { Side } from '../../src/domain/terms.js';
import { CandleTable } from '../tape/candles.js';
import { OpenIntentions } from './open-intentions.js';
import { CANDLE_INTERVALS_MS, Status } from './schema.js';

/**
 * Gathers what a chunk of the log adds to the database, and knows what of before it needs for that: the intentions that are open,
 * the deals in flight, the directory.
 *
 * 1. `deals` and `aborts` are rows one after the other, of what was decided in this log; `holdings` and `candles` are this chunk's share alone, to be added.
 * 2. `written` empties them once they are in the database; the fold is of no more use if writing fails.
 */
export class StoreFold extends DealFold {
  readonly directory = new DirectoryFold();
  readonly intentions = new OpenIntentions();
  readonly holdings = new Holdings();
  readonly candles = new CandleTable(CANDLE_INTERVALS_MS);
  readonly deals: number[] = [];
  readonly aborts: number[] = [];
  /** Numbers of the instruments and participants whose rows are out of date. */
  readonly listed = new Set<number>();
  readonly admitted = new Set<number>();
  /** Digest of the latest sealed batch. */
  readonly sealDigest = new Uint8Array(32);

  written(): void {
    this.intentions.written();
    this.holdings.clear();
    this.candles.clear();
    this.deals.length = 0;
    this.aborts.length = 0;
    this.listed.clear();
    this.admitted.clear();
  }

  override batchSealed(_revision: number, digest: Uint8Array): void {
    this.sealDigest.set(digest);
  }

  // The directory.

  override participantAdmitted(revision: number, participantId: number, name: string, atMs: number): void {
    this.atMs = atMs;
    this.admitted.add(participantId);
    this.directory.participantAdmitted(revision, participantId, name, atMs);
  }

  override instrumentListed(
    revision: number,
    instrumentId: number,
    symbol: string,
    priceDecimals: number,
    tickSize: number,
    quantityDecimals: number,
    lotSize: number,
    minPriceTicks: number,
    maxPriceTicks: number,
    priceRule: number,
    selfTrade: number,
    atMs: number,
  ): void {
    this.atMs = atMs;
    this.listed.add(instrumentId);
    this.directory.instrumentListed(
      revision,
      instrumentId,
      symbol,
      priceDecimals,
      tickSize,
      quantityDecimals,
      lotSize,
      minPriceTicks,
      maxPriceTicks,
      priceRule,
      selfTrade,
      atMs,
    );
  }

  override phaseChanged(revision: number, instrumentId: number, phase: number, atMs: number): void {
    this.atMs = atMs;
    this.listed.add(instrumentId);
    this.directory.phaseChanged(revision, instrumentId, phase, atMs);
  }

  // Intentions.

  override intentionPosted(
    intentionId: number,
    _revision: number,
    clientIntentionId: string,
    participantId: number,
    instrumentId: number,
    side: number,
    pricing: number,
    priceTicks: number,
    quantityLots: number,
    timeInForce: number,
    postOnly: boolean,
    expiresAtMs: number,
    atMs: number,
  ): void {
    this.atMs = atMs;
    this.intentions.post(
      intentionId,
      clientIntentionId,
      participantId,
      instrumentId,
      side,
      pricing,
      priceTicks,
      quantityLots,
      timeInForce,
      postOnly,
      expiresAtMs,
      atMs,
      this.position,
    );
  }

  override intentionReduced(intentionId: number, _revision: number, byLots: number, atMs: number): void {
    this.atMs = atMs;
    this.intentions.reduce(intentionId, byLots, atMs, this.position);
  }

  override intentionAmended(
    intentionId: number,
    _revision: number,
    priceTicks: number,
    openLots: number,
    atMs: number,
  ): void {
    this.atMs = atMs;
    this.intentions.amend(intentionId, priceTicks, openLots);
  }

  override intentionWithdrawn(intentionId: number, _revision: number, reason: number, atMs: number): void {
    this.atMs = atMs;
    this.intentions.close(intentionId, Status.Withdrawn, reason, atMs, this.position);
  }

  override intentionExpired(intentionId: number, _revision: number, atMs: number): void {
    this.atMs = atMs;
    this.intentions.close(intentionId, Status.Expired, 0, atMs, this.position);
  }

  // The handshake.

  override proposalMade(
    intentionId: number,
    _revision: number,
    dealNumber: number,
    counterpartyId: number,
    _priceTicks: number,
    quantityLots: number,
  ): void {
    if (this.openDeals.propose(intentionId, dealNumber, counterpartyId, quantityLots)) {
      this.intentions.reserve(intentionId, quantityLots);
    }
  }

  override proposalAccepted(
    intentionId: number,
    _revision: number,
    initiatorId: number,
    dealNumber: number,
    _priceTicks: number,
    quantityLots: number,
  ): void {
    if (this.openDeals.accept(initiatorId, dealNumber, intentionId, quantityLots)) {
      this.intentions.reserve(intentionId, quantityLots);
    }
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
    const freedLots = this.settle(intentionId, initiatorId, dealNumber, priceTicks, quantityLots);
    this.intentions.settle(intentionId, freedLots, quantityLots, this.atMs, this.position);
  }

  protected override filledElsewhere(responderId: number, priceTicks: number, quantityLots: number): void {
    const responder = this.intentions.get(responderId);
    if (responder === undefined) return;
    this.holdings.add(responder.instrumentId, responder.participantId, responder.side, priceTicks, quantityLots);
  }

  protected override confirmed(
    initiatorId: number,
    dealNumber: number,
    responderId: number,
    instrumentId: number,
    initiatorSide: number,
    initiatorParticipantId: number,
    responderParticipantId: number,
    priceTicks: number,
    quantityLots: number,
  ): void {
    const { deals, position, atMs } = this;
    deals.push(position, dealNumber, initiatorSide);
    if (initiatorSide === Side.Buy) {
      deals.push(initiatorId, initiatorParticipantId, responderId, responderParticipantId);
    } else {
      deals.push(responderId, responderParticipantId, initiatorId, initiatorParticipantId);
    }
    deals.push(instrumentId, priceTicks, quantityLots, atMs);
    this.holdings.addDeal(
      initiatorId,
      responderId,
      instrumentId,
      initiatorSide,
      initiatorParticipantId,
      responderParticipantId,
      priceTicks,
      quantityLots,
    );
    this.candles.add(instrumentId, atMs, priceTicks, quantityLots);
  }

  protected override aborted(initiatorId: number, dealNumber: number, responderId: number, reason: number): void {
    super.aborted(initiatorId, dealNumber, responderId, reason);
    this.aborts.push(this.position, initiatorId, dealNumber, responderId, reason, this.atMs);
  }
}
