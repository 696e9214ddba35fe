// Generated from src/events/catalogue.ts by `npm run codegen`. Do not edit.

import type {
  ShardStarted,
  BatchSealed,
  ParticipantAdmitted,
  PhaseChanged,
  AuctionUncrossed,
  LossAccepted,
  InstrumentListed,
  SwitchSet,
  SwitchLapsed,
  LimitsSet,
  PostRefused,
  IntentionPosted,
  ProposalMade,
  ProposalAccepted,
  ProposalDeclined,
  DealSettled,
  IntentionWithdrawn,
  IntentionExpired,
  IntentionReduced,
  IntentionAmended,
  DealConfirmed,
  DealAborted,
  WholeHandshake,
  OpenBatch,
} from '../domain/journal.generated.js';
import {
  checkControl,
  DamagedEventError,
  putGrouped,
  putInteger,
  putSized,
  putText,
  sizeOf,
  step,
  takeChoice,
  takeControl,
  takeDigest,
  takeGrouped,
  takeInteger,
  takeText,
} from './bytes.js';
import type { ByteCursor } from './bytes.js';
import type { StreamKind } from './catalogue.js';
import type { EventHandler } from './handlers.generated.js';

/** A writer took over the shard: it has fenced every older epoch, replayed the log, and settles what is in doubt next. */
export interface ShardStartedObject {
  readonly type: 'ShardStarted';
  readonly version: 1;
  readonly revision: number;
  readonly shard: number;
  readonly epoch: number;
  readonly atMs: number;
}

/** Ends a batch. `digest` is SHA-256 over the digest before it and the canonical bytes of the batch’s other events. */
export interface BatchSealedObject {
  readonly type: 'BatchSealed';
  readonly version: 1;
  readonly revision: number;
  readonly digest: string;
}

/** Gives a participant’s name its number, the first time it is seen. */
export interface ParticipantAdmittedObject {
  readonly type: 'ParticipantAdmitted';
  readonly version: 1;
  readonly revision: number;
  readonly participantId: number;
  readonly name: string;
  readonly atMs: number;
}

/** Lists an instrument, or changes the band, price rule or self-trade rule of a listed one. Sizes are in units of the last shown decimal. */
export interface InstrumentListedV1Object {
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
export interface PhaseChangedObject {
  readonly type: 'PhaseChanged';
  readonly version: 1;
  readonly revision: number;
  readonly instrumentId: number;
  readonly phase: 'continuous' | 'call';
  readonly atMs: number;
}

/** The auction’s price and volume. The deals that follow, at that price, add up to the volume. */
export interface AuctionUncrossedObject {
  readonly type: 'AuctionUncrossed';
  readonly version: 1;
  readonly revision: number;
  readonly instrumentId: number;
  readonly priceTicks: number;
  readonly volumeLots: number;
  readonly atMs: number;
}

/** An operator let the shard go on although `evidence` knows that its log once held every event before `knownPosition`, or others than it holds now. */
export interface LossAcceptedObject {
  readonly type: 'LossAccepted';
  readonly version: 1;
  readonly revision: number;
  readonly knownPosition: number;
  readonly evidence: string;
  readonly atMs: number;
}

/** Lists an instrument, or changes the band or the rules of a listed one. Sizes are in units of the last shown decimal. */
export interface InstrumentListedObject {
  readonly type: 'InstrumentListed';
  readonly version: 2;
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
  readonly counterparties: 'shown' | 'hidden';
  readonly atMs: number;
}

/** The participant’s dead man’s switch lapses at `lapsesAtMs` unless it is set again before; `withinMs` 0 takes it off. */
export interface SwitchSetObject {
  readonly type: 'SwitchSet';
  readonly version: 1;
  readonly revision: number;
  readonly participantId: number;
  readonly withinMs: number;
  readonly lapsesAtMs: number;
  readonly atMs: number;
}

/** The switch was not set again in time: it is off, and what the participant had open is withdrawn next. */
export interface SwitchLapsedObject {
  readonly type: 'SwitchLapsed';
  readonly version: 1;
  readonly revision: number;
  readonly participantId: number;
  readonly atMs: number;
}

/** The participant’s limits in an instrument (0: in every one), in place of those before. `withdraws`: what is open there is withdrawn next. */
export interface LimitsSetObject {
  readonly type: 'LimitsSet';
  readonly version: 1;
  readonly revision: number;
  readonly participantId: number;
  readonly instrumentId: number;
  readonly openQuantity: string;
  readonly netPosition: string;
  readonly intentionsPerSecond: number;
  readonly halted: boolean;
  readonly withdraws: boolean;
  readonly atMs: number;
}

/** A limit of the participant refused a post. Of `LIMIT_RATE` only the first in a second is recorded. */
export interface PostRefusedObject {
  readonly type: 'PostRefused';
  readonly version: 1;
  readonly revision: number;
  readonly participantId: number;
  readonly instrumentId: number;
  readonly clientIntentionId: string;
  readonly code: 'LIMIT_OPEN_QUANTITY' | 'LIMIT_NET_POSITION' | 'HALTED' | 'LIMIT_RATE';
  readonly atMs: number;
}

/** A wish to buy or sell stands from here on. `priceTicks` is 0 for a market intention, `expiresAtMs` 0 where it does not expire. */
export interface IntentionPostedObject {
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
export interface ProposalMadeObject {
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
export interface ProposalAcceptedObject {
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
export interface ProposalDeclinedObject {
  readonly type: 'ProposalDeclined';
  readonly version: 1;
  readonly intentionId: number;
  readonly revision: number;
  readonly initiatorId: number;
  readonly dealNumber: number;
  readonly reason: 'closed' | 'nothingLeft' | 'price' | 'instrument' | 'doubt';
}

/** Either side: takes over the deal’s decision, fills `quantityLots` (0 when aborted) and frees what is left of its reservation. */
export interface DealSettledObject {
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
export interface IntentionReducedV1Object {
  readonly type: 'IntentionReduced';
  readonly version: 1;
  readonly intentionId: number;
  readonly revision: number;
  readonly byLots: number;
  readonly atMs: number;
}

/** New limit and new open quantity; it loses its place and may deal at once. */
export interface IntentionAmendedV1Object {
  readonly type: 'IntentionAmended';
  readonly version: 1;
  readonly intentionId: number;
  readonly revision: number;
  readonly priceTicks: number;
  readonly openLots: number;
  readonly atMs: number;
}

/** What was left is withdrawn. */
export interface IntentionWithdrawnObject {
  readonly type: 'IntentionWithdrawn';
  readonly version: 1;
  readonly intentionId: number;
  readonly revision: number;
  readonly reason: 'requested' | 'immediateOrCancel' | 'fillOrKill' | 'marketRemainder' | 'selfTrade' | 'parked' | 'switchLapsed' | 'halted' | 'disconnected';
  readonly atMs: number;
}

/** Its time is over; what was left is gone. */
export interface IntentionExpiredObject {
  readonly type: 'IntentionExpired';
  readonly version: 1;
  readonly intentionId: number;
  readonly revision: number;
  readonly atMs: number;
}

/** Made smaller by `byLots`; it keeps its place. By 0: it stays as it was, and the command is remembered by its id. */
export interface IntentionReducedObject {
  readonly type: 'IntentionReduced';
  readonly version: 2;
  readonly intentionId: number;
  readonly revision: number;
  readonly byLots: number;
  readonly clientCommandId: string;
  readonly atMs: number;
}

/** New limit and new open quantity; it loses its place and may deal at once. */
export interface IntentionAmendedObject {
  readonly type: 'IntentionAmended';
  readonly version: 2;
  readonly intentionId: number;
  readonly revision: number;
  readonly priceTicks: number;
  readonly openLots: number;
  readonly clientCommandId: string;
  readonly atMs: number;
}

/** The decision: the deal stands. The first decision of a deal in log order is the truth, permanently. */
export interface DealConfirmedObject {
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
export interface DealAbortedObject {
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
  | ShardStartedObject
  | BatchSealedObject
  | ParticipantAdmittedObject
  | InstrumentListedV1Object
  | PhaseChangedObject
  | AuctionUncrossedObject
  | LossAcceptedObject
  | InstrumentListedObject
  | SwitchSetObject
  | SwitchLapsedObject
  | LimitsSetObject
  | PostRefusedObject
  | IntentionPostedObject
  | ProposalMadeObject
  | ProposalAcceptedObject
  | ProposalDeclinedObject
  | DealSettledObject
  | IntentionReducedV1Object
  | IntentionAmendedV1Object
  | IntentionWithdrawnObject
  | IntentionExpiredObject
  | IntentionReducedObject
  | IntentionAmendedObject
  | DealConfirmedObject
  | DealAbortedObject;

/** So few bytes are copied sooner one by one than by a view of them. */
const SHORT_BYTES = 64;

/** Appends each event's canonical bytes to one growing buffer. `at` is where the next event goes. */
export class EventEncoder implements OpenBatch {
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
  raw(event: Uint8Array, start = 0, end = event.length): void {
    const length = end - start;
    this.room(length);
    if (length > SHORT_BYTES) {
      this.bytes.set(event.subarray(start, end), this.at);
    } else {
      for (let at = this.at, from = start; from < end; at++, from++) this.bytes[at] = event[from] as number; // in range
    }
    this.at += length;
    this.count++;
  }

