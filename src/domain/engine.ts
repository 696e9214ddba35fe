import { Arrival, type Prospect, wouldDeal, wouldSelfTrade } from './arrival.js';
import { Auction, isCrossed, planUncross, type UncrossPlan, withdrawMarketIntentions } from './auction.js';
import { type RemoteShards, noRemoteShards } from './remote-shards.js';
import type { InstrumentTerms } from './instrument.js';
import type { DealDecision, ShardMessage } from './shard-message.js';
import { Mailbox, Message } from './mailbox.js';
import type { ListedInstrument, Market } from './market.js';
import { NONE } from './negotiator-table.js';
import { Handshake } from './handshake.js';
import type { Recorder } from './recorder.js';
import type { RefusalCode } from './refusal.js';
import { MAX_LOTS, Outcome, Phase, Pricing, SelfTrade, TimeInForce, WithdrawReason } from './terms.js';
import type { Timer } from './timers.js';

/**
 * Takes commands, one at a time: checks each against the market, records what it is, and lets the turns run that follow from it.
 * Deterministic: time comes in with each command, nothing else does.
 *
 * 1. A refused command has written nothing and changed nothing.
 * 2. A command is taken only when `isIdle`: no message waits, no arrival and no auction is under way.
 */
export class Engine {
  readonly market: Market;
  readonly mailbox = new Mailbox();
  readonly handshake: Handshake;
  private readonly arrival: Arrival;
  private readonly auction: Auction;

  constructor(
    readonly recorder: Recorder,
    elsewhere: RemoteShards = noRemoteShards,
  ) {
    this.market = recorder.market;
    this.handshake = new Handshake(recorder, this.mailbox, elsewhere);
    this.arrival = new Arrival(recorder, this.mailbox);
    this.auction = new Auction(recorder, this.mailbox);
  }

  get isIdle(): boolean {
    return this.mailbox.isEmpty && !this.arrival.isUnderWay && !this.auction.isUnderWay;
  }

  /** Runs turns until nothing is left to do, or until a handshake waits for a party that is being rebuilt. Lets what a negotiator throws pass. */
  runTurns(): void {
    const { mailbox, arrival, auction, handshake } = this;
    const { receive } = handshake;
    do {
      while (!mailbox.isEmpty) mailbox.deliver(receive);
      handshake.receiverId = 0;
    } while (arrival.advance() || auction.advance());
  }

  /**
   * Posts an intention and begins its arrival. A participant who is new, whose number is then the next one, is admitted first.
   * Returns its row, or why it is refused. `priceTicks` is 0 for a market intention.
   */
  post(
    intentionId: number,
    clientIntentionId: string,
    participant: string,
    participantId: number,
    instrument: ListedInstrument,
    side: number,
    pricing: number,
    priceTicks: number,
    quantityLots: number,
    timeInForce: number,
    postOnly: boolean,
    expiresAtMs: number,
    atMs: number,
  ): number | RefusalCode {
    if (pricing === Pricing.Limit && (priceTicks < instrument.minPriceTicks || priceTicks > instrument.maxPriceTicks)) {
      return 'PRICE_OUT_OF_BAND';
    }
    const isCall = instrument.phase === Phase.Call;
    if (isCall) {
      if (postOnly || timeInForce === TimeInForce.Fok) return 'WRONG_PHASE';
      if (timeInForce === TimeInForce.Ioc && pricing === Pricing.Limit) return 'WRONG_PHASE';
    }
    if (!isCall && (postOnly || instrument.selfTrade === SelfTrade.RefuseArriving)) {
      const price = pricing === Pricing.Market ? undefined : priceTicks;
      const refusal = this.forbidden(instrument, { side, priceTicks: price, quantityLots, participantId }, postOnly);
      if (refusal !== undefined) return refusal;
    }
    if (participantId === this.market.participants.length)
      this.recorder.participantAdmitted(participantId, participant, atMs);
    const row = this.recorder.intentionPosted(
      intentionId,
      clientIntentionId,
      participantId,
      instrument.instrumentId,
      side,
      pricing,
      priceTicks,
      quantityLots,
      timeInForce,
      postOnly,
      expiresAtMs,
      atMs,
    );
    if (isCall) this.market.placeArriving();
    else this.arrival.begin(row);
    return row;
  }

