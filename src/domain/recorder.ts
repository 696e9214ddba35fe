import type { DealInFlight } from './handshake/deals.js';
import { TurnOutcome } from './handshake/turn-outcome.js';
import { type InstrumentTerms, termsOf } from './instrument.js';
import type { IntentionAmended } from './journal.generated.js';
import type { Message } from './negotiators/mailbox.js';
import type { PostTerms } from './post-terms.js';
import { RiskRecorder } from './risk/risk-recorder.js';

/** How a deal was decided: what a side settles by. */
export type Settlement = Pick<DealInFlight, 'initiatorId' | 'dealNumber' | 'decision' | 'priceTicks' | 'decidedLots'>;

/** What an intention stands for from now on. */
export type AmendedTerms = Pick<IntentionAmended, 'priceTicks' | 'openLots'>;

/** Who confirms a deal with the initiator, and how much of it. */
export interface ConfirmedPart {
  /** The responder's. */
  readonly participantId: number;
  readonly lots: number;
}

/**
 * Where something happens: each method writes one event to the journal and applies it to the market, in this order and in one
 * step, so that the state is at every moment exactly the fold of what was written.
 *
 * 1. Nothing else writes to the journal, and outside a replay nothing else applies events, but for the fused handshake, which does so
 *    with five events in one step.
 * 2. `position` is that of the next event.
 */
export class Recorder extends RiskRecorder {
  /** Of the intention that arrived last, in its own turn. */
  readonly outcome = new TurnOutcome();

  shardStarted(shard: number, epoch: number, atMs: number): void {
    const event = { revision: this.market.shardRevision, shard, epoch, atMs };
    this.journal.shardStarted(event);
    this.market.applyShardStarted(event);
    this.position++;
  }

  lossAccepted(knownPosition: number, evidence: string, atMs: number): void {
    const event = { revision: this.market.shardRevision, knownPosition, evidence, atMs };
    this.journal.lossAccepted(event);
    this.market.applyLossAccepted(event);
    this.position++;
  }

  batchSealed(digest: Uint8Array): void {
    const event = { revision: this.market.shardRevision, digest };
    this.journal.batchSealed(event);
    this.market.applyBatchSealed();
    this.position++;
  }

  participantAdmitted(participantId: number, name: string, atMs: number): void {
    const event = { revision: this.market.shardRevision, participantId, name, atMs };
    this.journal.participantAdmitted(event);
    this.market.applyParticipantAdmitted(event);
    this.position++;
  }

  instrumentListed(instrumentId: number, terms: InstrumentTerms, atMs: number): void {
    const event = { revision: this.market.shardRevision, instrumentId, ...termsOf(terms), atMs };
    this.journal.instrumentListed(event);
    this.market.applyInstrumentListed(event);
    this.position++;
  }

  phaseChanged(instrumentId: number, phase: number, atMs: number): void {
    const event = { revision: this.market.shardRevision, instrumentId, phase, atMs };
    this.journal.phaseChanged(event);
    this.market.applyPhaseChanged(event);
    this.position++;
  }

  auctionUncrossed(instrumentId: number, priceTicks: number, volumeLots: number, atMs: number): void {
    const event = { revision: this.market.shardRevision, instrumentId, priceTicks, volumeLots, atMs };
    this.journal.auctionUncrossed(event);
    this.market.applyAuctionUncrossed(event);
    this.position++;
  }

  /** Returns the row of the new negotiator. */
  intentionPosted(terms: PostTerms, participantId: number, atMs: number): number {
    const event = {
      intentionId: this.market.nextIntentionId,
      revision: 0,
      clientIntentionId: terms.clientIntentionId,
      participantId,
      instrumentId: terms.instrumentId,
      side: terms.side,
      pricing: terms.pricing,
      priceTicks: terms.priceTicks,
      quantityLots: terms.quantityLots,
      timeInForce: terms.timeInForce,
      postOnly: terms.postOnly,
      expiresAtMs: terms.expiresAtMs,
      atMs,
    };
    this.journal.intentionPosted(event);
    const row = this.market.applyIntentionPosted(event, this.position);
    this.outcome.begin(event.intentionId);
    this.position++;
    return row;
  }

  /** Proposes a deal, whose number is the next one, at the price that was announced. */
  proposalMade(row: number, announcement: Pick<Message, 'fromId' | 'priceTicks'>, quantityLots: number): void {
    const { negotiators } = this.market;
    const event = {
      intentionId: negotiators.id(row),
      revision: negotiators.revision(row),
      dealNumber: negotiators.proposals(row) + 1,
      counterpartyId: announcement.fromId,
      priceTicks: announcement.priceTicks,
      quantityLots,
    };
    this.journal.proposalMade(event);
    this.market.applyProposalMade(row, event);
    this.position++;
  }

