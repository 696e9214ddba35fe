import type { InstrumentView, PostIntention, RefusalCode, withdrawReasonNames } from '../../exchange/commands.js';

/**
 * The parsed lines of recorded order flow: a text file with one command (post, withdraw, …) or one expectation (deal, book, …) a line.
 * Prices and quantities are integers in the file's own units; ids are the file's own, 1 to 64 printable ASCII characters. A time is in
 * milliseconds since its scenario began.
 */

export type FlowSide = 'buy' | 'sell';
export type FlowPhase = 'call' | 'continuous';

/** Start again with an empty exchange. */
export interface ScenarioLine {
  readonly kind: 'scenario';
  readonly name: string;
}
/** The terms of the scenario's instrument that a line states. */
export interface FlowTerms {
  readonly tick?: number;
  readonly lot?: number;
  readonly min?: number;
  readonly max?: number;
  readonly priceRule?: InstrumentView['priceRule'];
  readonly selfTrade?: InstrumentView['selfTrade'];
}
/** List the scenario's instrument with these terms, or change them. */
export interface InstrumentLine {
  readonly kind: 'instrument';
  readonly terms: FlowTerms;
}
export interface PhaseLine {
  readonly kind: 'phase';
  readonly phase: FlowPhase;
}
/** Let time pass until then. */
export interface AtLine {
  readonly kind: 'at';
  readonly timeMs: number;
}
/** Price and quantity may be zero or negative: the flow may expect that such a post is rejected. */
export interface PostLine {
  readonly kind: 'post';
  readonly id: string;
  readonly side: FlowSide;
  readonly price: number | 'market';
  readonly quantity: number;
  /** Undefined where the line says nothing of it: what the exchange then takes. */
  readonly timeInForce?: PostIntention['timeInForce'];
  /** For gtd. */
  readonly expiresAtMs?: number | undefined;
  readonly postOnly?: boolean | undefined;
  /** The participant; undefined: one for all buyers, one for all sellers. */
  readonly by?: string | undefined;
}
/** A command about one intention. `by` names who gives it; undefined: an operator, who may change anybody's. */
export interface WithdrawLine {
  readonly kind: 'withdraw';
  readonly id: string;
  readonly by?: string | undefined;
}
/** Make it smaller by `quantity`, keeping its place. */
export interface ReduceLine {
  readonly kind: 'reduce';
  readonly id: string;
  readonly quantity: number;
  readonly by?: string | undefined;
}
/** New price and open quantity, losing its place. */
export interface ReplaceLine {
  readonly kind: 'replace';
  readonly id: string;
  readonly price: number;
  readonly quantity: number;
  readonly by?: string | undefined;
}
/** Run the call auction, and expect this price (0 where nothing can be dealt) and volume. */
export interface UncrossLine {
  readonly kind: 'uncross';
  readonly price: number;
  readonly volume: number;
}
export type FlowCommand =
  ScenarioLine | InstrumentLine | PhaseLine | AtLine | PostLine | WithdrawLine | ReduceLine | ReplaceLine | UncrossLine;

/** The next deal. After an uncross, the first id is the buyer's and the second the seller's. */
export interface DealLine {
  readonly kind: 'deal';
  readonly taker: string;
  readonly maker: string;
  readonly price: number;
  readonly quantity: number;
}
/** All that this intention dealt in the auction. */
export interface FillLine {
  readonly kind: 'fill';
  readonly id: string;
  readonly price: number;
  readonly quantity: number;
}
export interface FlowLevel {
  readonly price: number;
  readonly quantity: number;
}
/** The ten best levels of each side, best first; fewer where there are fewer. */
export interface BookLine {
  readonly kind: 'book';
  readonly bids: readonly FlowLevel[];
  readonly asks: readonly FlowLevel[];
}
/** Best bid and ask; quantity 0 where the side is empty. */
export interface TopLine {
  readonly kind: 'top';
  readonly bid: FlowLevel;
  readonly ask: FlowLevel;
}
/** The command just before is refused, for this reason where one is named. */
export interface RejectedLine {
  readonly kind: 'rejected';
  readonly code?: RefusalCode | undefined;
}
/** The time of this intention is over. */
export interface ExpiredLine {
  readonly kind: 'expired';
  readonly id: string;
}
/** What is left of this intention is withdrawn, for this reason. */
export interface WithdrawnLine {
  readonly kind: 'withdrawn';
  readonly id: string;
  readonly reason: (typeof withdrawReasonNames)[number];
}
export type FlowExpectation = DealLine | FillLine | BookLine | TopLine | RejectedLine | ExpiredLine | WithdrawnLine;

export interface CommentLine {
  readonly kind: 'comment';
  /** What follows the `#`, trimmed. */
  readonly text: string;
}
export interface BlankLine {
  readonly kind: 'blank';
}
export type FlowLine = FlowCommand | FlowExpectation | CommentLine | BlankLine;

/** Levels of each side that a `book` line tells of. */
export const BOOK_DEPTH = 10;
