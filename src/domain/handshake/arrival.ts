import { Index } from '../ids.js';
import { type BoardSide, keyOf } from '../board/board.js';
import { MessageKind, type Mailbox } from '../negotiators/mailbox.js';
import type { FusedHandshake } from './fused-handshake.js';
import type { Market } from '../market.js';
import type { ListedInstrument } from '../market-directory.js';
import type { Recorder } from '../recorder.js';
import { PriceRule, SelfTrade, Side, TimeInForce, WithdrawReason } from '../terms.js';

/**
 * Takes an arriving intention past the board: announces it to the standing negotiator with the best price, the oldest of them first,
 * waits for that handshake to end, and goes on until the arrival is filled or nobody crosses. Then it comes to rest, or what is
 * left is withdrawn.
 *
 * 1. At most one arrival is under way in a shard, and no command is taken before it has ended; so price-time priority is exact.
 * 2. It keeps nothing that the log does not know but who declined; after a crash it is simply begun again.
 */
export class Arrival {
  private row: number = Index.None;
  private id = 0;
  private askedId = 0;
  private filledBefore = 0;
  /** Standing intentions that were asked and did not deal; empty in almost every arrival. */
  private readonly passedOver = new Set<number>();
  private readonly market: Market;

  constructor(
    private readonly recorder: Recorder,
    private readonly mailbox: Mailbox,
    /** Undefined: every handshake goes by messages. */
    private readonly fused: FusedHandshake | undefined,
  ) {
    this.market = recorder.market;
  }

  get isUnderWay(): boolean {
    return this.row !== Index.None;
  }

  /** Begins, or begins again, the arrival of an intention that has been posted or amended. */
  begin(row: number): void {
    this.row = row;
    this.id = this.market.negotiators.id(row);
    this.askedId = 0;
    if (this.passedOver.size > 0) this.passedOver.clear();
  }

  /** Whom it asked last may never have heard of it: that they did not deal says nothing. */
  askAgain(): void {
    this.askedId = 0;
  }

  /** To be called when no message is waiting. True when it sent one, or has made a deal at once and may make more. */
  advance(): boolean {
    const { row } = this;
    if (row === Index.None) return false;
    const { negotiators, deals } = this.market;
    if (negotiators.id(row) !== this.id || negotiators.isClosing(row)) {
      this.row = Index.None;
      return false;
    }
    if (deals.isAnyWithin) return false; // a party of the handshake is being rebuilt; its restart brings this back
    if (this.askedId !== 0 && negotiators.filledLots(row) === this.filledBefore) this.passedOver.add(this.askedId);
    const instrument = this.market.instrument(negotiators.instrumentId(row));
    const standing = this.isHopeless(row, instrument) ? Index.None : this.nextToAsk(row, instrument);
    if (standing === Index.None) {
      this.comeToRest(row);
      return false;
    }
    const priceTicks = dealPriceTicks(this.market, instrument, standing, row);
    if (this.fused?.settle(standing, row, priceTicks) === true) {
      this.askedId = 0;
      return true;
    }
    this.askedId = negotiators.id(standing);
    this.filledBefore = negotiators.filledLots(row);
    const announcement = this.mailbox.draft(MessageKind.Announcement, this.askedId, standing);
    announcement.fromId = this.id;
    announcement.fromRow = row;
    announcement.priceTicks = priceTicks;
    announcement.lots = negotiators.freeLots(row);
    this.mailbox.send(announcement);
    return true;
  }

  /** A fill-or-kill that has not begun to deal and cannot be filled whole: it takes effect whole or not at all. */
  private isHopeless(row: number, instrument: ListedInstrument): boolean {
    const { negotiators } = this.market;
    if (negotiators.timeInForce(row) !== TimeInForce.Fok || negotiators.filledLots(row) > 0) return false;
    return !canFill(this.market, instrument, row);
  }

  /** The oldest intention at the best price that crosses and was not asked in vain before. Withdraws own ones where the rule says so. */
  private nextToAsk(row: number, instrument: ListedInstrument): number {
    const { negotiators } = this.market;
    const side = instrument.board.opposite(negotiators.side(row));
    const worstKey = worstCrossingKey(this.market, row, side);
    const withdrawOwn = instrument.selfTrade === SelfTrade.WithdrawStanding;
    for (;;) {
      const standing =
        this.passedOver.size === 0 ? bestDownTo(side, worstKey) : this.firstNotPassedOver(side, worstKey);
      if (standing === Index.None) return Index.None;
      if (!withdrawOwn || negotiators.participantId(standing) !== negotiators.participantId(row)) return standing;
      this.recorder.intentionWithdrawn(standing, WithdrawReason.SelfTrade, this.market.nowMs);
    }
  }

