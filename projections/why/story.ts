import type { Explanation, IntentionState, Reason } from './reasons.js';
import type { Standing, StandingBook } from './standing-book.js';
import { Watch } from './watch.js';

/** So many deals are told one by one. */
export const MAX_TOLD_DEALS = 500;

/** What is fixed about the intention when it is posted. */
export interface StoryTerms {
  readonly timeInForce: number;
  readonly postedTicks: number;
  readonly postedLots: number;
}

interface Auction {
  readonly position: number;
  readonly priceTicks: number;
  readonly volumeLots: number;
  readonly isReached: boolean;
  readonly wantedLots: number;
  readonly aheadLots: number;
  readonly filledBefore: number;
}

/** The story of one intention while it is being told: what happened to it so far, and what it is in the middle of. */
export class Story {
  state: IntentionState = 'open';
  filledLots = 0;
  private readonly reasons: Reason[] = [];
  private told = 0;
  private untold = { position: 0, deals: 0, lots: 0 };
  /** It was posted or amended, and the command after that has not come yet. */
  private isArriving = false;
  private watch: Watch | undefined;
  private auction: Auction | undefined;
  private lastPosition = 0;

  constructor(
    readonly intention: Standing,
    private readonly terms: StoryTerms,
    private readonly book: StandingBook,
  ) {}

  add(reason: Reason): void {
    this.lastPosition = Math.max(this.lastPosition, reason.position);
    if (reason.kind === 'deal' && ++this.told > MAX_TOLD_DEALS) {
      const { deals, lots } = this.untold;
      this.untold = { position: reason.position, deals: deals + 1, lots: lots + reason.lots };
      return;
    }
    this.reasons.push(reason);
  }

  /** Posted or amended, at `position`. */
  arrive(
    position: number,
    isCall: boolean,
    amendment?: { readonly priceTicks: number; readonly openLots: number },
  ): void {
    const facts = { position, isCall, ...this.book.otherSide(this.intention) };
    if (amendment === undefined) this.add({ kind: 'posted', ...facts });
    else this.add({ kind: 'amended', ...amendment, ...facts });
    this.isArriving = true;
    this.watch = undefined;
  }

  /** A command is taken: whatever the intention was in the middle of has ended. */
  rest(isCall: boolean): void {
    this.endAuction();
    if (!this.isArriving || this.state !== 'open') return;
    this.isArriving = false;
    if (!isCall) this.stand(this.lastPosition);
  }

  /** It stands in continuous trading from here on. */
  stand(position: number): void {
    const { intention } = this;
    this.watch = new Watch(intention);
    this.add({ kind: 'rested', position, openLots: intention.leftLots, ...this.book.ahead(intention) });
    const { bestTicks } = this.book.otherSide(intention);
    if (bestTicks !== undefined) this.watch.onOtherLimit(bestTicks, position);
  }

  onOtherLimit(priceTicks: number, position: number): void {
    this.watch?.onOtherLimit(priceTicks, position);
  }

  onDealOfOthers(one: Standing, other: Standing, lots: number, position: number): void {
    this.watch?.onDeal(one, other, lots, position);
  }

  beginAuction(
    position: number,
    priceTicks: number,
    volumeLots: number,
    isReached: (other: Standing) => boolean,
  ): void {
    const { intention, filledLots: filledBefore } = this;
    const ahead = this.book.ahead(intention, isReached);
    this.auction = {
      position,
      priceTicks,
      volumeLots,
      isReached: volumeLots > 0 && isReached(intention),
      wantedLots: intention.leftLots,
      aheadLots: ahead.betterLots + ahead.samePriceLots,
      filledBefore,
    };
  }

  get isInAuction(): boolean {
    return this.auction !== undefined;
  }

  private endAuction(): void {
    const { auction } = this;
    if (auction === undefined) return;
    this.auction = undefined;
    this.add(this.auctionReason(auction));
  }

  private auctionReason({ filledBefore, ...facts }: Auction): Reason {
    return { kind: 'auction', ...facts, dealtLots: this.filledLots - filledBefore };
  }

  /** What passed by since it came to rest is told now: it is amended or closed, or its instrument collects for an auction. */
  endWatch(): void {
    this.endAuction();
    for (const reason of this.watch?.reasons() ?? []) this.add(reason);
    this.watch = undefined;
  }

  end(state: IntentionState, reason: Reason): void {
    this.endWatch();
    this.state = state;
    this.add(reason);
  }

  /** The story so far; `last` is what can be said of it only now. Changes nothing. */
  explanation(last: readonly Reason[]): Explanation {
    const { intention, terms, untold, state, filledLots } = this;
    const pending = this.watch?.reasons() ?? [];
    if (this.auction !== undefined) pending.push(this.auctionReason(this.auction));
    const more: Reason[] = untold.deals > 0 ? [{ kind: 'more', ...untold }] : [];
    const told = [...this.reasons, ...pending, ...more].sort((one, other) => one.position - other.position);
    return {
      intentionId: intention.id,
      participantId: intention.participantId,
      instrumentId: intention.instrumentId,
      side: intention.side,
      pricing: intention.pricing,
      timeInForce: terms.timeInForce,
      postedTicks: terms.postedTicks,
      priceTicks: intention.priceTicks,
      postedLots: terms.postedLots,
      filledLots,
      openLots: state === 'open' ? intention.leftLots : 0,
      state,
      reasons: [...told, ...last],
    };
  }
}
