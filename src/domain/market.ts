import { type DealInFlight, DealsInFlight } from './handshake/deals.js';
import { IDS_PER_SHARD, Index, shardOf } from './ids.js';
import type * as Recorded from './journal.generated.js';
import { BrokenHistoryError } from './market-directory.js';
import { DealtMarket } from './handshake/dealt-market.js';
import { endDoubt, endProposal } from './handshake/promises.js';
import { Outcome } from './terms.js';

/**
 * The state of a shard: the fold of its log, and nothing else. Every `apply…` method is one event; the same methods run when the
 * event is first recorded and whenever it is replayed, so that replay cannot differ from life.
 *
 * 1. It changes in `apply…` methods alone, and they decide nothing.
 * 2. Rows are found by the caller: by hand while the exchange runs, by id during a replay.
 */
export class Market extends DealtMarket {
  shard = 0;
  epoch = 0;
  /** The highest intention id handed out. */
  lastIntentionId = 0;
  intentionsPosted = 0;
  dealsAborted = 0;
  /** Decisions that came after the first one of their deal, and changed nothing. */
  lateDecisions = 0;
  readonly deals = new DealsInFlight();

  get nextIntentionId(): number {
    return Math.max(this.lastIntentionId, this.shard * IDS_PER_SHARD) + 1;
  }

  /** Whether an intention's negotiator lives in another shard. */
  isRemote(intentionId: number): boolean {
    return shardOf(intentionId) !== this.shard;
  }

  // The shard's own stream.

  applyShardStarted({ shard, epoch, atMs }: Recorded.ShardStarted): void {
    this.shardRevision++;
    this.shard = shard;
    this.epoch = epoch;
    this.applyTime(atMs);
  }

  applyLossAccepted({ atMs }: Recorded.LossAccepted): void {
    this.shardRevision++;
    this.applyTime(atMs);
  }

  applyBatchSealed(): void {
    this.shardRevision++;
  }

  applyParticipantAdmitted(event: Recorded.ParticipantAdmitted): void {
    this.shardRevision++;
    this.admit(event);
    this.applyTime(event.atMs);
  }

  applyInstrumentListed(event: Recorded.InstrumentListed): void {
    this.shardRevision++;
    this.list(event);
    this.applyTime(event.atMs);
  }

  applyPhaseChanged({ instrumentId, phase, atMs }: Recorded.PhaseChanged): void {
    this.shardRevision++;
    const instrument = this.instrument(instrumentId);
    instrument.phase = phase;
    instrument.auctionLeftLots = 0;
    this.beginNothing();
    this.applyTime(atMs);
  }

  applyAuctionUncrossed({ instrumentId, priceTicks, volumeLots, atMs }: Recorded.AuctionUncrossed): void {
    this.shardRevision++;
    this.placeArriving();
    const instrument = this.instrument(instrumentId);
    instrument.auctionPriceTicks = priceTicks;
    instrument.auctionLeftLots = volumeLots;
    this.beginNothing();
    this.auctionInstrumentId = instrumentId;
    this.applyTime(atMs);
  }

  // Intentions.

  /**
   * Puts the arriving intention on the board, at the latest when the next one arrives. Until then it is nowhere: most arrivals are
   * filled before it matters. Changes nothing that anybody can see, so it may be called before anything looks at boards.
   */
  placeArriving(): void {
    const row = this.negotiators.arrivingRow;
    if (row === Index.None) return;
    if (!this.negotiators.isClosing(row)) this.boardSide(row).add(row);
    this.negotiators.place();
  }

  /** Returns the row of the new negotiator. */
  applyIntentionPosted(event: Recorded.IntentionPosted, position: number): number {
    const { negotiators } = this;
    const { intentionId, expiresAtMs } = event;
    this.placeArriving();
    const row = negotiators.create(event, position);
    if (expiresAtMs !== 0) {
      negotiators.setExpires(row);
      this.timers.add({ dueMs: expiresAtMs, kind: 'expiry', intentionId, dealNumber: 0, initiatorId: 0 });
    }
    this.lastIntentionId = intentionId;
    this.arrivingId = intentionId;
    this.auctionInstrumentId = 0;
    this.intentionsPosted++;
    this.applyTime(event.atMs);
    if (this.limits.isAny) {
      this.opened(row, event.quantityLots);
      this.limits.posted(event.participantId, event.instrumentId, event.atMs);
    }
    return row;
  }

  applyIntentionReduced(
    row: number,
    { byLots, clientCommandId, atMs }: Recorded.IntentionReduced,
    position: number,
  ): void {
    this.placeArriving();
    this.rememberCommand(row, clientCommandId, position);
    this.negotiators.nextRevision(row);
    this.negotiators.setQuantityLots(row, this.negotiators.quantityLots(row) - byLots);
    if (byLots > 0) this.boardSide(row).shrink(row, byLots);
    if (this.limits.isAny) this.opened(row, -byLots);
    this.beginNothing();
    this.applyTime(atMs);
  }

