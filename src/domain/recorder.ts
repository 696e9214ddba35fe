import type { InstrumentTerms } from './instrument.js';
import type { Journal } from './journal.generated.js';
import type { Market } from './market.js';
import { Outcome } from './terms.js';

/**
 * Where something happens: each method writes one event to the journal and applies it to the market, in this order and in one
 * step, so that the state is at every moment exactly the fold of what was written.
 *
 * 1. Nothing else writes to the journal, and outside a replay nothing else applies events.
 * 2. `position` is that of the next event.
 */
export class Recorder {
  constructor(
    readonly market: Market,
    /** The open batch. Its owner changes it when a batch is closed. */
    public journal: Journal,
    public position: number,
  ) {}

  shardStarted(shard: number, epoch: number, atMs: number): void {
    this.journal.shardStarted(this.market.shardRevision, shard, epoch, atMs);
    this.market.applyShardStarted(shard, epoch, atMs);
    this.position++;
  }

  lossAccepted(knownPosition: number, evidence: string, atMs: number): void {
    this.journal.lossAccepted(this.market.shardRevision, knownPosition, evidence, atMs);
    this.market.applyLossAccepted(atMs);
    this.position++;
  }

  batchSealed(digest: Uint8Array): void {
    this.journal.batchSealed(this.market.shardRevision, digest);
    this.market.applyBatchSealed();
    this.position++;
  }

  participantAdmitted(participantId: number, name: string, atMs: number): void {
    this.journal.participantAdmitted(this.market.shardRevision, participantId, name, atMs);
    this.market.applyParticipantAdmitted(participantId, name, atMs);
    this.position++;
  }

  instrumentListed(instrumentId: number, terms: InstrumentTerms, atMs: number): void {
    this.journal.instrumentListed(
      this.market.shardRevision,
      instrumentId,
      terms.symbol,
      terms.priceDecimals,
      terms.tickSize,
      terms.quantityDecimals,
      terms.lotSize,
      terms.minPriceTicks,
      terms.maxPriceTicks,
      terms.priceRule,
      terms.selfTrade,
      atMs,
    );
    this.market.applyInstrumentListed(instrumentId, terms, atMs);
    this.position++;
  }

  phaseChanged(instrumentId: number, phase: number, atMs: number): void {
    this.journal.phaseChanged(this.market.shardRevision, instrumentId, phase, atMs);
    this.market.applyPhaseChanged(instrumentId, phase, atMs);
    this.position++;
  }

  auctionUncrossed(instrumentId: number, priceTicks: number, volumeLots: number, atMs: number): void {
    this.journal.auctionUncrossed(this.market.shardRevision, instrumentId, priceTicks, volumeLots, atMs);
    this.market.applyAuctionUncrossed(instrumentId, priceTicks, volumeLots, atMs);
    this.position++;
  }

  /** Returns the row of the new negotiator. */
  intentionPosted(
    intentionId: number,
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
  ): number {
    this.journal.intentionPosted(
      intentionId,
      0,
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
    );
    return this.market.applyIntentionPosted(
      this.position++,
      intentionId,
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
    );
  }

  /** Returns the deal in flight. */
  proposalMade(
    row: number,
    dealNumber: number,
    counterpartyId: number,
    priceTicks: number,
    quantityLots: number,
  ): number {
    const { negotiators } = this.market;
    this.journal.proposalMade(
      negotiators.id(row),
      negotiators.revision(row),
      dealNumber,
      counterpartyId,
      priceTicks,
      quantityLots,
    );
    this.position++;
    return this.market.applyProposalMade(row, dealNumber, counterpartyId, priceTicks, quantityLots);
  }

  proposalAccepted(
    row: number,
    initiatorId: number,
    dealNumber: number,
    priceTicks: number,
    quantityLots: number,
  ): void {
    const { negotiators } = this.market;
    this.journal.proposalAccepted(
      negotiators.id(row),
      negotiators.revision(row),
      initiatorId,
      dealNumber,
      priceTicks,
      quantityLots,
    );
    this.market.applyProposalAccepted(row, initiatorId, dealNumber, priceTicks, quantityLots);
    this.position++;
  }

  proposalDeclined(row: number, initiatorId: number, dealNumber: number, reason: number): void {
    const { negotiators } = this.market;
    this.journal.proposalDeclined(negotiators.id(row), negotiators.revision(row), initiatorId, dealNumber, reason);
    this.market.applyProposalDeclined(row, initiatorId, dealNumber);
    this.position++;
  }

  dealConfirmed(
    initiatorRow: number,
    dealNumber: number,
    responderId: number,
    responderParticipantId: number,
    priceTicks: number,
    quantityLots: number,
  ): void {
    const { negotiators } = this.market;
    const initiatorId = negotiators.id(initiatorRow);
    const instrumentId = negotiators.instrumentId(initiatorRow);
    this.journal.dealConfirmed(
      initiatorId,
      dealNumber,
      0,
      responderId,
      instrumentId,
      negotiators.side(initiatorRow),
      negotiators.participantId(initiatorRow),
      responderParticipantId,
      priceTicks,
      quantityLots,
    );
    this.market.applyDealConfirmed(initiatorId, dealNumber, instrumentId, quantityLots);
    this.position++;
  }

  dealAborted(initiatorId: number, dealNumber: number, responderId: number, reason: number): void {
    this.journal.dealAborted(initiatorId, dealNumber, 0, responderId, reason);
    this.market.applyDealAborted(initiatorId, dealNumber);
    this.position++;
  }

  /** Settles as decided: `quantityLots` is what the decision fills, 0 for an abort. */
  dealSettled(
    row: number,
    initiatorId: number,
    dealNumber: number,
    outcome: number,
    priceTicks: number,
    quantityLots: number,
  ): void {
    const { negotiators } = this.market;
    const lots = outcome === Outcome.Confirmed ? quantityLots : 0;
    this.journal.dealSettled(
      negotiators.id(row),
      negotiators.revision(row),
      initiatorId,
      dealNumber,
      outcome,
      priceTicks,
      lots,
    );
    this.market.applyDealSettled(row, initiatorId, dealNumber, outcome, priceTicks, lots);
    this.position++;
  }

  intentionReduced(row: number, byLots: number, atMs: number): void {
    const { negotiators } = this.market;
    this.journal.intentionReduced(negotiators.id(row), negotiators.revision(row), byLots, atMs);
    this.market.applyIntentionReduced(row, byLots, atMs);
    this.position++;
  }

  intentionAmended(row: number, priceTicks: number, openLots: number, atMs: number): void {
    const { negotiators } = this.market;
    this.journal.intentionAmended(negotiators.id(row), negotiators.revision(row), priceTicks, openLots, atMs);
    this.market.applyIntentionAmended(this.position++, row, priceTicks, openLots, atMs);
  }

  intentionWithdrawn(row: number, reason: number, atMs: number): void {
    const { negotiators } = this.market;
    this.journal.intentionWithdrawn(negotiators.id(row), negotiators.revision(row), reason, atMs);
    this.market.applyIntentionEnded(row, atMs);
    this.position++;
  }

  intentionExpired(row: number, atMs: number): void {
    const { negotiators } = this.market;
    this.journal.intentionExpired(negotiators.id(row), negotiators.revision(row), atMs);
    this.market.applyIntentionEnded(row, atMs);
    this.position++;
  }
}