  shardStarted(event: ShardStarted): void {
    this.room(36);
    const { view } = this;
    const start = this.at;
    let at = start + 4;
    let control = 1;
    let length = 0;
    length = putGrouped(view, at, event.revision);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, event.shard);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, event.epoch);
    control |= (length - 1) << 14;
    at += length;
    length = putGrouped(view, at, event.atMs);
    control |= (length - 1) << 17;
    at += length;
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  batchSealed(event: BatchSealed): void {
    this.room(44);
    const { view, bytes } = this;
    const start = this.at;
    let at = start + 4;
    let control = 2;
    let length = 0;
    length = putGrouped(view, at, event.revision);
    control |= (length - 1) << 8;
    at += length;
    bytes.set(event.digest, at);
    at += 32;
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  participantAdmitted(event: ParticipantAdmitted): void {
    this.room(28 + (8 + 3 * event.name.length));
    const { view, bytes } = this;
    const start = this.at;
    let at = start + 4;
    let control = 3;
    let length = 0;
    length = putGrouped(view, at, event.revision);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, event.participantId);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, event.atMs);
    control |= (length - 1) << 14;
    at += length;
    at = putText(bytes, at, event.name);
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  phaseChanged(event: PhaseChanged): void {
    this.room(29);
    const { view, bytes } = this;
    const start = this.at;
    let at = start + 4;
    let control = 5;
    let length = 0;
    length = putGrouped(view, at, event.revision);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, event.instrumentId);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, event.atMs);
    control |= (length - 1) << 14;
    at += length;
    bytes[at++] = event.phase;
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  auctionUncrossed(event: AuctionUncrossed): void {
    this.room(44);
    const { view } = this;
    const start = this.at;
    let at = start + 4;
    let control = 6;
    let length = 0;
    length = putGrouped(view, at, event.revision);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, event.instrumentId);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, event.priceTicks);
    control |= (length - 1) << 14;
    at += length;
    length = putGrouped(view, at, event.volumeLots);
    control |= (length - 1) << 17;
    at += length;
    length = putGrouped(view, at, event.atMs);
    control |= (length - 1) << 20;
    at += length;
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  lossAccepted(event: LossAccepted): void {
    this.room(28 + (8 + 3 * event.evidence.length));
    const { view, bytes } = this;
    const start = this.at;
    let at = start + 4;
    let control = 7;
    let length = 0;
    length = putGrouped(view, at, event.revision);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, event.knownPosition);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, event.atMs);
    control |= (length - 1) << 14;
    at += length;
    at = putText(bytes, at, event.evidence);
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  instrumentListed(event: InstrumentListed): void {
    this.room(79 + (8 + 3 * event.symbol.length));
    const { view, bytes } = this;
    const start = this.at;
    let at = start + 4;
    let control = 8;
    let length = 0;
    length = putGrouped(view, at, event.revision);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, event.instrumentId);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, event.priceDecimals);
    control |= (length - 1) << 14;
    at += length;
    length = putGrouped(view, at, event.tickSize);
    control |= (length - 1) << 17;
    at += length;
    length = putGrouped(view, at, event.quantityDecimals);
    control |= (length - 1) << 20;
    at += length;
    length = putGrouped(view, at, event.lotSize);
    control |= (length - 1) << 23;
    at += length;
    length = putGrouped(view, at, event.minPriceTicks);
    control |= (length - 1) << 26;
    at += length;
    length = putGrouped(view, at, event.maxPriceTicks);
    control |= (length - 1) << 29;
    at += length;
    at = putText(bytes, at, event.symbol);
    bytes[at++] = event.priceRule;
    bytes[at++] = event.selfTrade;
    bytes[at++] = event.counterparties;
    at = putInteger(bytes, at, event.atMs);
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  switchSet(event: SwitchSet): void {
    this.room(44);
    const { view } = this;
    const start = this.at;
    let at = start + 4;
    let control = 9;
    let length = 0;
    length = putGrouped(view, at, event.revision);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, event.participantId);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, event.withinMs);
    control |= (length - 1) << 14;
    at += length;
    length = putGrouped(view, at, event.lapsesAtMs);
    control |= (length - 1) << 17;
    at += length;
    length = putGrouped(view, at, event.atMs);
    control |= (length - 1) << 20;
    at += length;
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  switchLapsed(event: SwitchLapsed): void {
    this.room(28);
    const { view } = this;
    const start = this.at;
    let at = start + 4;
    let control = 10;
    let length = 0;
    length = putGrouped(view, at, event.revision);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, event.participantId);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, event.atMs);
    control |= (length - 1) << 14;
    at += length;
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  limitsSet(event: LimitsSet): void {
    this.room(46 + (8 + 3 * event.openQuantity.length) + (8 + 3 * event.netPosition.length));
    const { view, bytes } = this;
    const start = this.at;
    let at = start + 4;
    let control = 11;
    let length = 0;
    length = putGrouped(view, at, event.revision);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, event.participantId);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, event.instrumentId);
    control |= (length - 1) << 14;
    at += length;
    length = putGrouped(view, at, event.intentionsPerSecond);
    control |= (length - 1) << 17;
    at += length;
    length = putGrouped(view, at, event.atMs);
    control |= (length - 1) << 20;
    at += length;
    at = putText(bytes, at, event.openQuantity);
    at = putText(bytes, at, event.netPosition);
    bytes[at++] = event.halted ? 1 : 0;
    bytes[at++] = event.withdraws ? 1 : 0;
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  postRefused(event: PostRefused): void {
    this.room(37 + (8 + 3 * event.clientIntentionId.length));
    const { view, bytes } = this;
    const start = this.at;
    let at = start + 4;
    let control = 12;
    let length = 0;
    length = putGrouped(view, at, event.revision);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, event.participantId);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, event.instrumentId);
    control |= (length - 1) << 14;
    at += length;
    length = putGrouped(view, at, event.atMs);
    control |= (length - 1) << 17;
    at += length;
    at = putText(bytes, at, event.clientIntentionId);
    bytes[at++] = event.code;
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  intentionPosted(event: IntentionPosted): void {
    this.room(72 + (8 + 3 * event.clientIntentionId.length));
    const { view, bytes } = this;
    const start = this.at;
    let at = start + 4;
    let control = 16;
    let length = 0;
    length = putGrouped(view, at, event.intentionId);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, event.revision);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, event.participantId);
    control |= (length - 1) << 14;
    at += length;
    length = putGrouped(view, at, event.instrumentId);
    control |= (length - 1) << 17;
    at += length;
    length = putGrouped(view, at, event.priceTicks);
    control |= (length - 1) << 20;
    at += length;
    length = putGrouped(view, at, event.quantityLots);
    control |= (length - 1) << 23;
    at += length;
    length = putGrouped(view, at, event.expiresAtMs);
    control |= (length - 1) << 26;
    at += length;
    length = putGrouped(view, at, event.atMs);
    control |= (length - 1) << 29;
    at += length;
    at = putText(bytes, at, event.clientIntentionId);
    bytes[at++] = event.side;
    bytes[at++] = event.pricing;
    bytes[at++] = event.timeInForce;
    bytes[at++] = event.postOnly ? 1 : 0;
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  proposalMade(event: ProposalMade): void {
    this.room(52);
    const { view } = this;
    const start = this.at;
    let at = start + 4;
    let control = 17;
    let length = 0;
    length = putGrouped(view, at, event.intentionId);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, event.revision);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, event.dealNumber);
    control |= (length - 1) << 14;
    at += length;
    length = putGrouped(view, at, event.counterpartyId);
    control |= (length - 1) << 17;
    at += length;
    length = putGrouped(view, at, event.priceTicks);
    control |= (length - 1) << 20;
    at += length;
    length = putGrouped(view, at, event.quantityLots);
    control |= (length - 1) << 23;
    at += length;
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  proposalAccepted(event: ProposalAccepted): void {
    this.room(52);
    const { view } = this;
    const start = this.at;
    let at = start + 4;
    let control = 18;
    let length = 0;
    length = putGrouped(view, at, event.intentionId);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, event.revision);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, event.initiatorId);
    control |= (length - 1) << 14;
    at += length;
    length = putGrouped(view, at, event.dealNumber);
    control |= (length - 1) << 17;
    at += length;
    length = putGrouped(view, at, event.priceTicks);
    control |= (length - 1) << 20;
    at += length;
    length = putGrouped(view, at, event.quantityLots);
    control |= (length - 1) << 23;
    at += length;
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  proposalDeclined(event: ProposalDeclined): void {
    this.room(37);
    const { view, bytes } = this;
    const start = this.at;
    let at = start + 4;
    let control = 19;
    let length = 0;
    length = putGrouped(view, at, event.intentionId);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, event.revision);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, event.initiatorId);
    control |= (length - 1) << 14;
    at += length;
    length = putGrouped(view, at, event.dealNumber);
    control |= (length - 1) << 17;
    at += length;
    bytes[at++] = event.reason;
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  dealSettled(event: DealSettled): void {
    this.room(53);
    const { view, bytes } = this;
    const start = this.at;
    let at = start + 4;
    let control = 20;
    let length = 0;
    length = putGrouped(view, at, event.intentionId);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, event.revision);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, event.initiatorId);
    control |= (length - 1) << 14;
    at += length;
    length = putGrouped(view, at, event.dealNumber);
    control |= (length - 1) << 17;
    at += length;
    length = putGrouped(view, at, event.priceTicks);
    control |= (length - 1) << 20;
    at += length;
    length = putGrouped(view, at, event.quantityLots);
    control |= (length - 1) << 23;
    at += length;
    bytes[at++] = event.outcome;
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  intentionWithdrawn(event: IntentionWithdrawn): void {
    this.room(29);
    const { view, bytes } = this;
    const start = this.at;
    let at = start + 4;
    let control = 23;
    let length = 0;
    length = putGrouped(view, at, event.intentionId);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, event.revision);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, event.atMs);
    control |= (length - 1) << 14;
    at += length;
    bytes[at++] = event.reason;
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  intentionExpired(event: IntentionExpired): void {
    this.room(28);
    const { view } = this;
    const start = this.at;
    let at = start + 4;
    let control = 24;
    let length = 0;
    length = putGrouped(view, at, event.intentionId);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, event.revision);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, event.atMs);
    control |= (length - 1) << 14;
    at += length;
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  intentionReduced(event: IntentionReduced): void {
    this.room(36 + (8 + 3 * event.clientCommandId.length));
    const { view, bytes } = this;
    const start = this.at;
    let at = start + 4;
    let control = 25;
    let length = 0;
    length = putGrouped(view, at, event.intentionId);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, event.revision);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, event.byLots);
    control |= (length - 1) << 14;
    at += length;
    length = putGrouped(view, at, event.atMs);
    control |= (length - 1) << 17;
    at += length;
    at = putText(bytes, at, event.clientCommandId);
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  intentionAmended(event: IntentionAmended): void {
    this.room(44 + (8 + 3 * event.clientCommandId.length));
    const { view, bytes } = this;
    const start = this.at;
    let at = start + 4;
    let control = 26;
    let length = 0;
    length = putGrouped(view, at, event.intentionId);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, event.revision);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, event.priceTicks);
    control |= (length - 1) << 14;
    at += length;
    length = putGrouped(view, at, event.openLots);
    control |= (length - 1) << 17;
    at += length;
    length = putGrouped(view, at, event.atMs);
    control |= (length - 1) << 20;
    at += length;
    at = putText(bytes, at, event.clientCommandId);
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  dealConfirmed(event: DealConfirmed): void {
    this.room(77);
    const { view, bytes } = this;
    const start = this.at;
    let at = start + 4;
    let control = 32;
    let length = 0;
    length = putGrouped(view, at, event.initiatorId);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, event.dealNumber);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, event.revision);
    control |= (length - 1) << 14;
    at += length;
    length = putGrouped(view, at, event.responderId);
    control |= (length - 1) << 17;
    at += length;
    length = putGrouped(view, at, event.instrumentId);
    control |= (length - 1) << 20;
    at += length;
    length = putGrouped(view, at, event.initiatorParticipantId);
    control |= (length - 1) << 23;
    at += length;
    length = putGrouped(view, at, event.responderParticipantId);
    control |= (length - 1) << 26;
    at += length;
    length = putGrouped(view, at, event.priceTicks);
    control |= (length - 1) << 29;
    at += length;
    bytes[at++] = event.initiatorSide;
    at = putInteger(bytes, at, event.quantityLots);
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  dealAborted(event: DealAborted): void {
    this.room(37);
    const { view, bytes } = this;
    const start = this.at;
    let at = start + 4;
    let control = 33;
    let length = 0;
    length = putGrouped(view, at, event.initiatorId);
    control |= (length - 1) << 8;
    at += length;
    length = putGrouped(view, at, event.dealNumber);
    control |= (length - 1) << 11;
    at += length;
    length = putGrouped(view, at, event.revision);
    control |= (length - 1) << 14;
    at += length;
    length = putGrouped(view, at, event.responderId);
    control |= (length - 1) << 17;
    at += length;
    bytes[at++] = event.reason;
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }

  wholeHandshake(record: WholeHandshake): void {
    this.room(287);
    const { view, bytes } = this;
    const {
      initiatorId,
      initiatorRevision,
      dealNumber,
      responderId,
      priceTicks,
      quantityLots,
      responderRevision,
      instrumentId,
      initiatorSide,
      initiatorParticipantId,
      responderParticipantId,
    } = record;
    const initiatorRevisionNext = initiatorRevision + 1;
    const responderRevisionNext = responderRevision + 1;
    const initiatorIdLength = sizeOf(initiatorId);
    const initiatorRevisionLength = sizeOf(initiatorRevision);
    const dealNumberLength = sizeOf(dealNumber);
    const responderIdLength = sizeOf(responderId);
    const priceTicksLength = sizeOf(priceTicks);
    const quantityLotsLength = sizeOf(quantityLots);
    const responderRevisionLength = sizeOf(responderRevision);
    const instrumentIdLength = sizeOf(instrumentId);
    const initiatorParticipantIdLength = sizeOf(initiatorParticipantId);
    const responderParticipantIdLength = sizeOf(responderParticipantId);
    const initiatorRevisionNextLength = sizeOf(initiatorRevisionNext);
    const responderRevisionNextLength = sizeOf(responderRevisionNext);
    let at = this.at;
    view.setInt32(at, 17 | ((initiatorIdLength - 1) << 8) | ((initiatorRevisionLength - 1) << 11) | ((dealNumberLength - 1) << 14) | ((responderIdLength - 1) << 17) | ((priceTicksLength - 1) << 20) | ((quantityLotsLength - 1) << 23), true);
    at += 4;
    putSized(view, at, initiatorId, initiatorIdLength);
    at += initiatorIdLength;
    putSized(view, at, initiatorRevision, initiatorRevisionLength);
    at += initiatorRevisionLength;
    putSized(view, at, dealNumber, dealNumberLength);
    at += dealNumberLength;
    putSized(view, at, responderId, responderIdLength);
    at += responderIdLength;
    putSized(view, at, priceTicks, priceTicksLength);
    at += priceTicksLength;
    putSized(view, at, quantityLots, quantityLotsLength);
    at += quantityLotsLength;
    view.setInt32(at, 18 | ((responderIdLength - 1) << 8) | ((responderRevisionLength - 1) << 11) | ((initiatorIdLength - 1) << 14) | ((dealNumberLength - 1) << 17) | ((priceTicksLength - 1) << 20) | ((quantityLotsLength - 1) << 23), true);
    at += 4;
    putSized(view, at, responderId, responderIdLength);
    at += responderIdLength;
    putSized(view, at, responderRevision, responderRevisionLength);
    at += responderRevisionLength;
    putSized(view, at, initiatorId, initiatorIdLength);
    at += initiatorIdLength;
    putSized(view, at, dealNumber, dealNumberLength);
    at += dealNumberLength;
    putSized(view, at, priceTicks, priceTicksLength);
    at += priceTicksLength;
    putSized(view, at, quantityLots, quantityLotsLength);
    at += quantityLotsLength;
    view.setInt32(at, 32 | ((initiatorIdLength - 1) << 8) | ((dealNumberLength - 1) << 11) | ((responderIdLength - 1) << 17) | ((instrumentIdLength - 1) << 20) | ((initiatorParticipantIdLength - 1) << 23) | ((responderParticipantIdLength - 1) << 26) | ((priceTicksLength - 1) << 29), true);
    at += 4;
    putSized(view, at, initiatorId, initiatorIdLength);
    at += initiatorIdLength;
    putSized(view, at, dealNumber, dealNumberLength);
    at += dealNumberLength;
    bytes[at++] = 0;
    putSized(view, at, responderId, responderIdLength);
    at += responderIdLength;
    putSized(view, at, instrumentId, instrumentIdLength);
    at += instrumentIdLength;
    putSized(view, at, initiatorParticipantId, initiatorParticipantIdLength);
    at += initiatorParticipantIdLength;
    putSized(view, at, responderParticipantId, responderParticipantIdLength);
    at += responderParticipantIdLength;
    putSized(view, at, priceTicks, priceTicksLength);
    at += priceTicksLength;
    bytes[at++] = initiatorSide;
    at = putInteger(bytes, at, quantityLots);
    view.setInt32(at, 20 | ((initiatorIdLength - 1) << 8) | ((initiatorRevisionNextLength - 1) << 11) | ((initiatorIdLength - 1) << 14) | ((dealNumberLength - 1) << 17) | ((priceTicksLength - 1) << 20) | ((quantityLotsLength - 1) << 23), true);
    at += 4;
    putSized(view, at, initiatorId, initiatorIdLength);
    at += initiatorIdLength;
    putSized(view, at, initiatorRevisionNext, initiatorRevisionNextLength);
    at += initiatorRevisionNextLength;
    putSized(view, at, initiatorId, initiatorIdLength);
    at += initiatorIdLength;
    putSized(view, at, dealNumber, dealNumberLength);
    at += dealNumberLength;
    putSized(view, at, priceTicks, priceTicksLength);
    at += priceTicksLength;
    putSized(view, at, quantityLots, quantityLotsLength);
    at += quantityLotsLength;
    bytes[at++] = 0;
    view.setInt32(at, 20 | ((responderIdLength - 1) << 8) | ((responderRevisionNextLength - 1) << 11) | ((initiatorIdLength - 1) << 14) | ((dealNumberLength - 1) << 17) | ((priceTicksLength - 1) << 20) | ((quantityLotsLength - 1) << 23), true);
    at += 4;
    putSized(view, at, responderId, responderIdLength);
    at += responderIdLength;
    putSized(view, at, responderRevisionNext, responderRevisionNextLength);
    at += responderRevisionNextLength;
    putSized(view, at, initiatorId, initiatorIdLength);
    at += initiatorIdLength;
    putSized(view, at, dealNumber, dealNumberLength);
    at += dealNumberLength;
    putSized(view, at, priceTicks, priceTicksLength);
    at += priceTicksLength;
    putSized(view, at, quantityLots, quantityLotsLength);
    at += quantityLotsLength;
    bytes[at++] = 0;
    this.at = at;
    this.count += 5;
  }
}