  private forbidden(instrument: ListedInstrument, prospect: Prospect, postOnly: boolean): RefusalCode | undefined {
    if (postOnly && wouldDeal(instrument, prospect)) return 'POST_ONLY_WOULD_DEAL';
    const refusesOwn = instrument.selfTrade === SelfTrade.RefuseArriving;
    return refusesOwn && wouldSelfTrade(this.market, instrument, prospect) ? 'SELF_TRADE' : undefined;
  }

  withdraw(row: number, atMs: number): RefusalCode | undefined {
    if (this.market.negotiators.isClosing(row)) return 'INTENTION_CLOSED';
    this.recorder.intentionWithdrawn(row, WithdrawReason.Requested, atMs);
    return undefined;
  }

  /** Makes it smaller. By all that is left: withdraws it. */
  reduce(row: number, byLots: number, atMs: number): RefusalCode | undefined {
    const { negotiators } = this.market;
    if (negotiators.isClosing(row)) return 'INTENTION_CLOSED';
    const free = negotiators.freeLots(row);
    if (byLots > free) return 'NOT_LESS';
    if (byLots === free && negotiators.reservedLots(row) === 0) return this.withdraw(row, atMs);
    this.recorder.intentionReduced(row, byLots, atMs);
    return undefined;
  }

  replace(row: number, priceTicks: number, openLots: number, atMs: number): RefusalCode | undefined {
    const { negotiators } = this.market;
    if (negotiators.isClosing(row)) return 'INTENTION_CLOSED';
    if (negotiators.isMarket(row)) return 'INVALID_COMBINATION';
    if (negotiators.reservedLots(row) > 0) return 'DEAL_UNDECIDED'; // with a side in another shard
    if (negotiators.filledLots(row) + openLots > MAX_LOTS) return 'QUANTITY_TOO_LARGE';
    const instrument = this.market.instrument(negotiators.instrumentId(row));
    if (priceTicks < instrument.minPriceTicks || priceTicks > instrument.maxPriceTicks) return 'PRICE_OUT_OF_BAND';
    if (instrument.phase === Phase.Call) {
      this.recorder.intentionAmended(row, priceTicks, openLots, atMs);
      return undefined;
    }
    const participantId = negotiators.participantId(row);
    const prospect: Prospect = { side: negotiators.side(row), priceTicks, quantityLots: openLots, participantId };
    const refusal = this.forbidden(instrument, prospect, negotiators.isPostOnly(row));
    if (refusal !== undefined) return refusal;
    this.recorder.intentionAmended(row, priceTicks, openLots, atMs);
    this.arrival.begin(row);
    return undefined;
  }

  /** Lists an instrument, or changes what may change of a listed one. Listing the same terms again changes nothing. */
  list(terms: InstrumentTerms, atMs: number): RefusalCode | undefined {
    const listed = this.market.instrumentBySymbol(terms.symbol);
    if (listed === undefined) {
      this.recorder.instrumentListed(this.market.instruments.length + 1, terms, atMs);
      return undefined;
    }
    const fixed = ['priceDecimals', 'tickSize', 'quantityDecimals', 'lotSize'] as const;
    if (fixed.some((field) => listed[field] !== terms[field])) return 'INSTRUMENT_DIFFERS';
    const changeable = ['minPriceTicks', 'maxPriceTicks', 'priceRule', 'selfTrade'] as const;
    if (changeable.some((field) => listed[field] !== terms[field])) {
      this.recorder.instrumentListed(listed.instrumentId, terms, atMs);
    }
    return undefined;
  }

  /** Going continuous needs a board that does not cross: uncross it first. */
  changePhase(instrument: ListedInstrument, phase: number, atMs: number): RefusalCode | undefined {
    if (instrument.phase === phase) return undefined;
    if (phase === Phase.Continuous) {
      if (isCrossed(instrument.board)) return 'WRONG_PHASE';
      withdrawMarketIntentions(this.recorder, instrument);
    }
    this.recorder.phaseChanged(instrument.instrumentId, phase, atMs);
    return undefined;
  }

  uncross(instrument: ListedInstrument, atMs: number): UncrossPlan | RefusalCode {
    if (instrument.phase !== Phase.Call) return 'WRONG_PHASE';
    const plan = planUncross(instrument.board);
    this.recorder.auctionUncrossed(instrument.instrumentId, plan.priceTicks, plan.volumeLots, atMs);
    this.auction.begin(instrument);
    return plan;
  }

