// Generated from src/events/catalogue.ts by `npm run codegen`. Do not edit.

import type { Journal } from '../domain/journal.generated.js';
import {
  checkControl,
  DamagedEventError,
  putGrouped,
  putInteger,
  putText,
  takeChoice,
  takeControl,
  takeDigest,
  takeGrouped,
  takeInteger,
  takeText,
} from './bytes.js';
import type { ByteCursor } from './bytes.js';

/** A writer took over the shard: it has fenced every older epoch, replayed the log, and settles what is in doubt next. */
export interface ShardStarted {
  readonly type: 'ShardStarted';
  readonly version: 1;
  readonly revision: number;
  readonly shard: number;
  readonly epoch: number;
  readonly atMs: number;
}

/** Ends a batch. `digest` is SHA-256 over the digest before it and the canonical bytes of the batch’s other events. */
export interface BatchSealed {
  readonly type: 'BatchSealed';
  readonly version: 1;
  readonly revision: number;
  readonly digest: string;
}

/** Gives a participant’s name its number, the first time it is seen. */
export interface ParticipantAdmitted {
  readonly type: 'ParticipantAdmitted';
  readonly version: 1;
  readonly revision: number;
  readonly participantId: number;
  readonly name: string;
  readonly atMs: number;
}

/** Lists an instrument, or changes the band, price rule or self-trade rule of a listed one. Sizes are in units of the last shown decimal. */
export interface InstrumentListed {
  readonly type: 'InstrumentListed';
  readonly version: 1;
  readonly revision: number;
  readonly instrumentId: number;
  readonly symbol: string;
  readonly priceDecimals: number;
  readonly tickSize: number;
  readonly quantityDecimals: number;
  readonly lotSize: number;
  readonly minPriceTicks: number;
  readonly maxPriceTicks: number;
  readonly priceRule: 'standing' | 'seller' | 'midpoint';
  readonly selfTrade: 'allow' | 'refuseArriving' | 'withdrawStanding';
  readonly atMs: number;
}

/** The instrument collects intentions for an auction (call), or deals as they arrive (continuous). */
export interface PhaseChanged {
  readonly type: 'PhaseChanged';
  readonly version: 1;
  readonly revision: number;
  readonly instrumentId: number;
  readonly phase: 'continuous' | 'call';
  readonly atMs: number;
}

/** The auction’s price and volume. The deals that follow, at that price, add up to the volume. */
export interface AuctionUncrossed {
  readonly type: 'AuctionUncrossed';
  readonly version: 1;
  readonly revision: number;
  readonly instrumentId: number;
  readonly priceTicks: number;
  readonly volumeLots: number;
  readonly atMs: number;
}

/** An operator let the shard go on although `evidence` knows that its log once held every event before `knownPosition`, or others than it holds now. */
export interface LossAccepted {
  readonly type: 'LossAccepted';
  readonly version: 1;
  readonly revision: number;
  readonly knownPosition: number;
  readonly evidence: string;
  readonly atMs: number;
}

/** A wish to buy or sell stands from here on. `priceTicks` is 0 for a market intention, `expiresAtMs` 0 where it does not expire. */
export interface IntentionPosted {
  readonly type: 'IntentionPosted';
  readonly version: 1;
  readonly intentionId: number;
  readonly revision: number;
  readonly clientIntentionId: string;
  readonly participantId: number;
  readonly instrumentId: number;
  readonly side: 'buy' | 'sell';
  readonly pricing: 'limit' | 'market';
  readonly priceTicks: number;
  readonly quantityLots: number;
  readonly timeInForce: 'gtc' | 'ioc' | 'fok' | 'gtd';
  readonly postOnly: boolean;
  readonly expiresAtMs: number;
  readonly atMs: number;
}

/** Initiator: proposes deal `intentionId-dealNumber` to the counterparty and reserves the quantity. */
export interface ProposalMade {
  readonly type: 'ProposalMade';
  readonly version: 1;
  readonly intentionId: number;
  readonly revision: number;
  readonly dealNumber: number;
  readonly counterpartyId: number;
  readonly priceTicks: number;
  readonly quantityLots: number;
}

