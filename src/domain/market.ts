import { Board } from './board.js';
import { DealsInFlight, type DealInFlight } from './deals.js';
import { AnsweredProposals } from './answered-proposals.js';
import { IDS_PER_SHARD, shardOf } from './ids.js';
import type { Instrument, InstrumentTerms } from './instrument.js';
import { initialPhase } from './instrument.js';
import { NONE, NegotiatorTable } from './negotiator-table.js';
import { Outcome, Side } from './terms.js';
import { Timers } from './timers.js';

/** An instrument with its board and, during an uncross, what is still to be dealt at the auction's price. */
export interface ListedInstrument extends Instrument {
  readonly board: Board;
  auctionPriceTicks: number;
  auctionLeftLots: number;
}

/** The log tells of something that cannot have happened: it was not written by this exchange, or by a broken one. */
export class BrokenHistoryError extends Error {
  readonly code = 'BROKEN_HISTORY';
  constructor(message: string) {
    super(message);
    this.name = 'BrokenHistoryError';
  }
}

/**
 * The state of a shard: the fold of its log, and nothing else. Every `apply…` method is one event; the same methods run when the
 * event is first recorded and whenever it is replayed, so that replay cannot differ from life.
 *
 * 1. It changes in `apply…` methods alone, and they decide nothing.
 * 2. Rows are found by the caller: by hand while the exchange runs, by id during a replay.
 */
export class Market {
  shard = 0;
  epoch = 0;
  /** Events in the shard's own stream so far. */
  shardRevision = 0;
  /** The latest time that an event has named, in milliseconds since 1970. */
  nowMs = 0;
  /** The highest intention id handed out. */
  lastIntentionId = 0;
  /** What the latest command began, which is all that can be unfinished: the arrival of an intention, or an instrument's auction. 0 for none. */
  arrivingId = 0;
  auctionInstrumentId = 0;
  intentionsPosted = 0;
  dealsConfirmed = 0;
  dealsAborted = 0;
  lotsDealt = 0;
  /** Decisions that came after the first one of their deal, and changed nothing. */
  lateDecisions = 0;
  /** Names by participant id; ids start with 1. */
  readonly participants: string[] = [''];
  readonly participantIds = new Map<string, number>();
  private readonly listed: ListedInstrument[] = [];
  private readonly bySymbol = new Map<string, ListedInstrument>();
  readonly negotiators: NegotiatorTable;
  readonly deals = new DealsInFlight();
  readonly answered = new AnsweredProposals();
  readonly timers = new Timers();

  constructor(capacity?: number) {
    this.negotiators = new NegotiatorTable(capacity);
  }

  get nextIntentionId(): number {
    return Math.max(this.lastIntentionId, this.shard * IDS_PER_SHARD) + 1;
  }

  /** Whether an intention's negotiator lives in another shard. */
  isRemote(intentionId: number): boolean {
    return shardOf(intentionId) !== this.shard;
  }

  /** All instruments, in the order of their ids, which start with 1. */
  get instruments(): readonly ListedInstrument[] {
    return this.listed;
  }

  instrument(instrumentId: number): ListedInstrument {
    const instrument = this.listed[instrumentId - 1];
    if (instrument === undefined) throw new BrokenHistoryError(`no instrument has the number ${instrumentId}`);
    return instrument;
  }

  instrumentBySymbol(symbol: string): ListedInstrument | undefined {
    return this.bySymbol.get(symbol);
  }

  participantName(participantId: number): string {
    return this.participants[participantId] ?? '';
  }

  // The shard's own stream.

  applyShardStarted(shard: number, epoch: number, atMs: number): void {
    this.shardRevision++;
    this.shard = shard;
    this.epoch = epoch;
    this.applyTime(atMs);
  }

  applyLossAccepted(atMs: number): void {
    this.shardRevision++;
    this.applyTime(atMs);
  }

  applyBatchSealed(): void {
    this.shardRevision++;
  }

  applyParticipantAdmitted(participantId: number, name: string, atMs: number): void {
    this.shardRevision++;
    this.participants[participantId] = name;
    this.participantIds.set(name, participantId);
    this.applyTime(atMs);
  }

  applyInstrumentListed(instrumentId: number, terms: InstrumentTerms, atMs: number): void {
    this.shardRevision++;
    const before = this.listed[instrumentId - 1];
    if (before === undefined) {
      const board = new Board(this.negotiators);
      const instrument = {
        ...terms,
        instrumentId,
        phase: initialPhase,
        board,
        auctionPriceTicks: 0,
        auctionLeftLots: 0,
      };
      this.listed[instrumentId - 1] = instrument;
      this.bySymbol.set(terms.symbol, instrument);
    } else {
      Object.assign(before, terms);
    }
    this.applyTime(atMs);
  }

