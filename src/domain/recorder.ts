import type { DealInFlight } from './deals.js';
import type { InstrumentTerms } from './instrument.js';
import {
  EventRecords,
  type DealSettled,
  type Journal,
  type ProposalAccepted,
  type ProposalMade,
} from './journal.generated.js';
import type { Market } from './market.js';
import type { PostTerms } from './post-terms.js';
import { reuse, spoil } from './reuse.js';

/** An event of an intention's stream, without what the recorder knows itself. */
type Said<Event> = Omit<Event, 'intentionId' | 'revision'>;

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
 * 1. Nothing else writes to the journal, and outside a replay nothing else applies events.
 * 2. `position` is that of the next event.
 */
export class Recorder {
  private readonly records = new EventRecords();

  constructor(
    readonly market: Market,
    /** The open batch. Its owner changes it when a batch is closed. */
    public journal: Journal,
    public position: number,
  ) {}

  shardStarted(shard: number, epoch: number, atMs: number): void {
    const event = Object.assign(this.records.shardStarted, { revision: this.market.shardRevision, shard, epoch, atMs });
    this.journal.shardStarted(event);
    this.market.applyShardStarted(event);
    this.recorded(event);
  }

  lossAccepted(knownPosition: number, evidence: string, atMs: number): void {
    const revision = this.market.shardRevision;
    const event = Object.assign(this.records.lossAccepted, { revision, knownPosition, evidence, atMs });
    this.journal.lossAccepted(event);
    this.market.applyLossAccepted(event);
    this.recorded(event);
  }

  batchSealed(digest: Uint8Array): void {
    const event = this.records.batchSealed;
    event.revision = this.market.shardRevision;
    event.digest = digest;
    this.journal.batchSealed(event);
    this.market.applyBatchSealed();
    this.recorded(event);
  }

  participantAdmitted(participantId: number, name: string, atMs: number): void {
    const revision = this.market.shardRevision;
    const event = Object.assign(this.records.participantAdmitted, { revision, participantId, name, atMs });
    this.journal.participantAdmitted(event);
    this.market.applyParticipantAdmitted(event);
    this.recorded(event);
  }

  instrumentListed(instrumentId: number, terms: InstrumentTerms, atMs: number): void {
    const revision = this.market.shardRevision;
    const event = Object.assign(this.records.instrumentListed, terms, { revision, instrumentId, atMs });
    this.journal.instrumentListed(event);
    this.market.applyInstrumentListed(event);
    this.recorded(event);
  }

  phaseChanged(instrumentId: number, phase: number, atMs: number): void {
    const revision = this.market.shardRevision;
    const event = Object.assign(this.records.phaseChanged, { revision, instrumentId, phase, atMs });
    this.journal.phaseChanged(event);
    this.market.applyPhaseChanged(event);
    this.recorded(event);
  }

  auctionUncrossed(instrumentId: number, priceTicks: number, volumeLots: number, atMs: number): void {
    const terms = { revision: this.market.shardRevision, instrumentId, priceTicks, volumeLots, atMs };
    const event = Object.assign(this.records.auctionUncrossed, terms);
    this.journal.auctionUncrossed(event);
    this.market.applyAuctionUncrossed(event);
    this.recorded(event);
  }

  /** Returns the row of the new negotiator. */
  intentionPosted(terms: PostTerms, participantId: number, atMs: number): number {
    const event = this.records.intentionPosted;
    event.intentionId = this.market.nextIntentionId;
    event.revision = 0;
    event.clientIntentionId = terms.clientIntentionId;
    event.participantId = participantId;
    event.instrumentId = terms.instrumentId;
    event.side = terms.side;
    event.pricing = terms.pricing;
    event.priceTicks = terms.priceTicks;
    event.quantityLots = terms.quantityLots;
    event.timeInForce = terms.timeInForce;
    event.postOnly = terms.postOnly;
    event.expiresAtMs = terms.expiresAtMs;
    event.atMs = atMs;
    this.journal.intentionPosted(event);
    const row = this.market.applyIntentionPosted(event, this.position);
    this.recorded(event);
    return row;
  }

  proposalMade(row: number, proposal: Said<ProposalMade>): void {
    const { negotiators } = this.market;
    const event = this.records.proposalMade;
    event.intentionId = negotiators.id(row);
    event.revision = negotiators.revision(row);
    event.dealNumber = proposal.dealNumber;
    event.counterpartyId = proposal.counterpartyId;
    event.priceTicks = proposal.priceTicks;
    event.quantityLots = proposal.quantityLots;
    this.journal.proposalMade(event);
    this.market.applyProposalMade(row, event);
    this.recorded(event);
  }

