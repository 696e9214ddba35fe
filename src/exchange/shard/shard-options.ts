import type { CommitMode } from './committer.js';
import { type Logger, silentLogger } from '../../resilience/logger.js';
import type { Faults } from './injected-faults.js';
import { noPeerShards, type PeerShards } from './peer-shards.js';
import { nodeScheduler, type Scheduler } from './scheduler.js';

export interface ShardOptions {
  /** Milliseconds since 1970. Turns never ask it: it is read once a command and logged with it. */
  readonly clock: () => number;
  readonly scheduler: Scheduler;
  /** How often the clock is looked at while a timer runs; Infinity for one that nobody sets. */
  readonly lookEachMs: number;
  /** When batches are closed. `asked` makes a log the same, byte for byte, whatever its speed, for a caller that asks at the same places. */
  readonly commit: CommitMode;
  readonly logger: Logger;
  readonly peers: PeerShards;
  /** An initiator whose proposal goes unanswered so long aborts the deal. */
  readonly initiatorDeadlineMs: number;
  /** A responder in doubt so long asks the ledger; longer than the initiator's. */
  readonly responderDeadlineMs: number;
  /** A negotiator that fails more often than this within the window is parked. */
  readonly maxRestarts: number;
  readonly restartWindowMs: number;
  /** Negotiators that are made to fail, for demonstrations and drills; none unless said otherwise. */
  readonly faults: Faults | undefined;
  /** Whether a handshake that nobody can come between is recorded in one step. The log is the same; no is for tests that come between. */
  readonly fusesHandshakes: boolean;
  /** A log whose time is ahead of the clock by more than this is not opened. */
  readonly maxClockAheadMs: number;
}

export const defaultShardOptions: ShardOptions = {
  clock: Date.now,
  scheduler: nodeScheduler,
  lookEachMs: 1_000,
  commit: 'grouped',
  logger: silentLogger,
  peers: noPeerShards,
  initiatorDeadlineMs: 1_000,
  responderDeadlineMs: 3_000,
  maxRestarts: 3,
  restartWindowMs: 10_000,
  faults: undefined,
  fusesHandshakes: true,
  maxClockAheadMs: 3_600_000,
};
