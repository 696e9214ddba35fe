// Generated from src/events/catalogue.ts by `npm run codegen`. Do not edit.

/**
 * The events as records, with their choices as indexes. A record that is handed to a method of a journal or a handler is the caller's, and
 * is used again: what is kept of it is copied.
 */

/** A writer took over the shard: it has fenced every older epoch, replayed the log, and settles what is in doubt next. */
export interface ShardStarted {
  revision: number;
  shard: number;
  epoch: number;
  atMs: number;
}

/** Ends a batch. `digest` is SHA-256 over the digest before it and the canonical bytes of the batch’s other events. */
export interface BatchSealed {
  revision: number;
  digest: Uint8Array;
}

/** Gives a participant’s name its number, the first time it is seen. */
export interface ParticipantAdmitted {
  revision: number;
  participantId: number;
  name: string;
  atMs: number;
}

/** Lists an instrument, or changes the band, price rule or self-trade rule of a listed one. Sizes are in units of the last shown decimal. */
export interface InstrumentListed {
  revision: number;
  instrumentId: number;
  symbol: string;
  priceDecimals: number;
  tickSize: number;
  quantityDecimals: number;
  lotSize: number;
  minPriceTicks: number;
  maxPriceTicks: number;
  priceRule: number;
  selfTrade: number;
  atMs: number;
}

/** The instrument collects intentions for an auction (call), or deals as they arrive (continuous). */
export interface PhaseChanged {
  revision: number;
  instrumentId: number;
  phase: number;
  atMs: number;
}

/** The auction’s price and volume. The deals that follow, at that price, add up to the volume. */
export interface AuctionUncrossed {
  revision: number;
  instrumentId: number;
  priceTicks: number;
  volumeLots: number;
  atMs: number;
}

/** An operator let the shard go on although `evidence` knows that its log once held every event before `knownPosition`, or others than it holds now. */
export interface LossAccepted {
  revision: number;
  knownPosition: number;
  evidence: string;
  atMs: number;
}

/** A wish to buy or sell stands from here on. `priceTicks` is 0 for a market intention, `expiresAtMs` 0 where it does not expire. */
export interface IntentionPosted {
  intentionId: number;
  revision: number;
  clientIntentionId: string;
  participantId: number;
  instrumentId: number;
  side: number;
  pricing: number;
  priceTicks: number;
  quantityLots: number;
  timeInForce: number;
  postOnly: boolean;
  expiresAtMs: number;
  atMs: number;
}

/** Initiator: proposes deal `intentionId-dealNumber` to the counterparty and reserves the quantity. */
export interface ProposalMade {
  intentionId: number;
  revision: number;
  dealNumber: number;
  counterpartyId: number;
  priceTicks: number;
  quantityLots: number;
}

/** Responder: accepts all or part of the proposal and reserves that quantity. In doubt until the deal is decided. */
export interface ProposalAccepted {
  intentionId: number;
  revision: number;
  initiatorId: number;
  dealNumber: number;
  priceTicks: number;
  quantityLots: number;
}

/** Responder: declines the proposal and reserves nothing. */
export interface ProposalDeclined {
  intentionId: number;
  revision: number;
  initiatorId: number;
  dealNumber: number;
  reason: number;
}

/** Either side: takes over the deal’s decision, fills `quantityLots` (0 when aborted) and frees what is left of its reservation. */
export interface DealSettled {
  intentionId: number;
  revision: number;
  initiatorId: number;
  dealNumber: number;
  outcome: number;
  priceTicks: number;
  quantityLots: number;
}

/** Made smaller by `byLots`; it keeps its place. */
export interface IntentionReduced {
  intentionId: number;
  revision: number;
  byLots: number;
  atMs: number;
}

/** New limit and new open quantity; it loses its place and may deal at once. */
export interface IntentionAmended {
  intentionId: number;
  revision: number;
  priceTicks: number;
  openLots: number;
  atMs: number;
}

/** What was left is withdrawn. */
export interface IntentionWithdrawn {
  intentionId: number;
  revision: number;
  reason: number;
  atMs: number;
}

/** Its time is over; what was left is gone. */
export interface IntentionExpired {
  intentionId: number;
  revision: number;
  atMs: number;
}

/** The decision: the deal stands. The first decision of a deal in log order is the truth, for ever. */
export interface DealConfirmed {
  initiatorId: number;
  dealNumber: number;
  revision: number;
  responderId: number;
  instrumentId: number;
  initiatorSide: number;
  initiatorParticipantId: number;
  responderParticipantId: number;
  priceTicks: number;
  quantityLots: number;
}