  /** Something fell due. Whether it still means anything is decided here. */
  onTimer(timer: Timer, atMs: number): void {
    this.disarm(timer);
    const row = this.market.negotiators.rowOf(timer.intentionId);
    if (row === NONE) return;
    switch (timer.kind) {
      case 'expiry':
        if (!this.market.negotiators.isClosing(row)) this.recorder.intentionExpired(row, atMs);
        return;
      case 'initiatorDeadline':
        this.mailbox.send(Message.InitiatorDeadline, timer.intentionId, row, 0, NONE, timer.dealNumber, 0, 0);
        return;
      case 'responderDeadline':
        this.mailbox.send(
          Message.ResponderDeadline,
          timer.intentionId,
          row,
          timer.initiatorId,
          NONE,
          timer.dealNumber,
          0,
          0,
        );
    }
  }

  /** A deadline has passed; if its deal is still in flight after the turn, it gets another. */
  private disarm({ kind, initiatorId, dealNumber }: Timer): void {
    const { deals } = this.market;
    const index = kind === 'expiry' ? NONE : deals.find(initiatorId, dealNumber);
    if (index === NONE) return;
    if (kind === 'initiatorDeadline') deals.at(index).isInitiatorTimed = false;
    else deals.at(index).isResponderTimed = false;
  }

  /** A message from a negotiator of another shard, in the words of this one. What is for somebody who is gone is dropped. */
  receive(message: ShardMessage, atMs: number): void {
    const { negotiators } = this.market;
    const { kind, toId, fromId, dealNumber, lots } = message;
    const row = negotiators.rowOf(toId);
    if (row === NONE) return;
    if (message.instrument !== '' && !this.isCounterpart(row, message)) {
      if (kind === Message.Proposal) this.handshake.declineStray(row, fromId, dealNumber);
      return;
    }
    const priceTicks = kind === Message.Acceptance ? this.participant(message.participant, atMs) : message.priceTicks;
    this.mailbox.send(kind, toId, row, fromId, NONE, dealNumber, priceTicks, lots);
  }

  /** Whether the sender is on the other side of the same instrument. No safety rests on a board, and least on one elsewhere. */
  private isCounterpart(row: number, { instrument, side }: ShardMessage): boolean {
    const { negotiators } = this.market;
    return (
      instrument === this.market.instrument(negotiators.instrumentId(row)).symbol && side !== negotiators.side(row)
    );
  }

  /** The number of a participant, who is admitted if new. */
  private participant(name: string, atMs: number): number {
    const { participantIds, participants } = this.market;
    const known = participantIds.get(name);
    if (known !== undefined) return known;
    const participantId = participants.length;
    this.recorder.participantAdmitted(participantId, name, atMs);
    return participantId;
  }

  /** What the log of the initiator's shard says of a deal that a responder here has looked up; undefined where it is silent. */
  ledgerSays(responderId: number, initiatorId: number, dealNumber: number, decision: DealDecision | undefined): void {
    const kind =
      decision === undefined
        ? Message.LedgerSilent
        : decision.outcome === Outcome.Confirmed
          ? Message.LedgerConfirmed
          : Message.LedgerAborted;
    const { priceTicks, quantityLots } = decision ?? { priceTicks: 0, quantityLots: 0 };
    const row = this.market.negotiators.rowOf(responderId);
    this.mailbox.send(kind, responderId, row, initiatorId, NONE, dealNumber, priceTicks, quantityLots);
  }

  /** A party of the handshake under way was rebuilt or parked: what it was asked may be lost, so the arrival or auction asks anew. */
  askAgain(): void {
    this.arrival.askAgain();
    this.auction.askAgain();
  }

  /** After a replay: settles or resumes each deal that the end of the log left in doubt. */
  resumeDeals(): void {
    this.market.placeArriving();
    this.market.deals.forEach((deal) => {
      const { initiatorRow, responderRow, initiatorId, responderId } = deal;
      if (initiatorRow !== NONE) this.mailbox.send(Message.Restarted, initiatorId, initiatorRow, 0, NONE, 0, 0, 0);
      else if (responderRow !== NONE) this.mailbox.send(Message.Restarted, responderId, responderRow, 0, NONE, 0, 0, 0);
    });
  }

  /** After that: the arrival or the auction that was under way goes on. */
  resumeArrival(): void {
    const { arrivingId, auctionInstrumentId, negotiators } = this.market;
    if (auctionInstrumentId !== 0) this.auction.begin(this.market.instrument(auctionInstrumentId));
    const row = arrivingId === 0 ? NONE : negotiators.rowOf(arrivingId);
    if (row === NONE || negotiators.isClosing(row)) return;
    if (this.market.instrument(negotiators.instrumentId(row)).phase === Phase.Continuous) this.arrival.begin(row);
  }
}