function readShardStarted(cursor: ByteCursor, control: number, handler: EventHandler): void {
  checkControl(control, 4, cursor);
  const revision = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
  const shard = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
  const epoch = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
  const atMs = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
  handler.atMs = atMs;
  handler.shardStarted({ revision, shard, epoch, atMs });
}

function readBatchSealed(cursor: ByteCursor, control: number, handler: EventHandler): void {
  checkControl(control, 1, cursor);
  const revision = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
  const digest = takeDigest(cursor);
  handler.batchSealed({ revision, digest });
}

function readParticipantAdmitted(cursor: ByteCursor, control: number, handler: EventHandler): void {
  checkControl(control, 3, cursor);
  const revision = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
  const participantId = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
  const atMs = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
  const name = takeText(cursor);
  handler.atMs = atMs;
  handler.participantAdmitted({ revision, participantId, name, atMs });
}

function readInstrumentListedV1(cursor: ByteCursor, control: number, handler: EventHandler): void {
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
  handler.atMs = atMs;
  handler.instrumentListed({ revision, instrumentId, symbol, priceDecimals, tickSize, quantityDecimals, lotSize, minPriceTicks, maxPriceTicks, priceRule, selfTrade, counterparties: 0, atMs });
}

function readPhaseChanged(cursor: ByteCursor, control: number, handler: EventHandler): void {
  checkControl(control, 3, cursor);
  const revision = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
  const instrumentId = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
  const atMs = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
  const phase = takeChoice(cursor, 2);
  handler.atMs = atMs;
  handler.phaseChanged({ revision, instrumentId, phase, atMs });
}