/** The decision: there is no deal. */
export interface DealAborted {
  initiatorId: number;
  dealNumber: number;
  revision: number;
  responderId: number;
  reason: number;
}

/** One record of each event, to be filled again and again. */
export class EventRecords {
  readonly shardStarted: ShardStarted = { revision: 0, shard: 0, epoch: 0, atMs: 0 };
  readonly batchSealed: BatchSealed = { revision: 0, digest: new Uint8Array(32) };
  readonly participantAdmitted: ParticipantAdmitted = { revision: 0, participantId: 0, name: '', atMs: 0 };
  readonly instrumentListed: InstrumentListed = { revision: 0, instrumentId: 0, symbol: '', priceDecimals: 0, tickSize: 0, quantityDecimals: 0, lotSize: 0, minPriceTicks: 0, maxPriceTicks: 0, priceRule: 0, selfTrade: 0, atMs: 0 };
  readonly phaseChanged: PhaseChanged = { revision: 0, instrumentId: 0, phase: 0, atMs: 0 };
  readonly auctionUncrossed: AuctionUncrossed = { revision: 0, instrumentId: 0, priceTicks: 0, volumeLots: 0, atMs: 0 };
  readonly lossAccepted: LossAccepted = { revision: 0, knownPosition: 0, evidence: '', atMs: 0 };
  readonly intentionPosted: IntentionPosted = { intentionId: 0, revision: 0, clientIntentionId: '', participantId: 0, instrumentId: 0, side: 0, pricing: 0, priceTicks: 0, quantityLots: 0, timeInForce: 0, postOnly: false, expiresAtMs: 0, atMs: 0 };
  readonly proposalMade: ProposalMade = { intentionId: 0, revision: 0, dealNumber: 0, counterpartyId: 0, priceTicks: 0, quantityLots: 0 };
  readonly proposalAccepted: ProposalAccepted = { intentionId: 0, revision: 0, initiatorId: 0, dealNumber: 0, priceTicks: 0, quantityLots: 0 };
  readonly proposalDeclined: ProposalDeclined = { intentionId: 0, revision: 0, initiatorId: 0, dealNumber: 0, reason: 0 };
  readonly dealSettled: DealSettled = { intentionId: 0, revision: 0, initiatorId: 0, dealNumber: 0, outcome: 0, priceTicks: 0, quantityLots: 0 };
  readonly intentionReduced: IntentionReduced = { intentionId: 0, revision: 0, byLots: 0, atMs: 0 };
  readonly intentionAmended: IntentionAmended = { intentionId: 0, revision: 0, priceTicks: 0, openLots: 0, atMs: 0 };
  readonly intentionWithdrawn: IntentionWithdrawn = { intentionId: 0, revision: 0, reason: 0, atMs: 0 };
  readonly intentionExpired: IntentionExpired = { intentionId: 0, revision: 0, atMs: 0 };
  readonly dealConfirmed: DealConfirmed = { initiatorId: 0, dealNumber: 0, revision: 0, responderId: 0, instrumentId: 0, initiatorSide: 0, initiatorParticipantId: 0, responderParticipantId: 0, priceTicks: 0, quantityLots: 0 };
  readonly dealAborted: DealAborted = { initiatorId: 0, dealNumber: 0, revision: 0, responderId: 0, reason: 0 };
}

/** Everything that can happen in a shard, one method an event: recorded by the domain, encoded by the log, read back by every fold. */
export interface Journal {
  shardStarted(event: ShardStarted): void;
  batchSealed(event: BatchSealed): void;
  participantAdmitted(event: ParticipantAdmitted): void;
  instrumentListed(event: InstrumentListed): void;
  phaseChanged(event: PhaseChanged): void;
  auctionUncrossed(event: AuctionUncrossed): void;
  lossAccepted(event: LossAccepted): void;
  intentionPosted(event: IntentionPosted): void;
  proposalMade(event: ProposalMade): void;
  proposalAccepted(event: ProposalAccepted): void;
  proposalDeclined(event: ProposalDeclined): void;
  dealSettled(event: DealSettled): void;
  intentionReduced(event: IntentionReduced): void;
  intentionAmended(event: IntentionAmended): void;
  intentionWithdrawn(event: IntentionWithdrawn): void;
  intentionExpired(event: IntentionExpired): void;
  dealConfirmed(event: DealConfirmed): void;
  dealAborted(event: DealAborted): void;
}
