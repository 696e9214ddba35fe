/**
 * What an operator, a file system or a restore may do to an exchange's folder while nobody serves from it. What each leaves to be
 * seen differs with the place that the seed draws: the judge reads it from what is left (facts.ts).
 *
 * | harm     | what may come of it                                                                     |
 * | -------- | --------------------------------------------------------------------------------------- |
 * | harmless | all is answered as before, and the audit finds nothing                                  |
 * | beside   | all is answered as before; or a refusal, where what lies beside the log contradicts it  |
 * | log      | as before where nothing that counts was hit; where the log itself, a claim, a snapshot  |
 * |          | or the store shows the loss, a refusal; else what is left may be served                 |
 */
import type { Random } from '../../support/random.js';
import type { Harm } from '../judge.js';
import type { History } from './history.js';

export interface Ground {
  /** The folder to be changed: a copy of the own history's last. */
  readonly folder: string;
  readonly own: History;
  /** An exchange with the same positions and other content. */
  readonly twin: History;
  /** An exchange of another length. */
  readonly stranger: History;
  readonly random: Random;
}

export interface Operation {
  readonly name: string;
  readonly harm: Harm;
  /** Returns what it did, for people; undefined where there was nothing to do it to. */
  readonly apply: (ground: Ground) => string | undefined;
}
