import type { Framing } from '../feed-source.js';

/** What a feed is handed and its connection has not taken, within a window. */
export class WindowedFeed {
  /** Bytes handed out that its connection has not taken. */
  outstanding = 0;
  /** The part that holds what it was handed last, and where in the part's ranges. */
  part: object | undefined;
  range = 0;

  constructor(
    readonly id: number,
    readonly framing: Framing,
    /** The number of the message that comes next, as whoever hands it out counts: all before it was handed out, or is not wanted. */
    public position: number,
    private readonly windowBytes: number,
  ) {}

  hasRoom(): boolean {
    return this.outstanding < this.windowBytes;
  }
}
