import type * as Recorded from '../journal.generated.js';
import { BrokenHistoryError, MarketDirectory } from '../market-directory.js';
import { Timers } from '../negotiators/timers.js';
import { WithdrawReason } from '../terms.js';
import { Exposures } from './exposures.js';
import { isKeptLimit } from './limit-check.js';
import { Limits } from './limits.js';
import { OwedWithdrawals } from './owed-withdrawals.js';
import { Switches } from './switches.js';

/** What guards a market: the limits and switches of its participants, what they hold and have open, and what falls due. */
export class GuardedMarket extends MarketDirectory {
  /** Events in the shard's own stream so far. */
  shardRevision = 0;
  /** The latest time that an event has named, in milliseconds since 1970. */
  nowMs = 0;
  /** What the latest command began, which is all that can be unfinished: the arrival of an intention, or an instrument's auction. 0 for none. */
  arrivingId = 0;
  auctionInstrumentId = 0;
  readonly timers = new Timers();
  readonly exposures = new Exposures();
  readonly limits = new Limits();
  readonly switches = new Switches(this.timers);
  readonly owed = new OwedWithdrawals();

  applySwitchSet(event: Recorded.SwitchSet): void {
    this.applyOwnEvent(event.atMs);
    this.switches.set(event);
  }

  applySwitchLapsed({ participantId, atMs }: Recorded.SwitchLapsed, position: number): void {
    this.applyOwnEvent(atMs);
    this.switches.lapsed(participantId);
    this.owed.add({ participantId, instrumentId: 0, reason: WithdrawReason.SwitchLapsed, before: position });
  }

  applyLimitsSet(event: Recorded.LimitsSet, position: number): void {
    const { openQuantity, netPosition } = event;
    if (!isKeptLimit(openQuantity) || !isKeptLimit(netPosition)) {
      throw new BrokenHistoryError(`limits of participant ${event.participantId} are no plain decimals`);
    }
    this.applyOwnEvent(event.atMs);
    this.limits.set(event);
    this.exposures.watch(this.limits.isAny, this.negotiators);
    const { participantId, instrumentId, withdraws } = event;
    if (withdraws) this.owed.add({ participantId, instrumentId, reason: WithdrawReason.Halted, before: position });
  }

  applyPostRefused(event: Recorded.PostRefused): void {
    this.applyOwnEvent(event.atMs);
    this.limits.refused(event);
  }

  /** So much more of an intention is open, or less. */
  protected opened(row: number, lots: number): void {
    const { negotiators } = this;
    this.exposures.opened(negotiators.participantId(row), negotiators.instrumentId(row), negotiators.side(row), lots);
  }

  protected beginNothing(): void {
    this.arrivingId = 0;
    this.auctionInstrumentId = 0;
  }

  protected applyTime(atMs: number): void {
    if (atMs > this.nowMs) this.nowMs = atMs;
  }

  /** Of the shard's own stream, and a command of its own. */
  private applyOwnEvent(atMs: number): void {
    this.shardRevision++;
    this.beginNothing();
    this.applyTime(atMs);
  }
}
