/** Plans the runs: all kills are spread over the scenarios by their shares, with at least one round of each. */
import { createHash } from 'node:crypto';
import type { Scenario } from './scenarios.js';

export interface PlannedRun {
  readonly scenario: Scenario;
  readonly number: number;
  readonly rounds: number;
  readonly seed: number;
}

/** A run ends after so many rounds, and the next begins with an empty log: the log grows, and each round checks all of it. */
const ROUNDS_IN_RUN = 8;

export function planRuns(scenarios: readonly Scenario[], kills: number, seed: number): PlannedRun[] {
  const shares = scenarios.reduce((sum, { share }) => sum + share, 0);
  return scenarios.flatMap((scenario) => {
    const rounds = Math.max(1, Math.round((kills * scenario.share) / shares / scenario.killsPerRound));
    // A scenario that must fail plays its own number of rounds and then ends.
    const roundsInRun = scenario.isToFail === true ? 1 : ROUNDS_IN_RUN;
    return Array.from({ length: Math.ceil(rounds / roundsInRun) }, (_, number) => ({
      scenario,
      number,
      rounds: Math.min(roundsInRun, rounds - number * roundsInRun),
      seed: seedOf(seed, scenario.name, number),
    }));
  });
}

/** The number of kills that plans the same runs when this scenario is chosen alone. */
export function killsOf(scenario: Scenario, runs: readonly PlannedRun[]): number {
  const rounds = runs.filter((run) => run.scenario === scenario).reduce((sum, run) => sum + run.rounds, 0);
  return rounds * scenario.killsPerRound;
}

function seedOf(seed: number, name: string, number: number): number {
  return 1 + (createHash('sha256').update(`${seed} ${name} ${number}`).digest().readUInt32LE() % 0x7fff_fffe);
}
