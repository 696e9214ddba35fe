import type { DealLine, FlowLevel, WithdrawnLine } from '../script/flow-line.js';

/**
 * A deal in continuous trading: the taker’s intention arrived, the maker’s stood. Prices and quantities are in the file’s units, ids the
 * file’s own, everywhere here.
 */
export type DealMade = Omit<DealLine, 'kind'>;

/** A deal of an auction. */
export interface PairedDeal {
  readonly buyer: string;
  readonly seller: string;
  readonly price: number;
  readonly quantity: number;
}

export interface AuctionMade {
  /** Undefined where nothing could be dealt. */
  readonly price: number | undefined;
  readonly volume: number;
  /** In the order in which they were made. */
  readonly deals: readonly PairedDeal[];
}

/** An intention that expired, or what was left of which was withdrawn, and why. */
export interface Ending {
  readonly id: string;
  readonly reason: 'expired' | WithdrawnLine['reason'];
}

/** Best first. */
export interface BookLevels {
  readonly bids: readonly FlowLevel[];
  readonly asks: readonly FlowLevel[];
}

/** What really happened when a step's command was run. */
export interface Outcome {
  /** The code with which it was refused; undefined where it was taken. */
  readonly refused?: string | undefined;
  /** In the order in which they were made; those of an auction are in `auction`. */
  readonly deals: readonly DealMade[];
  /** What an uncross did; undefined where it was refused. */
  readonly auction?: AuctionMade | undefined;
  /** In the order in which they ended, also on the way to the command's time. */
  readonly endings?: readonly Ending[];
  /** The book right after the command; needed where `bookDepthNeeded(step)` is not 0. */
  readonly book?: BookLevels | undefined;
}
