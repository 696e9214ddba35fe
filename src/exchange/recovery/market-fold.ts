import { Index, ordinalOf } from '../../domain/ids.js';
import type * as Recorded from '../../domain/journal.generated.js';
import { Market } from '../../domain/market.js';
import { BrokenHistoryError } from '../../domain/market-directory.js';
import type { EventHandler } from '../../events/handlers.generated.js';
import { GENESIS_DIGEST } from '../../log/digest-chain.js';
import { contentHash, IdempotencyIndex } from '../shard/idempotency-index.js';

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

/**
 * Replays a log into a shard's state: finds each event's row by id, and applies it by the same method that recorded it. No event is
 * ignored, so one that is new in the catalogue does not compile before it is applied here.
 */
export class MarketFold implements EventHandler {
  position = -1;
  atMs = 0;
  private readonly market: Market;

  constructor(readonly state: ShardState) {
    this.market = state.market;
  }

  private row(intentionId: number): number {
    const row = this.market.negotiators.rowOf(intentionId);
    if (row === Index.None) {
      throw new BrokenHistoryError(`position ${this.position}: intention ${intentionId} is not open`);
    }
    return row;
  }

  shardStarted(event: Recorded.ShardStarted): void {
    this.market.applyShardStarted(event);
  }

  lossAccepted(event: Recorded.LossAccepted): void {
    this.market.applyLossAccepted(event);
  }

  batchSealed({ digest }: Recorded.BatchSealed): void {
    this.state.digest = digest.slice();
    this.market.applyBatchSealed();
  }

  participantAdmitted(event: Recorded.ParticipantAdmitted): void {
    this.market.applyParticipantAdmitted(event);
  }

  instrumentListed(event: Recorded.InstrumentListed): void {
    this.market.applyInstrumentListed(event);
  }

  switchSet(event: Recorded.SwitchSet): void {
    this.market.applySwitchSet(event);
  }

  switchLapsed(event: Recorded.SwitchLapsed): void {
    this.market.applySwitchLapsed(event, this.position);
  }

  limitsSet(event: Recorded.LimitsSet): void {
    this.market.applyLimitsSet(event, this.position);
  }

  postRefused(event: Recorded.PostRefused): void {
    this.market.applyPostRefused(event);
  }

  phaseChanged(event: Recorded.PhaseChanged): void {
    this.market.applyPhaseChanged(event);
  }

  auctionUncrossed(event: Recorded.AuctionUncrossed): void {
    this.market.applyAuctionUncrossed(event);
  }

  intentionPosted(event: Recorded.IntentionPosted): void {
    const { clientIds } = this.state;
    const { position } = this;
    if (clientIds.find(event.participantId, event.clientIntentionId) !== 0) {
      throw new BrokenHistoryError(`position ${position}: ${event.clientIntentionId} was posted before`);
    }
    if (clientIds.add(contentHash(event), position) !== ordinalOf(event.intentionId)) {
      throw new BrokenHistoryError(`position ${position}: intention ${event.intentionId} is out of sequence`);
    }
    this.market.applyIntentionPosted(event, position);
  }

  proposalMade(event: Recorded.ProposalMade): void {
    this.market.applyProposalMade(this.row(event.intentionId), event);
  }

  proposalAccepted(event: Recorded.ProposalAccepted): void {
    this.market.applyProposalAccepted(this.row(event.intentionId), event);
  }

  proposalDeclined(event: Recorded.ProposalDeclined): void {
    this.market.applyProposalDeclined(this.row(event.intentionId), event);
  }

  dealConfirmed(event: Recorded.DealConfirmed): void {
    this.market.applyDealConfirmed(event);
  }

  dealAborted(event: Recorded.DealAborted): void {
    this.market.applyDealAborted(event);
  }

  dealSettled(event: Recorded.DealSettled): void {
    this.market.applyDealSettled(this.row(event.intentionId), event);
  }

  intentionReduced(event: Recorded.IntentionReduced): void {
    this.market.applyIntentionReduced(this.row(event.intentionId), event, this.position);
  }

  intentionAmended(event: Recorded.IntentionAmended): void {
    this.market.applyIntentionAmended(this.row(event.intentionId), event, this.position);
  }

  intentionWithdrawn({ intentionId, atMs }: Recorded.IntentionWithdrawn): void {
    this.market.applyIntentionEnded(this.row(intentionId), atMs);
  }

  intentionExpired({ intentionId, atMs }: Recorded.IntentionExpired): void {
    this.market.applyIntentionEnded(this.row(intentionId), atMs);
  }
}