  applyIntentionAmended(
    row: number,
    { priceTicks, openLots, clientCommandId, atMs }: Recorded.IntentionAmended,
    position: number,
  ): void {
    const { negotiators } = this;
    this.placeArriving();
    negotiators.nextRevision(row);
    const side = this.boardSide(row);
    const openBefore = negotiators.openLots(row);
    side.remove(row, openBefore);
    if (this.limits.isAny) this.opened(row, openLots - openBefore);
    negotiators.setLimitTicks(row, priceTicks);
    negotiators.setQuantityLots(row, negotiators.filledLots(row) + openLots);
    negotiators.setPlacePosition(row, position);
    side.add(row);
    this.rememberCommand(row, clientCommandId, position);
    this.arrivingId = negotiators.id(row);
    this.auctionInstrumentId = 0;
    this.applyTime(atMs);
  }

  private rememberCommand(row: number, clientCommandId: string, position: number): void {
    if (clientCommandId !== '') this.commandIds.remember(this.negotiators.id(row), clientCommandId, position);
  }

  /** Withdrawn or expired: what is free is gone at once, what is reserved goes with its deal. */
  applyIntentionEnded(row: number, atMs: number): void {
    const { negotiators } = this;
    negotiators.nextRevision(row);
    if (negotiators.id(row) === this.arrivingId) this.arrivingId = 0;
    if (negotiators.level(row) !== Index.None) this.boardSide(row).remove(row, negotiators.openLots(row));
    if (this.limits.isAny) this.opened(row, negotiators.reservedLots(row) - negotiators.openLots(row));
    if (negotiators.reservedLots(row) === 0) {
      this.free(row);
    } else {
      negotiators.setClosing(row);
      negotiators.setQuantityLots(row, negotiators.filledLots(row) + negotiators.reservedLots(row));
    }
    this.applyTime(atMs);
  }

  // The handshake.

  applyProposalMade(
    row: number,
    { dealNumber, counterpartyId, priceTicks, quantityLots }: Recorded.ProposalMade,
  ): void {
    const { negotiators } = this;
    negotiators.nextRevision(row);
    const index = this.deals.open(negotiators.id(row), dealNumber, counterpartyId, priceTicks);
    const deal = this.deals.at(index);
    deal.proposedLots = quantityLots;
    deal.initiatorRow = row;
    negotiators.setProposals(row, dealNumber);
    negotiators.setOpenProposal(row, index);
    negotiators.reserve(row, quantityLots);
  }

  applyProposalAccepted(
    row: number,
    { initiatorId, dealNumber, priceTicks, quantityLots }: Recorded.ProposalAccepted,
  ): void {
    const { negotiators } = this;
    negotiators.nextRevision(row);
    let index = this.deals.find(initiatorId, dealNumber);
    if (index === Index.None) index = this.deals.open(initiatorId, dealNumber, negotiators.id(row), priceTicks);
    const deal = this.deals.at(index);
    deal.acceptedLots = quantityLots;
    deal.responderRow = row;
    deal.nextInDoubt = negotiators.firstInDoubt(row);
    negotiators.setFirstInDoubt(row, index);
    negotiators.reserve(row, quantityLots);
    if (deal.isCrossShard) this.answered.answer(negotiators.id(row), initiatorId, dealNumber, true);
  }

  applyProposalDeclined(row: number, { initiatorId, dealNumber }: Recorded.ProposalDeclined): void {
    this.negotiators.nextRevision(row);
    if (this.isRemote(initiatorId)) this.answered.answer(this.negotiators.id(row), initiatorId, dealNumber, false);
  }

  /** The first decision of a deal is the truth; any later one is counted and ignored. Returns whether it is the first. */
  applyDealConfirmed({ initiatorId, dealNumber, instrumentId, quantityLots }: Recorded.DealConfirmed): boolean {
    const deal = this.undecided(initiatorId, dealNumber);
    if (deal === undefined) return false;
    deal.decision = Outcome.Confirmed;
    deal.decidedLots = quantityLots;
    this.applyConfirmation(instrumentId, quantityLots);
    return true;
  }

  applyDealAborted({ initiatorId, dealNumber }: Recorded.DealAborted): void {
    const deal = this.undecided(initiatorId, dealNumber);
    if (deal === undefined) return;
    deal.decision = Outcome.Aborted;
    deal.decidedLots = 0;
    this.dealsAborted++;
  }

  private undecided(initiatorId: number, dealNumber: number): DealInFlight | undefined {
    const index = this.deals.find(initiatorId, dealNumber);
    const deal = index === Index.None ? undefined : this.deals.at(index);
    if (deal?.decision === Index.None) return deal;
    this.lateDecisions++;
    return undefined;
  }

  applyDealSettled(row: number, event: Recorded.DealSettled): void {
    const { initiatorId, dealNumber, outcome, priceTicks, quantityLots } = event;
    const { negotiators } = this;
    negotiators.nextRevision(row);
    const index = this.deals.find(initiatorId, dealNumber);
    if (index === Index.None)
      throw new BrokenHistoryError(`deal ${initiatorId}-${dealNumber} is settled but not in flight`);
    const deal = this.deals.at(index);
    const asInitiator = deal.initiatorRow === row;
    if (deal.decision === Index.None && this.isRemote(initiatorId)) deal.decision = outcome;
    const freedLots = asInitiator ? endProposal(negotiators, row, deal) : endDoubt(this, row, index);
    if (asInitiator) negotiators.setLastDecision(row, outcome, priceTicks, quantityLots);
    this.deals.closeIfSettled(index);
    negotiators.reserve(row, -freedLots);
    this.applyFill(row, freedLots, quantityLots);
  }
}