function readAuctionUncrossed(cursor: ByteCursor, control: number, handler: EventHandler): void {
  checkControl(control, 5, cursor);
  const revision = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
  const instrumentId = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
  const priceTicks = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
  const volumeLots = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
  const atMs = takeGrouped(cursor, ((control >>> 20) & 7) + 1);
  handler.atMs = atMs;
  handler.auctionUncrossed({ revision, instrumentId, priceTicks, volumeLots, atMs });
}

function readLossAccepted(cursor: ByteCursor, control: number, handler: EventHandler): void {
  checkControl(control, 3, cursor);
  const revision = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
  const knownPosition = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
  const atMs = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
  const evidence = takeText(cursor);
  handler.atMs = atMs;
  handler.lossAccepted({ revision, knownPosition, evidence, atMs });
}

function readInstrumentListed(cursor: ByteCursor, control: number, handler: EventHandler): void {
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
  const counterparties = takeChoice(cursor, 2);
  const atMs = takeInteger(cursor);
  handler.atMs = atMs;
  handler.instrumentListed({ revision, instrumentId, symbol, priceDecimals, tickSize, quantityDecimals, lotSize, minPriceTicks, maxPriceTicks, priceRule, selfTrade, counterparties, atMs });
}

function readSwitchSet(cursor: ByteCursor, control: number, handler: EventHandler): void {
  checkControl(control, 5, cursor);
  const revision = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
  const participantId = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
  const withinMs = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
  const lapsesAtMs = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
  const atMs = takeGrouped(cursor, ((control >>> 20) & 7) + 1);
  handler.atMs = atMs;
  handler.switchSet({ revision, participantId, withinMs, lapsesAtMs, atMs });
}

