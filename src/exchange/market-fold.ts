import { ordinalOf } from '../domain/ids.js';
import { BrokenHistoryError, Market } from '../domain/market.js';
import { NONE } from '../domain/negotiator-table.js';
import { Fold } from '../events/fold.js';
import { GENESIS_DIGEST } from '../log/digest-chain.js';
import { IdempotencyIndex, contentHash } from './idempotency-index.js';

/** What a shard knows: its market, and who posted what under which client id. */
export interface ShardState {
  readonly market: Market;
  readonly clientIds: IdempotencyIndex;
  /** Digest of the latest sealed batch: where the chain goes on. */
  digest: Uint8Array;
}

export function emptyState(seed: number): ShardState {
  return { market: new Market(), clientIds: new IdempotencyIndex(seed), digest: GENESIS_DIGEST };
}

/** Replays a log into a shard's state: finds each event's row by id, and applies it by the same method that recorded it. */
export class MarketFold extends Fold {
  private readonly market: Market;

  constructor(readonly state: ShardState) {
    super();
    this.market = state.market;
  }

  private row(intentionId: number): number {
    const row = this.market.negotiators.rowOf(intentionId);
    if (row === NONE) {
      throw new BrokenHistoryError(`position ${this.position}: intention ${intentionId} is not open`);
    }
    return row;
  }

  override shardStarted(_revision: number, shard: number, epoch: number, atMs: number): void {
    this.market.applyShardStarted(shard, epoch, atMs);
  }

  override lossAccepted(_revision: number, _knownPosition: number, _evidence: string, atMs: number): void {
    this.market.applyLossAccepted(atMs);
  }

  override batchSealed(_revision: number, digest: Uint8Array): void {
    this.state.digest = digest.slice();
    this.market.applyBatchSealed();
  }

  override participantAdmitted(_revision: number, participantId: number, name: string, atMs: number): void {
    this.market.applyParticipantAdmitted(participantId, name, atMs);
  }

  override instrumentListed(
    _revision: number,
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
    this.market.applyInstrumentListed(
      instrumentId,
      {
        symbol,
        priceDecimals,
        tickSize,
        quantityDecimals,
        lotSize,
        minPriceTicks,
        maxPriceTicks,
        priceRule,
        selfTrade,
      },
      atMs,
    );
  }

  override phaseChanged(_revision: number, instrumentId: number, phase: number, atMs: number): void {
    this.market.applyPhaseChanged(instrumentId, phase, atMs);
  }

  override auctionUncrossed(
    _revision: number,
    instrumentId: number,
    priceTicks: number,
    volumeLots: number,
    atMs: number,
  ): void {
    this.market.applyAuctionUncrossed(instrumentId, priceTicks, volumeLots, atMs);
  }

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
    const { clientIds } = this.state;
    const content = contentHash(
      instrumentId,
      side,
      pricing,
      priceTicks,
      quantityLots,
      timeInForce,
      postOnly,
      expiresAtMs,
    );
    if (clientIds.find(participantId, clientIntentionId) !== 0) {
      throw new BrokenHistoryError(`position ${this.position}: ${clientIntentionId} was posted before`);
    }
    if (clientIds.add(content, this.position) !== ordinalOf(intentionId)) {
      throw new BrokenHistoryError(`position ${this.position}: intention ${intentionId} is out of sequence`);
    }
    this.market.applyIntentionPosted(
      this.position,
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

  override proposalMade(
    intentionId: number,
    _revision: number,
    dealNumber: number,
    counterpartyId: number,
    priceTicks: number,
    quantityLots: number,
  ): void {
    this.market.applyProposalMade(this.row(intentionId), dealNumber, counterpartyId, priceTicks, quantityLots);
  }

  override proposalAccepted(
    intentionId: number,
    _revision: number,
    initiatorId: number,
    dealNumber: number,
    priceTicks: number,
    quantityLots: number,
  ): void {
    this.market.applyProposalAccepted(this.row(intentionId), initiatorId, dealNumber, priceTicks, quantityLots);
  }

  override proposalDeclined(intentionId: number, _revision: number, initiatorId: number, dealNumber: number): void {
    this.market.applyProposalDeclined(this.row(intentionId), initiatorId, dealNumber);
  }

  override dealConfirmed(
    initiatorId: number,
    dealNumber: number,
    _revision: number,
    _responderId: number,
    instrumentId: number,
    _initiatorSide: number,
    _initiatorParticipantId: number,
    _responderParticipantId: number,
    _priceTicks: number,
    quantityLots: number,
  ): void {
    this.market.applyDealConfirmed(initiatorId, dealNumber, instrumentId, quantityLots);
  }

  override dealAborted(initiatorId: number, dealNumber: number): void {
    this.market.applyDealAborted(initiatorId, dealNumber);
  }

  override dealSettled(
    intentionId: number,
    _revision: number,
    initiatorId: number,
    dealNumber: number,
    outcome: number,
    priceTicks: number,
    quantityLots: number,
  ): void {
    const row = this.row(intentionId);
    this.market.applyDealSettled(row, initiatorId, dealNumber, outcome, priceTicks, quantityLots);
  }

  override intentionReduced(intentionId: number, _revision: number, byLots: number, atMs: number): void {
    this.market.applyIntentionReduced(this.row(intentionId), byLots, atMs);
  }

  override intentionAmended(
    intentionId: number,
    _revision: number,
    priceTicks: number,
    openLots: number,
    atMs: number,
  ): void {
    this.market.applyIntentionAmended(this.position, this.row(intentionId), priceTicks, openLots, atMs);
  }

  override intentionWithdrawn(intentionId: number, _revision: number, _reason: number, atMs: number): void {
    this.market.applyIntentionEnded(this.row(intentionId), atMs);
  }

  override intentionExpired(intentionId: number, _revision: number, atMs: number): void {
    this.market.applyIntentionEnded(this.row(intentionId), atMs);
  }
}
