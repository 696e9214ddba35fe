import { NoopHandler, type Journal } from '../src/domain/journal.generated.js';
import { Fold } from '../src/events/fold.js';

type Listener = keyof Journal;

const ignored: Journal = NoopHandler.prototype;
const events = Object.getOwnPropertyNames(ignored).filter((name) => name !== 'constructor') as Listener[]; // it has nothing else

/**
 * Several folds told in one pass, each event decoded once. Only those folds that listen to an event are called.
 *
 * 1. A fold that is called sees its own `position`; `align` brings the others, which had nothing to hear, up to the same one.
 */
export class FanOut extends Fold {
  private readonly to: Readonly<Record<Listener, readonly Fold[]>>;

  constructor(private readonly folds: readonly Fold[]) {
    super();
    const listening = (event: Listener): readonly Fold[] => folds.filter((fold) => fold[event] !== ignored[event]);
    this.to = Object.fromEntries(events.map((event) => [event, listening(event)])) as typeof this.to; // `events` names every one
  }

  /** To be called after the last event of a pass. */
  align(): void {
    for (const fold of this.folds) fold.position = this.position;
  }

  override shardStarted(revision: number, shard: number, epoch: number, atMs: number): void {
    for (const fold of this.to.shardStarted) {
      fold.position = this.position;
      fold.shardStarted(revision, shard, epoch, atMs);
    }
  }

  override lossAccepted(revision: number, knownPosition: number, evidence: string, atMs: number): void {
    for (const fold of this.to.lossAccepted) {
      fold.position = this.position;
      fold.lossAccepted(revision, knownPosition, evidence, atMs);
    }
  }

  override batchSealed(revision: number, digest: Uint8Array): void {
    for (const fold of this.to.batchSealed) {
      fold.position = this.position;
      fold.batchSealed(revision, digest);
    }
  }

  override participantAdmitted(revision: number, participantId: number, name: string, atMs: number): void {
    for (const fold of this.to.participantAdmitted) {
      fold.position = this.position;
      fold.participantAdmitted(revision, participantId, name, atMs);
    }
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
    for (const fold of this.to.instrumentListed) {
      fold.position = this.position;
      fold.instrumentListed(
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
  }

  override phaseChanged(revision: number, instrumentId: number, phase: number, atMs: number): void {
    for (const fold of this.to.phaseChanged) {
      fold.position = this.position;
      fold.phaseChanged(revision, instrumentId, phase, atMs);
    }
  }

  override auctionUncrossed(
    revision: number,
    instrumentId: number,
    priceTicks: number,
    volumeLots: number,
    atMs: number,
  ): void {
    for (const fold of this.to.auctionUncrossed) {
      fold.position = this.position;
      fold.auctionUncrossed(revision, instrumentId, priceTicks, volumeLots, atMs);
    }
  }

  override intentionPosted(
    intentionId: number,
    revision: number,
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
    for (const fold of this.to.intentionPosted) {
      fold.position = this.position;
      fold.intentionPosted(
        intentionId,
        revision,
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
    }
  }

  override proposalMade(
    intentionId: number,
    revision: number,
    dealNumber: number,
    counterpartyId: number,
    priceTicks: number,
    quantityLots: number,
  ): void {
    for (const fold of this.to.proposalMade) {
      fold.position = this.position;
      fold.proposalMade(intentionId, revision, dealNumber, counterpartyId, priceTicks, quantityLots);
    }
  }

  override proposalAccepted(
    intentionId: number,
    revision: number,
    initiatorId: number,
    dealNumber: number,
    priceTicks: number,
    quantityLots: number,
  ): void {
    for (const fold of this.to.proposalAccepted) {
      fold.position = this.position;
      fold.proposalAccepted(intentionId, revision, initiatorId, dealNumber, priceTicks, quantityLots);
    }
  }

  override proposalDeclined(
    intentionId: number,
    revision: number,
    initiatorId: number,
    dealNumber: number,
    reason: number,
  ): void {
    for (const fold of this.to.proposalDeclined) {
      fold.position = this.position;
      fold.proposalDeclined(intentionId, revision, initiatorId, dealNumber, reason);
    }
  }

  override dealSettled(
    intentionId: number,
    revision: number,
    initiatorId: number,
    dealNumber: number,
    outcome: number,
    priceTicks: number,
    quantityLots: number,
  ): void {
    for (const fold of this.to.dealSettled) {
      fold.position = this.position;
      fold.dealSettled(intentionId, revision, initiatorId, dealNumber, outcome, priceTicks, quantityLots);
    }
  }

  override intentionReduced(intentionId: number, revision: number, byLots: number, atMs: number): void {
    for (const fold of this.to.intentionReduced) {
      fold.position = this.position;
      fold.intentionReduced(intentionId, revision, byLots, atMs);
    }
  }

  override intentionAmended(
    intentionId: number,
    revision: number,
    priceTicks: number,
    openLots: number,
    atMs: number,
  ): void {
    for (const fold of this.to.intentionAmended) {
      fold.position = this.position;
      fold.intentionAmended(intentionId, revision, priceTicks, openLots, atMs);
    }
  }

  override intentionWithdrawn(intentionId: number, revision: number, reason: number, atMs: number): void {
    for (const fold of this.to.intentionWithdrawn) {
      fold.position = this.position;
      fold.intentionWithdrawn(intentionId, revision, reason, atMs);
    }
  }

  override intentionExpired(intentionId: number, revision: number, atMs: number): void {
    for (const fold of this.to.intentionExpired) {
      fold.position = this.position;
      fold.intentionExpired(intentionId, revision, atMs);
    }
  }

  override dealConfirmed(
    initiatorId: number,
    dealNumber: number,
    revision: number,
    responderId: number,
    instrumentId: number,
    initiatorSide: number,
    initiatorParticipantId: number,
    responderParticipantId: number,
    priceTicks: number,
    quantityLots: number,
  ): void {
    for (const fold of this.to.dealConfirmed) {
      fold.position = this.position;
      fold.dealConfirmed(
        initiatorId,
        dealNumber,
        revision,
        responderId,
        instrumentId,
        initiatorSide,
        initiatorParticipantId,
        responderParticipantId,
        priceTicks,
        quantityLots,
      );
    }
  }

  override dealAborted(
    initiatorId: number,
    dealNumber: number,
    revision: number,
    responderId: number,
    reason: number,
  ): void {
    for (const fold of this.to.dealAborted) {
      fold.position = this.position;
      fold.dealAborted(initiatorId, dealNumber, revision, responderId, reason);
    }
  }
}