function readSwitchLapsed(cursor: ByteCursor, control: number, handler: EventHandler): void {
  checkControl(control, 3, cursor);
  const revision = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
  const participantId = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
  const atMs = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
  handler.atMs = atMs;
  handler.switchLapsed({ revision, participantId, atMs });
}

function readLimitsSet(cursor: ByteCursor, control: number, handler: EventHandler): void {
  checkControl(control, 5, cursor);
  const revision = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
  const participantId = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
  const instrumentId = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
  const intentionsPerSecond = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
  const atMs = takeGrouped(cursor, ((control >>> 20) & 7) + 1);
  const openQuantity = takeText(cursor);
  const netPosition = takeText(cursor);
  const halted = takeChoice(cursor, 2) === 1;
  const withdraws = takeChoice(cursor, 2) === 1;
  handler.atMs = atMs;
  handler.limitsSet({ revision, participantId, instrumentId, openQuantity, netPosition, intentionsPerSecond, halted, withdraws, atMs });
}

function readPostRefused(cursor: ByteCursor, control: number, handler: EventHandler): void {
  checkControl(control, 4, cursor);
  const revision = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
  const participantId = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
  const instrumentId = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
  const atMs = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
  const clientIntentionId = takeText(cursor);
  const code = takeChoice(cursor, 4);
  handler.atMs = atMs;
  handler.postRefused({ revision, participantId, instrumentId, clientIntentionId, code, atMs });
}