/** Responder: accepts all or part of the proposal and reserves that quantity. In doubt until the deal is decided. */
export interface ProposalAccepted {
  readonly type: 'ProposalAccepted';
  readonly version: 1;
  readonly intentionId: number;
  readonly revision: number;
  readonly initiatorId: number;
  readonly dealNumber: number;
  readonly priceTicks: number;
  readonly quantityLots: number;
}

/** Responder: declines the proposal and reserves nothing. */
export interface ProposalDeclined {
  readonly type: 'ProposalDeclined';
  readonly version: 1;
  readonly intentionId: number;
  readonly revision: number;
  readonly initiatorId: number;
  readonly dealNumber: number;
  readonly reason: 'closed' | 'nothingLeft' | 'price' | 'instrument' | 'doubt';
}

/** Either side: takes over the deal’s decision, fills `quantityLots` (0 when aborted) and frees what is left of its reservation. */
export interface DealSettled {
  readonly type: 'DealSettled';
  readonly version: 1;
  readonly intentionId: number;
  readonly revision: number;
  readonly initiatorId: number;
  readonly dealNumber: number;
  readonly outcome: 'confirmed' | 'aborted';
  readonly priceTicks: number;
  readonly quantityLots: number;
}

/** Made smaller by `byLots`; it keeps its place. */
export interface IntentionReduced {
  readonly type: 'IntentionReduced';
  readonly version: 1;
  readonly intentionId: number;
  readonly revision: number;
  readonly byLots: number;
  readonly atMs: number;
}

/** New limit and new open quantity; it loses its place and may deal at once. */
export interface IntentionAmended {
  readonly type: 'IntentionAmended';
  readonly version: 1;
  readonly intentionId: number;
  readonly revision: number;
  readonly priceTicks: number;
  readonly openLots: number;
  readonly atMs: number;
}

/** What was left is withdrawn. */
export interface IntentionWithdrawn {
  readonly type: 'IntentionWithdrawn';
  readonly version: 1;
  readonly intentionId: number;
  readonly revision: number;
  readonly reason: 'requested' | 'immediateOrCancel' | 'fillOrKill' | 'marketRemainder' | 'selfTrade' | 'parked';
  readonly atMs: number;
}

/** Its time is over; what was left is gone. */
export interface IntentionExpired {
  readonly type: 'IntentionExpired';
  readonly version: 1;
  readonly intentionId: number;
  readonly revision: number;
  readonly atMs: number;
}

/** The decision: the deal stands. The first decision of a deal in log order is the truth, for ever. */
export interface DealConfirmed {
  readonly type: 'DealConfirmed';
  readonly version: 1;
  readonly initiatorId: number;
  readonly dealNumber: number;
  readonly revision: number;
  readonly responderId: number;
  readonly instrumentId: number;
  readonly initiatorSide: 'buy' | 'sell';
  readonly initiatorParticipantId: number;
  readonly responderParticipantId: number;
  readonly priceTicks: number;
  readonly quantityLots: number;
}

/** The decision: there is no deal. */
export interface DealAborted {
  readonly type: 'DealAborted';
  readonly version: 1;
  readonly initiatorId: number;
  readonly dealNumber: number;
  readonly revision: number;
  readonly responderId: number;
  readonly reason: 'declined' | 'initiatorDeadline' | 'responderDeadline' | 'parked' | 'recovery';
}

/** An event as an object: what tools show, and what JSON holds. */
export type Event =
  | ShardStarted
  | BatchSealed
  | ParticipantAdmitted
  | InstrumentListed
  | PhaseChanged
  | AuctionUncrossed
  | LossAccepted
  | IntentionPosted
  | ProposalMade
  | ProposalAccepted
  | ProposalDeclined
  | DealSettled
  | IntentionReduced
  | IntentionAmended
  | IntentionWithdrawn
  | IntentionExpired
  | DealConfirmed
  | DealAborted;

