import type { Problem } from '../../../api/problem.js';

/**
 * Where one feed’s messages go: a connection of its own, or its part of one. What is written is framed already (Framing).
 *
 * 1. One write is under way at a time: the next one comes after `onTaken`.
 */
export interface FeedOutput {
  /** That nobody is there any more. */
  readonly isGone: boolean;
  /** `onTaken`: the connection has taken all of it. Pieces are whole messages, in order, and leave in one call of the system. */
  write(pieces: readonly Uint8Array[], onTaken: () => void): void;
  /** Says that the feed is alive. */
  beat(onTaken: () => void): void;
  /** Says why there is no more, after all that was written, and closes. */
  fail(why: Problem): void;
  /** There is no more: that was all, or the server stops. */
  end(): void;
  /** Its reader takes nothing, so nothing can be said. */
  cut(): void;
  /** Calls once the feed’s connection is gone, for whatever reason. */
  onceGone(listener: () => void): void;
}
