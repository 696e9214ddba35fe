// Generated from src/events/catalogue.ts by `npm run codegen`. Do not edit.

/** Everything that can happen in a shard, one method an event: written by the domain, encoded by the log, read back by every fold. */
export interface Journal {
  /** A writer took over the shard: it has fenced every older epoch, replayed the log, and settles what is in doubt next. */
  shardStarted(revision: number, shard: number, epoch: number, atMs: number): void;
  /** Ends a batch. `digest` is SHA-256 over the digest before it and the canonical bytes of the batch’s other events. */
  batchSealed(revision: number, digest: Uint8Array): void;
  /** Gives a participant’s name its number, the first time it is seen. */
  participantAdmitted(revision: number, participantId: number, name: string, atMs: number): void;
  /** Lists an instrument, or changes the band, price rule or self-trade rule of a listed one. Sizes are in units of the last shown decimal. */
  instrumentListed(revision: number, instrumentId: number, symbol: string, priceDecimals: number, tickSize: number, quantityDecimals: number, lotSize: number, minPriceTicks: number, maxPriceTicks: number, priceRule: number, selfTrade: number, atMs: number): void;
  /** The instrument collects intentions for an auction (call), or deals as they arrive (continuous). */
  phaseChanged(revision: number, instrumentId: number, phase: number, atMs: number): void;
  /** The auction’s price and volume. The deals that follow, at that price, add up to the volume. */
  auctionUncrossed(revision: number, instrumentId: number, priceTicks: number, volumeLots: number, atMs: number): void;
  /** An operator let the shard go on although `evidence` knows that its log once held every event before `knownPosition`, or others than it holds now. */
  lossAccepted(revision: number, knownPosition: number, evidence: string, atMs: number): void;
  /** A wish to buy or sell stands from here on. `priceTicks` is 0 for a market intention, `expiresAtMs` 0 where it does not expire. */
  intentionPosted(intentionId: number, revision: number, clientIntentionId: string, participantId: number, instrumentId: number, side: number, pricing: number, priceTicks: number, quantityLots: number, timeInForce: number, postOnly: boolean, expiresAtMs: number, atMs: number): void;
  /** Initiator: proposes deal `intentionId-dealNumber` to the counterparty and reserves the quantity. */
  proposalMade(intentionId: number, revision: number, dealNumber: number, counterpartyId: number, priceTicks: number, quantityLots: number): void;
  /** Responder: accepts all or part of the proposal and reserves that quantity. In doubt until the deal is decided. */
  proposalAccepted(intentionId: number, revision: number, initiatorId: number, dealNumber: number, priceTicks: number, quantityLots: number): void;
  /** Responder: declines the proposal and reserves nothing. */
  proposalDeclined(intentionId: number, revision: number, initiatorId: number, dealNumber: number, reason: number): void;
  /** Either side: takes over the deal’s decision, fills `quantityLots` (0 when aborted) and frees what is left of its reservation. */
  dealSettled(intentionId: number, revision: number, initiatorId: number, dealNumber: number, outcome: number, priceTicks: number, quantityLots: number): void;
  /** Made smaller by `byLots`; it keeps its place. */
  intentionReduced(intentionId: number, revision: number, byLots: number, atMs: number): void;
  /** New limit and new open quantity; it loses its place and may deal at once. */
  intentionAmended(intentionId: number, revision: number, priceTicks: number, openLots: number, atMs: number): void;
  /** What was left is withdrawn. */
  intentionWithdrawn(intentionId: number, revision: number, reason: number, atMs: number): void;
  /** Its time is over; what was left is gone. */
  intentionExpired(intentionId: number, revision: number, atMs: number): void;
  /** The decision: the deal stands. The first decision of a deal in log order is the truth, for ever. */
  dealConfirmed(initiatorId: number, dealNumber: number, revision: number, responderId: number, instrumentId: number, initiatorSide: number, initiatorParticipantId: number, responderParticipantId: number, priceTicks: number, quantityLots: number): void;
  /** The decision: there is no deal. */
  dealAborted(initiatorId: number, dealNumber: number, revision: number, responderId: number, reason: number): void;
}

/** A journal that takes no notice of anything: folds extend it and listen to what concerns them. */
export class NoopHandler implements Journal {
  shardStarted(_revision: number, _shard: number, _epoch: number, _atMs: number): void {}
  batchSealed(_revision: number, _digest: Uint8Array): void {}
  participantAdmitted(_revision: number, _participantId: number, _name: string, _atMs: number): void {}
  instrumentListed(_revision: number, _instrumentId: number, _symbol: string, _priceDecimals: number, _tickSize: number, _quantityDecimals: number, _lotSize: number, _minPriceTicks: number, _maxPriceTicks: number, _priceRule: number, _selfTrade: number, _atMs: number): void {}
  phaseChanged(_revision: number, _instrumentId: number, _phase: number, _atMs: number): void {}
  auctionUncrossed(_revision: number, _instrumentId: number, _priceTicks: number, _volumeLots: number, _atMs: number): void {}
  lossAccepted(_revision: number, _knownPosition: number, _evidence: string, _atMs: number): void {}
  intentionPosted(_intentionId: number, _revision: number, _clientIntentionId: string, _participantId: number, _instrumentId: number, _side: number, _pricing: number, _priceTicks: number, _quantityLots: number, _timeInForce: number, _postOnly: boolean, _expiresAtMs: number, _atMs: number): void {}
  proposalMade(_intentionId: number, _revision: number, _dealNumber: number, _counterpartyId: number, _priceTicks: number, _quantityLots: number): void {}
  proposalAccepted(_intentionId: number, _revision: number, _initiatorId: number, _dealNumber: number, _priceTicks: number, _quantityLots: number): void {}
  proposalDeclined(_intentionId: number, _revision: number, _initiatorId: number, _dealNumber: number, _reason: number): void {}
  dealSettled(_intentionId: number, _revision: number, _initiatorId: number, _dealNumber: number, _outcome: number, _priceTicks: number, _quantityLots: number): void {}
  intentionReduced(_intentionId: number, _revision: number, _byLots: number, _atMs: number): void {}
  intentionAmended(_intentionId: number, _revision: number, _priceTicks: number, _openLots: number, _atMs: number): void {}
  intentionWithdrawn(_intentionId: number, _revision: number, _reason: number, _atMs: number): void {}
  intentionExpired(_intentionId: number, _revision: number, _atMs: number): void {}
  dealConfirmed(_initiatorId: number, _dealNumber: number, _revision: number, _responderId: number, _instrumentId: number, _initiatorSide: number, _initiatorParticipantId: number, _responderParticipantId: number, _priceTicks: number, _quantityLots: number): void {}
  dealAborted(_initiatorId: number, _dealNumber: number, _revision: number, _responderId: number, _reason: number): void {}
}