function readIntentionPosted(cursor: ByteCursor, control: number, handler: EventHandler): void {
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
  handler.atMs = atMs;
  handler.intentionPosted({ intentionId, revision, clientIntentionId, participantId, instrumentId, side, pricing, priceTicks, quantityLots, timeInForce, postOnly, expiresAtMs, atMs });
}

function readProposalMade(cursor: ByteCursor, control: number, handler: EventHandler): void {
  checkControl(control, 6, cursor);
  const intentionId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
  const revision = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
  const dealNumber = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
  const counterpartyId = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
  const priceTicks = takeGrouped(cursor, ((control >>> 20) & 7) + 1);
  const quantityLots = takeGrouped(cursor, ((control >>> 23) & 7) + 1);
  handler.proposalMade({ intentionId, revision, dealNumber, counterpartyId, priceTicks, quantityLots });
}

function readProposalAccepted(cursor: ByteCursor, control: number, handler: EventHandler): void {
  checkControl(control, 6, cursor);
  const intentionId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
  const revision = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
  const initiatorId = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
  const dealNumber = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
  const priceTicks = takeGrouped(cursor, ((control >>> 20) & 7) + 1);
  const quantityLots = takeGrouped(cursor, ((control >>> 23) & 7) + 1);
  handler.proposalAccepted({ intentionId, revision, initiatorId, dealNumber, priceTicks, quantityLots });
}

function readProposalDeclined(cursor: ByteCursor, control: number, handler: EventHandler): void {
  checkControl(control, 4, cursor);
  const intentionId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
  const revision = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
  const initiatorId = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
  const dealNumber = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
  const reason = takeChoice(cursor, 5);
  handler.proposalDeclined({ intentionId, revision, initiatorId, dealNumber, reason });
}

function readDealSettled(cursor: ByteCursor, control: number, handler: EventHandler): void {
  checkControl(control, 6, cursor);
  const intentionId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
  const revision = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
  const initiatorId = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
  const dealNumber = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
  const priceTicks = takeGrouped(cursor, ((control >>> 20) & 7) + 1);
  const quantityLots = takeGrouped(cursor, ((control >>> 23) & 7) + 1);
  const outcome = takeChoice(cursor, 2);
  handler.dealSettled({ intentionId, revision, initiatorId, dealNumber, outcome, priceTicks, quantityLots });
}

function readIntentionReducedV1(cursor: ByteCursor, control: number, handler: EventHandler): void {
  checkControl(control, 4, cursor);
  const intentionId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
  const revision = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
  const byLots = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
  const atMs = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
  handler.atMs = atMs;
  handler.intentionReduced({ intentionId, revision, byLots, clientCommandId: "", atMs });
}

