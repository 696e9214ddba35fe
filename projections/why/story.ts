import type { AuctionUncrossed, IntentionAmended } from '../../src/domain/journal.generated.js';
import { isWithinLimit } from '../audit/checks/predicates.js';
import type { StandingTerms } from '../handshake/chart.js';
import type { Ahead, Explanation, IntentionState, OtherSide, Reason, ReasonOf } from './reasons.js';
import { ahead, otherSide } from './surroundings.js';
import { Watch } from './watch.js';

/** So many deals are listed one by one; the rest are added up. */
export const MAX_TOLD_DEALS = 500;

/** What an auction is to the intention, until it is over. */
type Auction = Omit<ReasonOf<'auction'>, 'dealtLots'> & { readonly filledBefore: number };

/** The story of one intention, in the order of the log: what happened to it so far, and what it is in the middle of. */
export class Story {
  state: IntentionState = 'open';
  filledLots = 0;
  private readonly reasons: Reason[] = [];
  private told = 0;
  private untold = { position: 0, deals: 0, lots: 0 };
  /** It was posted or amended, and the command after that has not come yet. */
  private isArriving = false;
  /** What passes by, while it stands in continuous trading. */
  watch: Watch | undefined;
  private auction: Auction | undefined;
  private lastPosition = 0;
  private readonly postedTicks: number;
  private readonly postedLots: number;

  /** `intention` and `open` are as they stand in the log at every moment, from the moment on at which it is posted. */
  constructor(
    readonly intention: StandingTerms,
    private readonly open: ReadonlyMap<number, StandingTerms>,
  ) {
    this.postedTicks = intention.priceTicks;
    this.postedLots = intention.leftLots;
  }

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
  arrive(position: number, isCall: boolean, amendment?: IntentionAmended): void {
    const facts = { position, isCall, ...this.otherSide };
    if (amendment === undefined) this.add({ kind: 'posted', ...facts });
    else this.add({ kind: 'amended', priceTicks: amendment.priceTicks, openLots: amendment.openLots, ...facts });
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
    this.add({ kind: 'rested', position, openLots: intention.leftLots, ...this.ahead });
    const { bestTicks } = this.otherSide;
    if (bestTicks !== undefined) this.watch.onOtherLimit(bestTicks, position);
  }

  beginAuction({ priceTicks, volumeLots }: AuctionUncrossed, position: number): void {
    const { intention, open, filledLots: filledBefore } = this;
    const { betterLots, samePriceLots } = ahead(intention, open.values(), (other) => isWithinLimit(other, priceTicks));
    const isReached = volumeLots > 0 && isWithinLimit(intention, priceTicks);
    const [wantedLots, aheadLots] = [intention.leftLots, betterLots + samePriceLots];
    this.auction = {
      kind: 'auction',
      position,
      priceTicks,
      volumeLots,
      isReached,
      wantedLots,
      aheadLots,
      filledBefore,
    };
  }

  private get otherSide(): OtherSide {
    return otherSide(this.intention, this.open.values());
  }

  private get ahead(): Ahead {
    return ahead(this.intention, this.open.values());
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
    return { ...facts, dealtLots: this.filledLots - filledBefore };
  }

  /** What passed by since it came to rest is added now: it is amended or closed, or its instrument collects for an auction. */
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
    const { intention, postedTicks, postedLots, untold, state, filledLots } = this;
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
      timeInForce: intention.timeInForce,
      postedTicks,
      priceTicks: intention.priceTicks,
      postedLots,
      filledLots,
      openLots: state === 'open' ? intention.leftLots : 0,
      state,
      reasons: [...told, ...last],
    };
  }
}
