import type { DealId } from '../ledger/deal-name.js';

/** Why an intention was or was not filled: the facts, in numbers, each with its place in the log. */

/** What stood on the other side, as far as it matters to the intention. */
export interface OtherSide {
  /** Undefined when the best is a market intention, or nobody stands there. */
  readonly bestTicks: number | undefined;
  /** What stands at the best price; 0 when nobody stands there. */
  readonly bestLots: number;
  /** What stands at a price that the intention's limit reaches. */
  readonly reachableLots: number;
}

/** What stands before an intention in the order of priority. */
export interface Ahead {
  readonly betterLots: number;
  readonly samePriceLots: number;
}

/** Deals of others, added up. */
export interface Tally {
  readonly lots: number;
  readonly deals: number;
  readonly firstPosition: number;
  readonly position: number;
}

/** With whom, in which deal. */
export interface Partner extends DealId {
  readonly otherId: number;
  /** 0 when it lives in another shard, and has not told who it is. */
  readonly participantId: number;
}

export type Reason = { readonly position: number } &
  /** Before it was posted, a limit refused a post under its client id: a PostRefusal. */
  (
    | { readonly kind: 'refused'; readonly code: number }
    | ({ readonly kind: 'posted'; readonly isCall: boolean } & OtherSide)
    | ({
        readonly kind: 'amended';
        readonly isCall: boolean;
        readonly priceTicks: number;
        readonly openLots: number;
      } & OtherSide)
    /** It did not deal any further at once, and stands in its queue. */
    | ({ readonly kind: 'rested'; readonly openLots: number } & Ahead)
    | ({
        readonly kind: 'deal';
        readonly priceTicks: number;
        readonly lots: number;
        /** How they met: the other one stood there, arrived, or was paired off with it in an auction. */
        readonly how: 'standing' | 'arriving' | 'auction';
      } & Partner)
    | ({
        readonly kind: 'aborted';
        /** Undefined when another shard decided it. */
        readonly abortReason: number | undefined;
        /** Of a decline. */
        readonly declineReason: number | undefined;
        readonly isDecliner: boolean;
      } & Partner)
    /** Of all limits on the other side while it stood, the one closest to its own that did not reach it. */
    | { readonly kind: 'closest'; readonly priceTicks: number; readonly shortTicks: number }
    /** Intentions that reached its limit dealt with those that stood before it. */
    | ({ readonly kind: 'taken' } & Tally)
    /** Intentions that reached its limit dealt with those that came later and had a better price. */
    | ({ readonly kind: 'overtaken' } & Tally)
    | { readonly kind: 'reduced'; readonly byLots: number }
    | { readonly kind: 'phase'; readonly isCall: boolean }
    | {
        readonly kind: 'auction';
        readonly priceTicks: number;
        readonly volumeLots: number;
        readonly isReached: boolean;
        readonly wantedLots: number;
        readonly dealtLots: number;
        /** Of those on its own side whose limit reached the price: what stood before it. */
        readonly aheadLots: number;
      }
    /** Another intention of the same participant stood in its way and was withdrawn. */
    | { readonly kind: 'ownWithdrawn'; readonly otherId: number }
    | { readonly kind: 'filled' }
    | {
        readonly kind: 'withdrawn';
        readonly openLots: number;
        readonly withdrawReason: number;
        /** Of a self-trade: the own intention that arrived. */
        readonly otherId: number | undefined;
      }
    | { readonly kind: 'expired'; readonly openLots: number }
    /** At the end of what was read: a deal that is not decided yet. */
    | ({ readonly kind: 'inDoubt'; readonly priceTicks: number; readonly lots: number } & Partner)
    /** At the end of what was read: it stands and waits. */
    | ({ readonly kind: 'open'; readonly openLots: number; readonly isCall: boolean } & OtherSide & Ahead)
    /** There were too many deals to tell of each. */
    | { readonly kind: 'more'; readonly deals: number; readonly lots: number }
  );

export type ReasonOf<Kind extends Reason['kind']> = Extract<Reason, { kind: Kind }>;

export type IntentionState = 'open' | 'filled' | 'withdrawn' | 'expired';

export interface Explanation {
  readonly intentionId: number;
  readonly participantId: number;
  readonly instrumentId: number;
  readonly side: number;
  readonly pricing: number;
  readonly timeInForce: number;
  /** Its limit when it was posted, and as it is now; 0 for a market intention. */
  readonly postedTicks: number;
  readonly priceTicks: number;
  readonly postedLots: number;
  readonly filledLots: number;
  readonly openLots: number;
  readonly state: IntentionState;
  /** In log order. */
  readonly reasons: readonly Reason[];
}