function readIntentionAmendedV1(cursor: ByteCursor, control: number, handler: EventHandler): void {
  checkControl(control, 5, cursor);
  const intentionId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
  const revision = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
  const priceTicks = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
  const openLots = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
  const atMs = takeGrouped(cursor, ((control >>> 20) & 7) + 1);
  handler.atMs = atMs;
  handler.intentionAmended({ intentionId, revision, priceTicks, openLots, clientCommandId: "", atMs });
}

function readIntentionWithdrawn(cursor: ByteCursor, control: number, handler: EventHandler): void {
  checkControl(control, 3, cursor);
  const intentionId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
  const revision = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
  const atMs = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
  const reason = takeChoice(cursor, 9);
  handler.atMs = atMs;
  handler.intentionWithdrawn({ intentionId, revision, reason, atMs });
}

function readIntentionExpired(cursor: ByteCursor, control: number, handler: EventHandler): void {
  checkControl(control, 3, cursor);
  const intentionId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
  const revision = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
  const atMs = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
  handler.atMs = atMs;
  handler.intentionExpired({ intentionId, revision, atMs });
}

function readIntentionReduced(cursor: ByteCursor, control: number, handler: EventHandler): void {
  checkControl(control, 4, cursor);
  const intentionId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
  const revision = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
  const byLots = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
  const atMs = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
  const clientCommandId = takeText(cursor);
  handler.atMs = atMs;
  handler.intentionReduced({ intentionId, revision, byLots, clientCommandId, atMs });
}

function readIntentionAmended(cursor: ByteCursor, control: number, handler: EventHandler): void {
  checkControl(control, 5, cursor);
  const intentionId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
  const revision = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
  const priceTicks = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
  const openLots = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
  const atMs = takeGrouped(cursor, ((control >>> 20) & 7) + 1);
  const clientCommandId = takeText(cursor);
  handler.atMs = atMs;
  handler.intentionAmended({ intentionId, revision, priceTicks, openLots, clientCommandId, atMs });
}

function readDealConfirmed(cursor: ByteCursor, control: number, handler: EventHandler): void {
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
  handler.dealConfirmed({ initiatorId, dealNumber, revision, responderId, instrumentId, initiatorSide, initiatorParticipantId, responderParticipantId, priceTicks, quantityLots });
}

function readDealAborted(cursor: ByteCursor, control: number, handler: EventHandler): void {
  checkControl(control, 4, cursor);
  const initiatorId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
  const dealNumber = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
  const revision = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
  const responderId = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
  const reason = takeChoice(cursor, 5);
  handler.dealAborted({ initiatorId, dealNumber, revision, responderId, reason });
}

/** Reads one event of any version, hands it to the handler in its current form, and returns its code. */
export function readEvent(cursor: ByteCursor, handler: EventHandler): number {
  const start = cursor.at;
  const control = takeControl(cursor);
  switch (control & 0xff) {
    case 1:
      readShardStarted(cursor, control, handler);
      return 1;
    case 2:
      readBatchSealed(cursor, control, handler);
      return 2;
    case 3:
      readParticipantAdmitted(cursor, control, handler);
      return 3;
    case 4:
      readInstrumentListedV1(cursor, control, handler);
      return 4;
    case 5:
      readPhaseChanged(cursor, control, handler);
      return 5;
    case 6:
      readAuctionUncrossed(cursor, control, handler);
      return 6;
    case 7:
      readLossAccepted(cursor, control, handler);
      return 7;
    case 8:
      readInstrumentListed(cursor, control, handler);
      return 8;
    case 9:
      readSwitchSet(cursor, control, handler);
      return 9;
    case 10:
      readSwitchLapsed(cursor, control, handler);
      return 10;
    case 11:
      readLimitsSet(cursor, control, handler);
      return 11;
    case 12:
      readPostRefused(cursor, control, handler);
      return 12;
    case 16:
      readIntentionPosted(cursor, control, handler);
      return 16;
    case 17:
      readProposalMade(cursor, control, handler);
      return 17;
    case 18:
      readProposalAccepted(cursor, control, handler);
      return 18;
    case 19:
      readProposalDeclined(cursor, control, handler);
      return 19;
    case 20:
      readDealSettled(cursor, control, handler);
      return 20;
    case 21:
      readIntentionReducedV1(cursor, control, handler);
      return 21;
    case 22:
      readIntentionAmendedV1(cursor, control, handler);
      return 22;
    case 23:
      readIntentionWithdrawn(cursor, control, handler);
      return 23;
    case 24:
      readIntentionExpired(cursor, control, handler);
      return 24;
    case 25:
      readIntentionReduced(cursor, control, handler);
      return 25;
    case 26:
      readIntentionAmended(cursor, control, handler);
      return 26;
    case 32:
      readDealConfirmed(cursor, control, handler);
      return 32;
    case 33:
      readDealAborted(cursor, control, handler);
      return 33;
    default:
      throw new DamagedEventError(`no event has the code ${control & 0xff}`, start);
  }
}

/** Which stream an event stands in. */
export interface EventKey {
  stream: StreamKind;
  /** The stream's numbers: the intention's id, or the deal's initiator and number. */
  first: number;
  second: number;
}