  proposalAccepted(row: number, acceptance: Said<ProposalAccepted>): void {
    const { negotiators } = this.market;
    const event = this.records.proposalAccepted;
    event.intentionId = negotiators.id(row);
    event.revision = negotiators.revision(row);
    event.initiatorId = acceptance.initiatorId;
    event.dealNumber = acceptance.dealNumber;
    event.priceTicks = acceptance.priceTicks;
    event.quantityLots = acceptance.quantityLots;
    this.journal.proposalAccepted(event);
    this.market.applyProposalAccepted(row, event);
    this.recorded(event);
  }

  proposalDeclined(row: number, initiatorId: number, dealNumber: number, reason: number): void {
    const { negotiators } = this.market;
    const event = this.records.proposalDeclined;
    event.intentionId = negotiators.id(row);
    event.revision = negotiators.revision(row);
    event.initiatorId = initiatorId;
    event.dealNumber = dealNumber;
    event.reason = reason;
    this.journal.proposalDeclined(event);
    this.market.applyProposalDeclined(row, event);
    this.recorded(event);
  }

  dealConfirmed(initiatorRow: number, deal: DealInFlight, { participantId, lots }: ConfirmedPart): void {
    const { negotiators } = this.market;
    const event = this.records.dealConfirmed;
    event.initiatorId = deal.initiatorId;
    event.dealNumber = deal.dealNumber;
    event.revision = 0;
    event.responderId = deal.responderId;
    event.instrumentId = negotiators.instrumentId(initiatorRow);
    event.initiatorSide = negotiators.side(initiatorRow);
    event.initiatorParticipantId = negotiators.participantId(initiatorRow);
    event.responderParticipantId = participantId;
    event.priceTicks = deal.priceTicks;
    event.quantityLots = lots;
    this.journal.dealConfirmed(event);
    this.market.applyDealConfirmed(event);
    this.recorded(event);
  }

  dealAborted({ initiatorId, dealNumber, responderId }: DealInFlight, reason: number): void {
    const terms = { initiatorId, dealNumber, revision: 0, responderId, reason };
    const event = Object.assign(this.records.dealAborted, terms);
    this.journal.dealAborted(event);
    this.market.applyDealAborted(event);
    this.recorded(event);
  }

  /** Settles as decided: `quantityLots` is what the decision fills, 0 for an abort. */
  dealSettled(row: number, settlement: Said<DealSettled>): void {
    const { negotiators } = this.market;
    const event = this.records.dealSettled;
    event.intentionId = negotiators.id(row);
    event.revision = negotiators.revision(row);
    event.initiatorId = settlement.initiatorId;
    event.dealNumber = settlement.dealNumber;
    event.outcome = settlement.outcome;
    event.priceTicks = settlement.priceTicks;
    event.quantityLots = settlement.quantityLots;
    this.journal.dealSettled(event);
    this.market.applyDealSettled(row, event);
    this.recorded(event);
  }

  intentionReduced(row: number, byLots: number, atMs: number): void {
    const event = Object.assign(this.records.intentionReduced, { ...this.stream(row), byLots, atMs });
    this.journal.intentionReduced(event);
    this.market.applyIntentionReduced(row, event);
    this.recorded(event);
  }

  intentionAmended(row: number, priceTicks: number, openLots: number, atMs: number): void {
    const event = Object.assign(this.records.intentionAmended, { ...this.stream(row), priceTicks, openLots, atMs });
    this.journal.intentionAmended(event);
    this.market.applyIntentionAmended(row, event, this.position);
    this.recorded(event);
  }

  intentionWithdrawn(row: number, reason: number, atMs: number): void {
    const { negotiators } = this.market;
    const event = this.records.intentionWithdrawn;
    event.intentionId = negotiators.id(row);
    event.revision = negotiators.revision(row);
    event.reason = reason;
    event.atMs = atMs;
    this.journal.intentionWithdrawn(event);
    this.market.applyIntentionEnded(row, atMs);
    this.recorded(event);
  }

  intentionExpired(row: number, atMs: number): void {
    const event = Object.assign(this.records.intentionExpired, { ...this.stream(row), atMs });
    this.journal.intentionExpired(event);
    this.market.applyIntentionEnded(row, atMs);
    this.recorded(event);
  }

  private stream(row: number): { intentionId: number; revision: number } {
    const { negotiators } = this.market;
    return { intentionId: negotiators.id(row), revision: negotiators.revision(row) };
  }

  private recorded(event: object): void {
    this.position++;
    if (reuse.isSpoiled) spoil(event);
  }
}
