import { hubBounds } from '../feeds/hub/hub-bounds.js';

/** How much a hub of streams keeps and hands out, and how often it speaks of itself. */
export interface StreamBounds {
  /** So much a reader may have been handed that its connection has not taken, before it is handed no more; one part may go beyond. */
  readonly windowBytes: number;
  /** So much is put into one part; one message may go beyond. */
  readonly partBytes: number;
  /** What is kept for those who come back, of one topic at most, of each at least, and of all together. Characters. */
  readonly mostKeptOfTopic: number;
  readonly leastKeptOfTopic: number;
  readonly mostKept: number;
  /** When so much waits to be handed out, the log is followed no further. Characters. */
  readonly mostWaiting: number;
  /** How many folds there are at a time for those that have been away. */
  readonly catchUps: number;
  /** How often those are told who asked for ten times a second. */
  readonly tickMs: number;
  /** How many ticks pass before tickers and positions are told. */
  readonly ticksOfSecond: number;
  /** How long what nobody wants is kept for who comes back. */
  readonly lingerMs: number;
}

export const streamBounds: StreamBounds = {
  ...{ windowBytes: hubBounds.windowBytes, partBytes: hubBounds.partBytes },
  ...{ mostKeptOfTopic: 1 << 20, leastKeptOfTopic: 1 << 14, mostKept: 1 << 26, mostWaiting: 1 << 22 },
  ...{ catchUps: 3, tickMs: 100, ticksOfSecond: 10, lingerMs: 60_000 },
};