/** Steps over the event at the cursor, whatever its version, and fills in its key. Throws DamagedEventError where it ends early. */
export function skipEvent(cursor: ByteCursor, key: EventKey): void {
  const start = cursor.at;
  const control = takeControl(cursor);
  switch (control & 0xff) {
    case 1:
      key.stream = 'shard';
      key.first = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      key.second = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      step(cursor, ((control >>> 14) & 7) + 1 + ((control >>> 17) & 7) + 1);
      return;
    case 2:
      key.stream = 'shard';
      key.first = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      step(cursor, 32);
      return;
    case 3:
      key.stream = 'shard';
      key.first = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      key.second = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      step(cursor, ((control >>> 14) & 7) + 1);
      step(cursor, takeInteger(cursor));
      return;
    case 4:
      key.stream = 'shard';
      key.first = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      key.second = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      step(cursor, ((control >>> 14) & 7) + 1 + ((control >>> 17) & 7) + 1 + ((control >>> 20) & 7) + 1 + ((control >>> 23) & 7) + 1 + ((control >>> 26) & 7) + 1 + ((control >>> 29) & 7) + 1);
      step(cursor, takeInteger(cursor));
      step(cursor, 1);
      step(cursor, 1);
      takeInteger(cursor);
      return;
    case 5:
      key.stream = 'shard';
      key.first = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      key.second = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      step(cursor, ((control >>> 14) & 7) + 1);
      step(cursor, 1);
      return;
    case 6:
      key.stream = 'shard';
      key.first = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      key.second = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      step(cursor, ((control >>> 14) & 7) + 1 + ((control >>> 17) & 7) + 1 + ((control >>> 20) & 7) + 1);
      return;
    case 7:
      key.stream = 'shard';
      key.first = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      key.second = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      step(cursor, ((control >>> 14) & 7) + 1);
      step(cursor, takeInteger(cursor));
      return;
    case 8:
      key.stream = 'shard';
      key.first = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      key.second = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      step(cursor, ((control >>> 14) & 7) + 1 + ((control >>> 17) & 7) + 1 + ((control >>> 20) & 7) + 1 + ((control >>> 23) & 7) + 1 + ((control >>> 26) & 7) + 1 + ((control >>> 29) & 7) + 1);
      step(cursor, takeInteger(cursor));
      step(cursor, 1);
      step(cursor, 1);
      step(cursor, 1);
      takeInteger(cursor);
      return;
    case 9:
      key.stream = 'shard';
      key.first = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      key.second = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      step(cursor, ((control >>> 14) & 7) + 1 + ((control >>> 17) & 7) + 1 + ((control >>> 20) & 7) + 1);
      return;
    case 10:
      key.stream = 'shard';
      key.first = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      key.second = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      step(cursor, ((control >>> 14) & 7) + 1);
      return;
    case 11:
      key.stream = 'shard';
      key.first = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      key.second = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      step(cursor, ((control >>> 14) & 7) + 1 + ((control >>> 17) & 7) + 1 + ((control >>> 20) & 7) + 1);
      step(cursor, takeInteger(cursor));
      step(cursor, takeInteger(cursor));
      step(cursor, 1);
      step(cursor, 1);
      return;
    case 12:
      key.stream = 'shard';
      key.first = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      key.second = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      step(cursor, ((control >>> 14) & 7) + 1 + ((control >>> 17) & 7) + 1);
      step(cursor, takeInteger(cursor));
      step(cursor, 1);
      return;
    case 16:
      key.stream = 'intention';
      key.first = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      key.second = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      step(cursor, ((control >>> 14) & 7) + 1 + ((control >>> 17) & 7) + 1 + ((control >>> 20) & 7) + 1 + ((control >>> 23) & 7) + 1 + ((control >>> 26) & 7) + 1 + ((control >>> 29) & 7) + 1);
      step(cursor, takeInteger(cursor));
      step(cursor, 1);
      step(cursor, 1);
      step(cursor, 1);
      step(cursor, 1);
      return;
    case 17:
      key.stream = 'intention';
      key.first = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      key.second = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      step(cursor, ((control >>> 14) & 7) + 1 + ((control >>> 17) & 7) + 1 + ((control >>> 20) & 7) + 1 + ((control >>> 23) & 7) + 1);
      return;
    case 18:
      key.stream = 'intention';
      key.first = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      key.second = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      step(cursor, ((control >>> 14) & 7) + 1 + ((control >>> 17) & 7) + 1 + ((control >>> 20) & 7) + 1 + ((control >>> 23) & 7) + 1);
      return;
    case 19:
      key.stream = 'intention';
      key.first = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      key.second = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      step(cursor, ((control >>> 14) & 7) + 1 + ((control >>> 17) & 7) + 1);
      step(cursor, 1);
      return;
    case 20:
      key.stream = 'intention';
      key.first = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      key.second = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      step(cursor, ((control >>> 14) & 7) + 1 + ((control >>> 17) & 7) + 1 + ((control >>> 20) & 7) + 1 + ((control >>> 23) & 7) + 1);
      step(cursor, 1);
      return;
    case 21:
      key.stream = 'intention';
      key.first = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      key.second = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      step(cursor, ((control >>> 14) & 7) + 1 + ((control >>> 17) & 7) + 1);
      return;
    case 22:
      key.stream = 'intention';
      key.first = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      key.second = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      step(cursor, ((control >>> 14) & 7) + 1 + ((control >>> 17) & 7) + 1 + ((control >>> 20) & 7) + 1);
      return;
    case 23:
      key.stream = 'intention';
      key.first = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      key.second = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      step(cursor, ((control >>> 14) & 7) + 1);
      step(cursor, 1);
      return;
    case 24:
      key.stream = 'intention';
      key.first = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      key.second = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      step(cursor, ((control >>> 14) & 7) + 1);
      return;
    case 25:
      key.stream = 'intention';
      key.first = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      key.second = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      step(cursor, ((control >>> 14) & 7) + 1 + ((control >>> 17) & 7) + 1);
      step(cursor, takeInteger(cursor));
      return;
    case 26:
      key.stream = 'intention';
      key.first = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      key.second = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      step(cursor, ((control >>> 14) & 7) + 1 + ((control >>> 17) & 7) + 1 + ((control >>> 20) & 7) + 1);
      step(cursor, takeInteger(cursor));
      return;
    case 32:
      key.stream = 'deal';
      key.first = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      key.second = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      step(cursor, ((control >>> 14) & 7) + 1 + ((control >>> 17) & 7) + 1 + ((control >>> 20) & 7) + 1 + ((control >>> 23) & 7) + 1 + ((control >>> 26) & 7) + 1 + ((control >>> 29) & 7) + 1);
      step(cursor, 1);
      takeInteger(cursor);
      return;
    case 33:
      key.stream = 'deal';
      key.first = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      key.second = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      step(cursor, ((control >>> 14) & 7) + 1 + ((control >>> 17) & 7) + 1);
      step(cursor, 1);
      return;
    default:
      throw new DamagedEventError(`no event has the code ${control & 0xff}`, start);
  }
}