  /** Accepts so much of a proposal. */
  proposalAccepted(
    row: number,
    proposal: Pick<Message, 'fromId' | 'dealNumber' | 'priceTicks'>,
    quantityLots: number,
  ): void {
    const { negotiators } = this.market;
    const event = {
      intentionId: negotiators.id(row),
      revision: negotiators.revision(row),
      initiatorId: proposal.fromId,
      dealNumber: proposal.dealNumber,
      priceTicks: proposal.priceTicks,
      quantityLots,
    };
    this.journal.proposalAccepted(event);
    this.market.applyProposalAccepted(row, event);
    this.position++;
  }

  proposalDeclined(row: number, initiatorId: number, dealNumber: number, reason: number): void {
    const { negotiators } = this.market;
    const event = {
      intentionId: negotiators.id(row),
      revision: negotiators.revision(row),
      initiatorId,
      dealNumber,
      reason,
    };
    this.journal.proposalDeclined(event);
    this.market.applyProposalDeclined(row, event);
    this.position++;
  }

  dealConfirmed(initiatorRow: number, deal: DealInFlight, { participantId, lots }: ConfirmedPart): void {
    const { negotiators } = this.market;
    const event = {
      initiatorId: deal.initiatorId,
      dealNumber: deal.dealNumber,
      revision: 0,
      responderId: deal.responderId,
      instrumentId: negotiators.instrumentId(initiatorRow),
      initiatorSide: negotiators.side(initiatorRow),
      initiatorParticipantId: negotiators.participantId(initiatorRow),
      responderParticipantId: participantId,
      priceTicks: deal.priceTicks,
      quantityLots: lots,
    };
    this.journal.dealConfirmed(event);
    const isFirst = this.market.applyDealConfirmed(event);
    if (isFirst && event.responderId === this.outcome.intentionId) {
      const { initiatorId, dealNumber, priceTicks } = event;
      this.outcome.dealt({ initiatorId, dealNumber, priceTicks, lots, position: this.position });
    }
    this.position++;
  }

  dealAborted({ initiatorId, dealNumber, responderId }: DealInFlight, reason: number): void {
    const event = { initiatorId, dealNumber, revision: 0, responderId, reason };
    this.journal.dealAborted(event);
    this.market.applyDealAborted(event);
    this.position++;
  }

  /** Settles as decided: an abort fills nothing. */
  dealSettled(row: number, deal: Settlement): void {
    const { negotiators } = this.market;
    const event = {
      intentionId: negotiators.id(row),
      revision: negotiators.revision(row),
      initiatorId: deal.initiatorId,
      dealNumber: deal.dealNumber,
      outcome: deal.decision,
      priceTicks: deal.priceTicks,
      quantityLots: deal.decidedLots,
    };
    this.journal.dealSettled(event);
    this.market.applyDealSettled(row, event);
    this.position++;
  }

  /** `clientCommandId`: what the client called the command; empty where it did not. */
  intentionReduced(row: number, byLots: number, atMs: number, clientCommandId: string): void {
    const { negotiators } = this.market;
    const event = {
      intentionId: negotiators.id(row),
      revision: negotiators.revision(row),
      byLots,
      clientCommandId,
      atMs,
    };
    this.journal.intentionReduced(event);
    this.market.applyIntentionReduced(row, event, this.position);
    this.position++;
  }

  intentionAmended(row: number, terms: AmendedTerms, atMs: number, clientCommandId: string): void {
    const { negotiators } = this.market;
    const event = {
      intentionId: negotiators.id(row),
      revision: negotiators.revision(row),
      priceTicks: terms.priceTicks,
      openLots: terms.openLots,
      clientCommandId,
      atMs,
    };
    this.journal.intentionAmended(event);
    this.market.applyIntentionAmended(row, event, this.position);
    this.position++;
  }

  intentionWithdrawn(row: number, reason: number, atMs: number): void {
    const { negotiators } = this.market;
    const event = {
      intentionId: negotiators.id(row),
      revision: negotiators.revision(row),
      reason,
      atMs,
    };
    this.journal.intentionWithdrawn(event);
    if (event.intentionId === this.outcome.intentionId) this.outcome.closedReason = reason;
    this.market.applyIntentionEnded(row, atMs);
    this.position++;
  }

  intentionExpired(row: number, atMs: number): void {
    const { negotiators } = this.market;
    const event = { intentionId: negotiators.id(row), revision: negotiators.revision(row), atMs };
    this.journal.intentionExpired(event);
    this.market.applyIntentionEnded(row, atMs);
    this.position++;
  }
}