/** Appends each event's canonical bytes to one growing buffer. `at` is where the next event goes. */
export class EventEncoder implements Journal {
  bytes: Uint8Array;
  at: number;
  count = 0;
  private view: DataView;

  constructor(capacityBytes: number, at = 0) {
    this.bytes = new Uint8Array(capacityBytes);
    this.view = new DataView(this.bytes.buffer);
    this.at = at;
  }

  private room(most: number): void {
    if (this.at + most > this.bytes.length) this.grow(most);
  }

  private grow(most: number): void {
    const larger = new Uint8Array(Math.max(2 * this.bytes.length, this.at + most));
    larger.set(this.bytes.subarray(0, this.at));
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }

  /** Appends one event that is encoded already. */
  raw(event: Uint8Array): void {
    this.room(event.length);
    this.bytes.set(event, this.at);
    this.at += event.length;
    this.count++;
  }

  shardStarted(revision: number, shard: number, epoch: number, atMs: number): void {
    this.room(36);
    const { view } = this;
    const start = this.at;
    let at = start + 4;
    let control = 1;
    let length = 0;
    length = putGrouped(view, at, revision);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, shard);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, epoch);
    control |= (length - 1) << 14;
    at += length;
    length = putGrouped(view, at, atMs);
    control |= (length - 1) << 17;
    at += length;
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  batchSealed(revision: number, digest: Uint8Array): void {
    this.room(44);
    const { view, bytes } = this;
    const start = this.at;
    let at = start + 4;
    let control = 2;
    let length = 0;
    length = putGrouped(view, at, revision);
    control |= (length - 1) << 8;
    at += length;
    bytes.set(digest, at);
    at += 32;
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  participantAdmitted(revision: number, participantId: number, name: string, atMs: number): void {
    this.room(28 + (8 + 3 * name.length));
    const { view, bytes } = this;
    const start = this.at;
    let at = start + 4;
    let control = 3;
    let length = 0;
    length = putGrouped(view, at, revision);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, participantId);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, atMs);
    control |= (length - 1) << 14;
    at += length;
    at = putText(bytes, at, name);
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  instrumentListed(revision: number, instrumentId: number, symbol: string, priceDecimals: number, tickSize: number, quantityDecimals: number, lotSize: number, minPriceTicks: number, maxPriceTicks: number, priceRule: number, selfTrade: number, atMs: number): void {
    this.room(78 + (8 + 3 * symbol.length));
    const { view, bytes } = this;
    const start = this.at;
    let at = start + 4;
    let control = 4;
    let length = 0;
    length = putGrouped(view, at, revision);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, instrumentId);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, priceDecimals);
    control |= (length - 1) << 14;
    at += length;
    length = putGrouped(view, at, tickSize);
    control |= (length - 1) << 17;
    at += length;
    length = putGrouped(view, at, quantityDecimals);
    control |= (length - 1) << 20;
    at += length;
    length = putGrouped(view, at, lotSize);
    control |= (length - 1) << 23;
    at += length;
    length = putGrouped(view, at, minPriceTicks);
    control |= (length - 1) << 26;
    at += length;
    length = putGrouped(view, at, maxPriceTicks);
    control |= (length - 1) << 29;
    at += length;
    at = putText(bytes, at, symbol);
    bytes[at++] = priceRule;
    bytes[at++] = selfTrade;
    at = putInteger(bytes, at, atMs);
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  phaseChanged(revision: number, instrumentId: number, phase: number, atMs: number): void {
    this.room(29);
    const { view, bytes } = this;
    const start = this.at;
    let at = start + 4;
    let control = 5;
    let length = 0;
    length = putGrouped(view, at, revision);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, instrumentId);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, atMs);
    control |= (length - 1) << 14;
    at += length;
    bytes[at++] = phase;
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  auctionUncrossed(revision: number, instrumentId: number, priceTicks: number, volumeLots: number, atMs: number): void {
    this.room(44);
    const { view } = this;
    const start = this.at;
    let at = start + 4;
    let control = 6;
    let length = 0;
    length = putGrouped(view, at, revision);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, instrumentId);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, priceTicks);
    control |= (length - 1) << 14;
    at += length;
    length = putGrouped(view, at, volumeLots);
    control |= (length - 1) << 17;
    at += length;
    length = putGrouped(view, at, atMs);
    control |= (length - 1) << 20;
    at += length;
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  lossAccepted(revision: number, knownPosition: number, evidence: string, atMs: number): void {
    this.room(28 + (8 + 3 * evidence.length));
    const { view, bytes } = this;
    const start = this.at;
    let at = start + 4;
    let control = 7;
    let length = 0;
    length = putGrouped(view, at, revision);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, knownPosition);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, atMs);
    control |= (length - 1) << 14;
    at += length;
    at = putText(bytes, at, evidence);
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  intentionPosted(intentionId: number, revision: number, clientIntentionId: string, participantId: number, instrumentId: number, side: number, pricing: number, priceTicks: number, quantityLots: number, timeInForce: number, postOnly: boolean, expiresAtMs: number, atMs: number): void {
    this.room(72 + (8 + 3 * clientIntentionId.length));
    const { view, bytes } = this;
    const start = this.at;
    let at = start + 4;
    let control = 16;
    let length = 0;
    length = putGrouped(view, at, intentionId);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, revision);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, participantId);
    control |= (length - 1) << 14;
    at += length;
    length = putGrouped(view, at, instrumentId);
    control |= (length - 1) << 17;
    at += length;
    length = putGrouped(view, at, priceTicks);
    control |= (length - 1) << 20;
    at += length;
    length = putGrouped(view, at, quantityLots);
    control |= (length - 1) << 23;
    at += length;
    length = putGrouped(view, at, expiresAtMs);
    control |= (length - 1) << 26;
    at += length;
    length = putGrouped(view, at, atMs);
    control |= (length - 1) << 29;
    at += length;
    at = putText(bytes, at, clientIntentionId);
    bytes[at++] = side;
    bytes[at++] = pricing;
    bytes[at++] = timeInForce;
    bytes[at++] = postOnly ? 1 : 0;
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  proposalMade(intentionId: number, revision: number, dealNumber: number, counterpartyId: number, priceTicks: number, quantityLots: number): void {
    this.room(52);
    const { view } = this;
    const start = this.at;
    let at = start + 4;
    let control = 17;
    let length = 0;
    length = putGrouped(view, at, intentionId);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, revision);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, dealNumber);
    control |= (length - 1) << 14;
    at += length;
    length = putGrouped(view, at, counterpartyId);
    control |= (length - 1) << 17;
    at += length;
    length = putGrouped(view, at, priceTicks);
    control |= (length - 1) << 20;
    at += length;
    length = putGrouped(view, at, quantityLots);
    control |= (length - 1) << 23;
    at += length;
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  proposalAccepted(intentionId: number, revision: number, initiatorId: number, dealNumber: number, priceTicks: number, quantityLots: number): void {
    this.room(52);
    const { view } = this;
    const start = this.at;
    let at = start + 4;
    let control = 18;
    let length = 0;
    length = putGrouped(view, at, intentionId);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, revision);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, initiatorId);
    control |= (length - 1) << 14;
    at += length;
    length = putGrouped(view, at, dealNumber);
    control |= (length - 1) << 17;
    at += length;
    length = putGrouped(view, at, priceTicks);
    control |= (length - 1) << 20;
    at += length;
    length = putGrouped(view, at, quantityLots);
    control |= (length - 1) << 23;
    at += length;
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  proposalDeclined(intentionId: number, revision: number, initiatorId: number, dealNumber: number, reason: number): void {
    this.room(37);
    const { view, bytes } = this;
    const start = this.at;
    let at = start + 4;
    let control = 19;
    let length = 0;
    length = putGrouped(view, at, intentionId);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, revision);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, initiatorId);
    control |= (length - 1) << 14;
    at += length;
    length = putGrouped(view, at, dealNumber);
    control |= (length - 1) << 17;
    at += length;
    bytes[at++] = reason;
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  dealSettled(intentionId: number, revision: number, initiatorId: number, dealNumber: number, outcome: number, priceTicks: number, quantityLots: number): void {
    this.room(53);
    const { view, bytes } = this;
    const start = this.at;
    let at = start + 4;
    let control = 20;
    let length = 0;
    length = putGrouped(view, at, intentionId);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, revision);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, initiatorId);
    control |= (length - 1) << 14;
    at += length;
    length = putGrouped(view, at, dealNumber);
    control |= (length - 1) << 17;
    at += length;
    length = putGrouped(view, at, priceTicks);
    control |= (length - 1) << 20;
    at += length;
    length = putGrouped(view, at, quantityLots);
    control |= (length - 1) << 23;
    at += length;
    bytes[at++] = outcome;
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  intentionReduced(intentionId: number, revision: number, byLots: number, atMs: number): void {
    this.room(36);
    const { view } = this;
    const start = this.at;
    let at = start + 4;
    let control = 21;
    let length = 0;
    length = putGrouped(view, at, intentionId);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, revision);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, byLots);
    control |= (length - 1) << 14;
    at += length;
    length = putGrouped(view, at, atMs);
    control |= (length - 1) << 17;
    at += length;
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  intentionAmended(intentionId: number, revision: number, priceTicks: number, openLots: number, atMs: number): void {
    this.room(44);
    const { view } = this;
    const start = this.at;
    let at = start + 4;
    let control = 22;
    let length = 0;
    length = putGrouped(view, at, intentionId);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, revision);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, priceTicks);
    control |= (length - 1) << 14;
    at += length;
    length = putGrouped(view, at, openLots);
    control |= (length - 1) << 17;
    at += length;
    length = putGrouped(view, at, atMs);
    control |= (length - 1) << 20;
    at += length;
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  intentionWithdrawn(intentionId: number, revision: number, reason: number, atMs: number): void {
    this.room(29);
    const { view, bytes } = this;
    const start = this.at;
    let at = start + 4;
    let control = 23;
    let length = 0;
    length = putGrouped(view, at, intentionId);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, revision);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, atMs);
    control |= (length - 1) << 14;
    at += length;
    bytes[at++] = reason;
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  intentionExpired(intentionId: number, revision: number, atMs: number): void {
    this.room(28);
    const { view } = this;
    const start = this.at;
    let at = start + 4;
    let control = 24;
    let length = 0;
    length = putGrouped(view, at, intentionId);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, revision);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, atMs);
    control |= (length - 1) << 14;
    at += length;
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  dealConfirmed(initiatorId: number, dealNumber: number, revision: number, responderId: number, instrumentId: number, initiatorSide: number, initiatorParticipantId: number, responderParticipantId: number, priceTicks: number, quantityLots: number): void {
    this.room(77);
    const { view, bytes } = this;
    const start = this.at;
    let at = start + 4;
    let control = 32;
    let length = 0;
    length = putGrouped(view, at, initiatorId);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, dealNumber);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, revision);
    control |= (length - 1) << 14;
    at += length;
    length = putGrouped(view, at, responderId);
    control |= (length - 1) << 17;
    at += length;
    length = putGrouped(view, at, instrumentId);
    control |= (length - 1) << 20;
    at += length;
    length = putGrouped(view, at, initiatorParticipantId);
    control |= (length - 1) << 23;
    at += length;
    length = putGrouped(view, at, responderParticipantId);
    control |= (length - 1) << 26;
    at += length;
    length = putGrouped(view, at, priceTicks);
    control |= (length - 1) << 29;
    at += length;
    bytes[at++] = initiatorSide;
    at = putInteger(bytes, at, quantityLots);
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  dealAborted(initiatorId: number, dealNumber: number, revision: number, responderId: number, reason: number): void {
    this.room(37);
    const { view, bytes } = this;
    const start = this.at;
    let at = start + 4;
    let control = 33;
    let length = 0;
    length = putGrouped(view, at, initiatorId);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, dealNumber);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, revision);
    control |= (length - 1) << 14;
    at += length;
    length = putGrouped(view, at, responderId);
    control |= (length - 1) << 17;
    at += length;
    bytes[at++] = reason;
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }
}