  applyPhaseChanged(instrumentId: number, phase: number, atMs: number): void {
    this.shardRevision++;
    const instrument = this.instrument(instrumentId);
    instrument.phase = phase;
    instrument.auctionLeftLots = 0;
    this.beginNothing();
    this.applyTime(atMs);
  }

  applyAuctionUncrossed(instrumentId: number, priceTicks: number, volumeLots: number, atMs: number): void {
    this.shardRevision++;
    this.placeArriving();
    const instrument = this.instrument(instrumentId);
    instrument.auctionPriceTicks = priceTicks;
    instrument.auctionLeftLots = volumeLots;
    this.beginNothing();
    this.auctionInstrumentId = instrumentId;
    this.applyTime(atMs);
  }

  /** Puts every negotiator on its board, in the order of their places: for rows that came from a snapshot. */
  rebuildBoards(): void {
    const { negotiators } = this;
    const rows: number[] = [];
    negotiators.forEachRow((row) => {
      if (!negotiators.isClosing(row)) rows.push(row);
    });
    rows.sort((one, other) => negotiators.placePosition(one) - negotiators.placePosition(other));
    for (const row of rows) this.boardSide(row).add(row);
  }

  // Intentions.

  /**
   * Puts the arriving intention on the board, at the latest when the next one arrives. Until then it is nowhere: most arrivals are
   * filled before it matters. Changes nothing that anybody can see, so whoever looks at boards may call it first.
   */
  placeArriving(): void {
    const row = this.negotiators.arrivingRow;
    if (row === NONE) return;
    if (!this.negotiators.isClosing(row)) this.boardSide(row).add(row);
    this.negotiators.place();
  }

  /** Returns the row of the new negotiator. */
  applyIntentionPosted(
    position: number,
    intentionId: number,
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
  ): number {
    const { negotiators } = this;
    this.placeArriving();
    const row = negotiators.create(
      intentionId,
      position,
      participantId,
      instrumentId,
      side,
      pricing,
      priceTicks,
      quantityLots,
      timeInForce,
      postOnly,
    );
    if (expiresAtMs !== 0) {
      negotiators.setExpires(row);
      this.timers.add({ dueMs: expiresAtMs, kind: 'expiry', intentionId, dealNumber: 0, initiatorId: 0 });
    }
    this.lastIntentionId = intentionId;
    this.arrivingId = intentionId;
    this.auctionInstrumentId = 0;
    this.intentionsPosted++;
    this.applyTime(atMs);
    return row;
  }

  applyIntentionReduced(row: number, byLots: number, atMs: number): void {
    this.placeArriving();
    this.negotiators.nextRevision(row);
    this.negotiators.setQuantityLots(row, this.negotiators.quantityLots(row) - byLots);
    this.boardSide(row).shrink(row, byLots);
    this.beginNothing();
    this.applyTime(atMs);
  }

  applyIntentionAmended(position: number, row: number, priceTicks: number, openLots: number, atMs: number): void {
    const { negotiators } = this;
    this.placeArriving();
    negotiators.nextRevision(row);
    const side = this.boardSide(row);
    side.remove(row, negotiators.openLots(row));
    negotiators.setLimitTicks(row, priceTicks);
    negotiators.setQuantityLots(row, negotiators.filledLots(row) + openLots);
    negotiators.setPlacePosition(row, position);
    side.add(row);
    this.arrivingId = negotiators.id(row);
    this.auctionInstrumentId = 0;
    this.applyTime(atMs);
  }

  /** Withdrawn or expired: what is free is gone at once, what is reserved goes with its deal. */
  applyIntentionEnded(row: number, atMs: number): void {
    const { negotiators } = this;
    negotiators.nextRevision(row);
    if (negotiators.id(row) === this.arrivingId) this.arrivingId = 0;
    if (negotiators.level(row) !== NONE) this.boardSide(row).remove(row, negotiators.openLots(row));
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
    dealNumber: number,
    counterpartyId: number,
    priceTicks: number,
    quantityLots: number,
  ): number {
    const { negotiators } = this;
    negotiators.nextRevision(row);
    const index = this.deals.open(negotiators.id(row), dealNumber, counterpartyId, priceTicks);
    const deal = this.deals.at(index);
    deal.proposedLots = quantityLots;
    deal.initiatorRow = row;
    negotiators.setProposals(row, dealNumber);
    negotiators.setOpenProposal(row, index);
    negotiators.reserve(row, quantityLots);
    return index;
  }

  applyProposalAccepted(
    row: number,
    initiatorId: number,
    dealNumber: number,
    priceTicks: number,
    quantityLots: number,
  ): void {
    const { negotiators } = this;
    negotiators.nextRevision(row);
    let index = this.deals.find(initiatorId, dealNumber);
    if (index === NONE) index = this.deals.open(initiatorId, dealNumber, negotiators.id(row), priceTicks);
    const deal = this.deals.at(index);
    deal.acceptedLots = quantityLots;
    deal.responderRow = row;
    deal.nextInDoubt = negotiators.firstInDoubt(row);
    negotiators.setFirstInDoubt(row, index);
    negotiators.reserve(row, quantityLots);
    if (deal.isCrossShard) this.answered.answer(negotiators.id(row), initiatorId, dealNumber, true);
  }

