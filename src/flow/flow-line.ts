/**
 * The parsed lines of recorded order flow: a text file with one command (post, withdraw, …) or one expectation (deal, book, …) a line.
 * Prices and quantities are integers in the file's own units; ids are the file's own, 1 to 64 printable ASCII characters.
 */

export type FlowSide = 'buy' | 'sell';
export type FlowPhase = 'call' | 'continuous';

/** Start again with an empty exchange. */
export interface ScenarioLine {
  readonly kind: 'scenario';
  readonly name: string;
}
export interface PhaseLine {
  readonly kind: 'phase';
  readonly phase: FlowPhase;
}
/** Price and quantity may be zero or negative: the flow may expect that such a post is rejected. */
export interface PostLine {
  readonly kind: 'post';
  readonly id: string;
  readonly side: FlowSide;
  readonly price: number | 'market';
  readonly quantity: number;
  /** What does not deal at once is withdrawn. */
  readonly ioc: boolean;
}
export interface WithdrawLine {
  readonly kind: 'withdraw';
  readonly id: string;
}
/** Make it smaller by `quantity`, keeping its place. */
export interface ReduceLine {
  readonly kind: 'reduce';
  readonly id: string;
  readonly quantity: number;
}
/** New price and open quantity, losing its place. */
export interface ReplaceLine {
  readonly kind: 'replace';
  readonly id: string;
  readonly price: number;
  readonly quantity: number;
}
/** Run the call auction, and expect this price (0 where nothing can be dealt) and volume. */
export interface UncrossLine {
  readonly kind: 'uncross';
  readonly price: number;
  readonly volume: number;
}
export type FlowCommand = ScenarioLine | PhaseLine | PostLine | WithdrawLine | ReduceLine | ReplaceLine | UncrossLine;

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
/** The command just before is refused. */
export interface RejectedLine {
  readonly kind: 'rejected';
}
export type FlowExpectation = DealLine | FillLine | BookLine | TopLine | RejectedLine;

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
