import { TurnOutcome } from '../../domain/handshake/turn-outcome.js';
import { Index } from '../../domain/ids.js';
import type * as Recorded from '../../domain/journal.generated.js';
import { Phase, WithdrawReason } from '../../domain/terms.js';
import { type ByteCursor } from '../../events/bytes.js';
import { readEvent } from '../../events/codec.generated.js';
import { NoopHandler } from '../../events/handlers.generated.js';

/** An event without a time of its own. */
const UNTIMED = -1;

/**
 * Folds the turn in which an intention was posted from the log: from its IntentionPosted to the event before those of the next command.
 *
 * 1. What it comes to is what the recorder collected when the turn ran.
 * 2. The turn ends with the first event after the IntentionPosted that has a time, unless that is a consequence of the arrival: what is
 *    withdrawn of the arriving intention by its own terms, and who is withdrawn or parked because it arrived. Neither the end of a batch
 *    nor a crash ends it: what recovery resumes belongs to it.
 */
export class TurnFold extends NoopHandler {
  readonly outcome = new TurnOutcome();
  private instrumentId = 0;
  private belongs = false;
  private readonly decided = new Set<string>();

  /** Folds the events of another intention's turn from here on, of which the first is its IntentionPosted. */
  begin(intentionId: number): void {
    this.outcome.begin(intentionId);
    this.decided.clear();
  }

  /** Reads the event at the cursor. Returns whether it belongs to the turn. */
  take(cursor: ByteCursor): boolean {
    this.forgetEvent();
    readEvent(cursor, this);
    return this.belongs || this.atMs === UNTIMED;
  }

  private forgetEvent(): void {
    this.atMs = UNTIMED;
    this.belongs = false;
  }

  override shardStarted(): void {
    this.belongs = true;
  }

  override lossAccepted(): void {
    this.belongs = true;
  }

  override intentionPosted({ intentionId, instrumentId }: Recorded.IntentionPosted): void {
    if (intentionId !== this.outcome.intentionId) return;
    this.instrumentId = instrumentId;
    this.belongs = true;
  }

  override dealConfirmed(event: Recorded.DealConfirmed): void {
    const { initiatorId, dealNumber, responderId, priceTicks, quantityLots: lots } = event;
    if (!this.isFirst(event) || responderId !== this.outcome.intentionId) return;
    this.outcome.dealt({ initiatorId, dealNumber, priceTicks, lots, position: this.position });
  }

  override dealAborted(event: Recorded.DealAborted): void {
    this.isFirst(event);
  }

  /** Only the first decision of a deal counts. */
  private isFirst({ initiatorId, dealNumber }: Pick<Recorded.DealAborted, 'initiatorId' | 'dealNumber'>): boolean {
    const deal = `${initiatorId}-${dealNumber}`;
    if (this.decided.has(deal)) return false;
    this.decided.add(deal);
    return true;
  }

  override intentionWithdrawn({ intentionId, reason }: Recorded.IntentionWithdrawn): void {
    if (intentionId === this.outcome.intentionId) {
      this.belongs = isOfArrival(reason);
      if (this.belongs) this.outcome.closedReason = reason;
    } else {
      this.belongs =
        reason === WithdrawReason.SelfTrade || reason === WithdrawReason.Parked || this.mayBeOfPhase(reason);
    }
  }

  /**
   * Going continuous withdraws the market intentions that a call phase has collected, before it says so: then what looked like the end
   * of a market intention's own arrival was not.
   */
  override phaseChanged({ instrumentId, phase }: Recorded.PhaseChanged): void {
    const { outcome } = this;
    const isOwn = instrumentId === this.instrumentId && phase === Phase.Continuous;
    if (isOwn && this.mayBeOfPhase(outcome.closedReason)) outcome.closedReason = Index.None;
  }

  private mayBeOfPhase(reason: number): boolean {
    return reason === WithdrawReason.MarketRemainder && this.outcome.closedReason === reason;
  }
}

function isOfArrival(reason: number): boolean {
  switch (reason) {
    case WithdrawReason.ImmediateOrCancel:
    case WithdrawReason.FillOrKill:
    case WithdrawReason.MarketRemainder:
    case WithdrawReason.SelfTrade:
    case WithdrawReason.Parked:
      return true;
    default:
      return false;
  }
}