  applyProposalDeclined(row: number, initiatorId: number, dealNumber: number): void {
    this.negotiators.nextRevision(row);
    if (this.isRemote(initiatorId)) this.answered.answer(this.negotiators.id(row), initiatorId, dealNumber, false);
  }

  /** The first decision of a deal is the truth; any later one is counted and ignored. */
  applyDealConfirmed(initiatorId: number, dealNumber: number, instrumentId: number, quantityLots: number): void {
    const deal = this.undecided(initiatorId, dealNumber);
    if (deal === undefined) return;
    deal.decision = Outcome.Confirmed;
    deal.decidedLots = quantityLots;
    this.dealsConfirmed++;
    this.lotsDealt += quantityLots;
    const instrument = this.instrument(instrumentId);
    if (instrument.auctionLeftLots > 0) instrument.auctionLeftLots -= quantityLots;
  }

  applyDealAborted(initiatorId: number, dealNumber: number): void {
    const deal = this.undecided(initiatorId, dealNumber);
    if (deal === undefined) return;
    deal.decision = Outcome.Aborted;
    deal.decidedLots = 0;
    this.dealsAborted++;
  }

  private undecided(initiatorId: number, dealNumber: number): DealInFlight | undefined {
    const index = this.deals.find(initiatorId, dealNumber);
    const deal = index === NONE ? undefined : this.deals.at(index);
    if (deal?.decision === NONE) return deal;
    this.lateDecisions++;
    return undefined;
  }

  applyDealSettled(
    row: number,
    initiatorId: number,
    dealNumber: number,
    outcome: number,
    priceTicks: number,
    quantityLots: number,
  ): void {
    const { negotiators } = this;
    negotiators.nextRevision(row);
    const index = this.deals.find(initiatorId, dealNumber);
    if (index === NONE) throw new BrokenHistoryError(`deal ${initiatorId}-${dealNumber} is settled but not in flight`);
    const deal = this.deals.at(index);
    const asInitiator = deal.initiatorRow === row;
    if (deal.decision === NONE && this.isRemote(initiatorId)) deal.decision = outcome;
    const freedLots = asInitiator ? this.endProposal(row, deal) : this.endDoubt(row, deal, index);
    if (asInitiator) negotiators.setLastDecision(row, outcome, priceTicks, quantityLots);
    this.deals.closeIfSettled(index);
    negotiators.reserve(row, -freedLots);
    negotiators.fill(row, quantityLots);
    this.afterFill(row, freedLots, quantityLots);
  }

  private endProposal(row: number, deal: DealInFlight): number {
    this.negotiators.setOpenProposal(row, NONE);
    deal.initiatorRow = NONE;
    return deal.proposedLots;
  }

  private endDoubt(row: number, deal: DealInFlight, index: number): number {
    const { negotiators } = this;
    if (deal.responderRow !== row)
      throw new BrokenHistoryError(`intention ${negotiators.id(row)} has no part in that deal`);
    if (negotiators.firstInDoubt(row) === index) {
      negotiators.setFirstInDoubt(row, deal.nextInDoubt);
    } else {
      let before = this.deals.at(negotiators.firstInDoubt(row));
      while (before.nextInDoubt !== index) before = this.deals.at(before.nextInDoubt);
      before.nextInDoubt = deal.nextInDoubt;
    }
    deal.responderRow = NONE;
    return deal.acceptedLots;
  }

  private afterFill(row: number, freedLots: number, filledLots: number): void {
    const { negotiators } = this;
    if (negotiators.level(row) !== NONE) {
      const side = this.boardSide(row);
      if (filledLots > 0) side.shrink(row, filledLots);
      if (negotiators.openLots(row) > 0) return;
      side.remove(row, 0);
    } else {
      if (negotiators.isClosing(row)) {
        negotiators.setQuantityLots(row, negotiators.quantityLots(row) - (freedLots - filledLots));
      }
      if (negotiators.openLots(row) > 0) return;
    }
    this.free(row);
  }

  private free(row: number): void {
    if (!this.answered.isEmpty) this.answered.forget(this.negotiators.id(row));
    this.negotiators.free(row);
  }

  private boardSide(row: number): Board['bids'] {
    const { board } = this.instrument(this.negotiators.instrumentId(row));
    return this.negotiators.side(row) === Side.Buy ? board.bids : board.asks;
  }

  private beginNothing(): void {
    this.arrivingId = 0;
    this.auctionInstrumentId = 0;
  }

  private applyTime(atMs: number): void {
    if (atMs > this.nowMs) this.nowMs = atMs;
  }
}
