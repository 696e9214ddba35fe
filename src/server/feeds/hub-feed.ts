import type { LogReader } from './log-reader.js';
import type { OpenPart } from './open-part.js';

/**
 * How many bytes a feed may have been handed that its connection has not taken, before it is handed no more. What is handed next may
 * go beyond by as much as one part holds.
 */
export const WINDOW_BYTES = 1 << 16;

/** One feed as the reader of the log knows it. */
export class HubFeed {
  /** All before it was handed out, or is not wanted. */
  position: number;
  /** Bytes handed out that its connection has not taken. */
  outstanding = 0;
  /** That which it is carried by; undefined while it has no room, or waits for one. */
  reader: LogReader | undefined;
  /** The part that holds what it was handed last, and where in the part's ranges. */
  part: OpenPart | undefined;
  range = 0;

  constructor(
    readonly id: number,
    from: number,
    readonly stream: string | undefined,
    readonly types: ReadonlySet<string> | undefined,
  ) {
    this.position = from;
  }

  hasRoom(): boolean {
    return this.outstanding < WINDOW_BYTES;
  }

  /** Gets all events: is handed whole runs of messages, and not one by one. */
  get isWhole(): boolean {
    return this.stream === undefined && this.types === undefined;
  }
}
