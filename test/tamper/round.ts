/** The result of one round, on any kind of log. */
import type { Outcome } from './judge.js';

export interface Round {
  readonly operation: string;
  /** What exactly was done; undefined where there was nothing to do it to. */
  readonly did: string | undefined;
  readonly outcome: Outcome;
  readonly findings: readonly string[];
  /** What is worth counting, and no finding. */
  readonly remarks?: readonly string[];
  /** What is kept where there are findings. */
  readonly folder: string;
}