  private firstNotPassedOver(side: BoardSide, worstKey: number): number {
    let found: number = Index.None;
    side.visitDownTo(worstKey, (standing) => {
      if (this.passedOver.has(this.market.negotiators.id(standing))) return true;
      found = standing;
      return false;
    });
    return found;
  }

  private comeToRest(row: number): void {
    const { negotiators, nowMs } = this.market;
    this.row = Index.None;
    const timeInForce = negotiators.timeInForce(row);
    if (!negotiators.isMarket(row) && timeInForce !== TimeInForce.Ioc && timeInForce !== TimeInForce.Fok) {
      this.market.placeArriving();
      return;
    }
    if (timeInForce === TimeInForce.Fok) this.recorder.intentionWithdrawn(row, WithdrawReason.FillOrKill, nowMs);
    else if (negotiators.isMarket(row)) this.recorder.intentionWithdrawn(row, WithdrawReason.MarketRemainder, nowMs);
    else this.recorder.intentionWithdrawn(row, WithdrawReason.ImmediateOrCancel, nowMs);
  }
}

function bestDownTo(side: BoardSide, worstKey: number): number {
  const best = side.bestKey();
  return best === undefined || best < worstKey ? Index.None : side.best();
}

/** The key of the worst price on the other side that a limit still reaches; a market intention, which has none, reaches every price. */
function worstKey(opposite: BoardSide, limitTicks: number | undefined): number {
  return limitTicks === undefined ? Number.NEGATIVE_INFINITY : keyOf(opposite.side, limitTicks);
}

function worstCrossingKey(market: Market, row: number, opposite: BoardSide): number {
  const { negotiators } = market;
  return worstKey(opposite, negotiators.isMarket(row) ? undefined : negotiators.limitTicks(row));
}

/** The price of a deal between a standing and an arriving intention, by the instrument's rule. A market side takes the other's limit. */
function dealPriceTicks(market: Market, instrument: ListedInstrument, standing: number, arriving: number): number {
  const { negotiators } = market;
  const standingTicks = negotiators.limitTicks(standing);
  if (instrument.priceRule === PriceRule.Standing || negotiators.isMarket(arriving)) return standingTicks;
  const arrivingTicks = negotiators.limitTicks(arriving);
  if (instrument.priceRule === PriceRule.Midpoint) return Math.floor((standingTicks + arrivingTicks) / 2);
  return negotiators.side(standing) === Side.Sell ? standingTicks : arrivingTicks;
}

/** The terms of an intention that has not been posted yet, as far as the board is concerned. */
export interface Prospect {
  readonly side: number;
  /** Undefined for a market intention. */
  readonly priceTicks: number | undefined;
  readonly quantityLots: number;
  readonly participantId: number;
}

/** Whether anything that stands would deal with it at once. */
export function wouldDeal(instrument: ListedInstrument, prospect: Prospect): boolean {
  const opposite = instrument.board.opposite(prospect.side);
  return bestDownTo(opposite, worstKey(opposite, prospect.priceTicks)) !== Index.None;
}

/** Whether it would meet an intention of its own participant before it is filled. */
export function wouldSelfTrade(market: Market, instrument: ListedInstrument, prospect: Prospect): boolean {
  const { negotiators } = market;
  const opposite = instrument.board.opposite(prospect.side);
  let left = prospect.quantityLots;
  let own = false;
  opposite.visitDownTo(worstKey(opposite, prospect.priceTicks), (row) => {
    own = negotiators.participantId(row) === prospect.participantId;
    left -= negotiators.freeLots(row);
    return !own && left > 0;
  });
  return own;
}

/** Whether what stands can fill it whole. Own intentions that would be withdrawn do not count. */
function canFill(market: Market, instrument: ListedInstrument, row: number): boolean {
  const { negotiators } = market;
  const opposite = instrument.board.opposite(negotiators.side(row));
  const withoutOwn = instrument.selfTrade === SelfTrade.WithdrawStanding;
  let left = negotiators.freeLots(row);
  opposite.visitDownTo(worstCrossingKey(market, row, opposite), (standing) => {
    const isBound = negotiators.openProposal(standing) !== Index.None; // to another shard, and silent until that is decided
    if (!isBound && (!withoutOwn || negotiators.participantId(standing) !== negotiators.participantId(row))) {
      left -= negotiators.freeLots(standing);
    }
    return left > 0;
  });
  return left <= 0;
}