/** Reads one event of any version, tells the journal of it in its current form, and returns its code. */
export function readEvent(cursor: ByteCursor, journal: Journal): number {
  const start = cursor.at;
  const control = takeControl(cursor);
  switch (control & 0xff) {
    case 1: {
      checkControl(control, 4, cursor);
      const revision = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const shard = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const epoch = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const atMs = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
      journal.shardStarted(revision, shard, epoch, atMs);
      return 1;
    }
    case 2: {
      checkControl(control, 1, cursor);
      const revision = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const digest = takeDigest(cursor);
      journal.batchSealed(revision, digest);
      return 2;
    }
    case 3: {
      checkControl(control, 3, cursor);
      const revision = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const participantId = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const atMs = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const name = takeText(cursor);
      journal.participantAdmitted(revision, participantId, name, atMs);
      return 3;
    }
    case 4: {
      const revision = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const instrumentId = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const priceDecimals = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const tickSize = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
      const quantityDecimals = takeGrouped(cursor, ((control >>> 20) & 7) + 1);
      const lotSize = takeGrouped(cursor, ((control >>> 23) & 7) + 1);
      const minPriceTicks = takeGrouped(cursor, ((control >>> 26) & 7) + 1);
      const maxPriceTicks = takeGrouped(cursor, ((control >>> 29) & 7) + 1);
      const symbol = takeText(cursor);
      const priceRule = takeChoice(cursor, 3);
      const selfTrade = takeChoice(cursor, 3);
      const atMs = takeInteger(cursor);
      journal.instrumentListed(revision, instrumentId, symbol, priceDecimals, tickSize, quantityDecimals, lotSize, minPriceTicks, maxPriceTicks, priceRule, selfTrade, atMs);
      return 4;
    }
    case 5: {
      checkControl(control, 3, cursor);
      const revision = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const instrumentId = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const atMs = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const phase = takeChoice(cursor, 2);
      journal.phaseChanged(revision, instrumentId, phase, atMs);
      return 5;
    }
    case 6: {
      checkControl(control, 5, cursor);
      const revision = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const instrumentId = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const priceTicks = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const volumeLots = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
      const atMs = takeGrouped(cursor, ((control >>> 20) & 7) + 1);
      journal.auctionUncrossed(revision, instrumentId, priceTicks, volumeLots, atMs);
      return 6;
    }
    case 7: {
      checkControl(control, 3, cursor);
      const revision = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const knownPosition = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const atMs = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const evidence = takeText(cursor);
      journal.lossAccepted(revision, knownPosition, evidence, atMs);
      return 7;
    }
    case 16: {
      const intentionId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const revision = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const participantId = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const instrumentId = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
      const priceTicks = takeGrouped(cursor, ((control >>> 20) & 7) + 1);
      const quantityLots = takeGrouped(cursor, ((control >>> 23) & 7) + 1);
      const expiresAtMs = takeGrouped(cursor, ((control >>> 26) & 7) + 1);
      const atMs = takeGrouped(cursor, ((control >>> 29) & 7) + 1);
      const clientIntentionId = takeText(cursor);
      const side = takeChoice(cursor, 2);
      const pricing = takeChoice(cursor, 2);
      const timeInForce = takeChoice(cursor, 4);
      const postOnly = takeChoice(cursor, 2) === 1;
      journal.intentionPosted(intentionId, revision, clientIntentionId, participantId, instrumentId, side, pricing, priceTicks, quantityLots, timeInForce, postOnly, expiresAtMs, atMs);
      return 16;
    }
    case 17: {
      checkControl(control, 6, cursor);
      const intentionId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const revision = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const dealNumber = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const counterpartyId = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
      const priceTicks = takeGrouped(cursor, ((control >>> 20) & 7) + 1);
      const quantityLots = takeGrouped(cursor, ((control >>> 23) & 7) + 1);
      journal.proposalMade(intentionId, revision, dealNumber, counterpartyId, priceTicks, quantityLots);
      return 17;
    }
    case 18: {
      checkControl(control, 6, cursor);
      const intentionId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const revision = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const initiatorId = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const dealNumber = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
      const priceTicks = takeGrouped(cursor, ((control >>> 20) & 7) + 1);
      const quantityLots = takeGrouped(cursor, ((control >>> 23) & 7) + 1);
      journal.proposalAccepted(intentionId, revision, initiatorId, dealNumber, priceTicks, quantityLots);
      return 18;
    }
    case 19: {
      checkControl(control, 4, cursor);
      const intentionId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const revision = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const initiatorId = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const dealNumber = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
      const reason = takeChoice(cursor, 5);
      journal.proposalDeclined(intentionId, revision, initiatorId, dealNumber, reason);
      return 19;
    }
    case 20: {
      checkControl(control, 6, cursor);
      const intentionId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const revision = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const initiatorId = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const dealNumber = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
      const priceTicks = takeGrouped(cursor, ((control >>> 20) & 7) + 1);
      const quantityLots = takeGrouped(cursor, ((control >>> 23) & 7) + 1);
      const outcome = takeChoice(cursor, 2);
      journal.dealSettled(intentionId, revision, initiatorId, dealNumber, outcome, priceTicks, quantityLots);
      return 20;
    }
    case 21: {
      checkControl(control, 4, cursor);
      const intentionId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const revision = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const byLots = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const atMs = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
      journal.intentionReduced(intentionId, revision, byLots, atMs);
      return 21;
    }
    case 22: {
      checkControl(control, 5, cursor);
      const intentionId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const revision = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const priceTicks = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const openLots = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
      const atMs = takeGrouped(cursor, ((control >>> 20) & 7) + 1);
      journal.intentionAmended(intentionId, revision, priceTicks, openLots, atMs);
      return 22;
    }
    case 23: {
      checkControl(control, 3, cursor);
      const intentionId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const revision = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const atMs = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const reason = takeChoice(cursor, 6);
      journal.intentionWithdrawn(intentionId, revision, reason, atMs);
      return 23;
    }
    case 24: {
      checkControl(control, 3, cursor);
      const intentionId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const revision = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const atMs = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      journal.intentionExpired(intentionId, revision, atMs);
      return 24;
    }
    case 32: {
      const initiatorId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const dealNumber = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const revision = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const responderId = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
      const instrumentId = takeGrouped(cursor, ((control >>> 20) & 7) + 1);
      const initiatorParticipantId = takeGrouped(cursor, ((control >>> 23) & 7) + 1);
      const responderParticipantId = takeGrouped(cursor, ((control >>> 26) & 7) + 1);
      const priceTicks = takeGrouped(cursor, ((control >>> 29) & 7) + 1);
      const initiatorSide = takeChoice(cursor, 2);
      const quantityLots = takeInteger(cursor);
      journal.dealConfirmed(initiatorId, dealNumber, revision, responderId, instrumentId, initiatorSide, initiatorParticipantId, responderParticipantId, priceTicks, quantityLots);
      return 32;
    }
    case 33: {
      checkControl(control, 4, cursor);
      const initiatorId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const dealNumber = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const revision = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const responderId = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
      const reason = takeChoice(cursor, 5);
      journal.dealAborted(initiatorId, dealNumber, revision, responderId, reason);
      return 33;
    }
    default:
      throw new DamagedEventError(`no event has the code ${control & 0xff}`, start);
  }
}
