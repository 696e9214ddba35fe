/** Which lives there will be: all kills spread over the scenarios by their shares, at least one round of each. */
import { createHash } from 'node:crypto';
import type { Scenario } from './scenarios.js';

export interface PlannedLife {
  readonly scenario: Scenario;
  readonly number: number;
  readonly rounds: number;
  readonly seed: number;
}

/** A log is made anew after so many rounds: it grows, and everything is checked each time. */
const ROUNDS_IN_LIFE = 8;

export function planLives(scenarios: readonly Scenario[], kills: number, seed: number): PlannedLife[] {
  const shares = scenarios.reduce((sum, { share }) => sum + share, 0);
  return scenarios.flatMap((scenario) => {
    const rounds = Math.max(1, Math.round((kills * scenario.share) / shares / scenario.killsPerRound));
    // One that is to fail has come to its end by that.
    const roundsInLife = scenario.isToFail === true ? 1 : ROUNDS_IN_LIFE;
    return Array.from({ length: Math.ceil(rounds / roundsInLife) }, (_, number) => ({
      scenario,
      number,
      rounds: Math.min(roundsInLife, rounds - number * roundsInLife),
      seed: seedOf(seed, scenario.name, number),
    }));
  });
}

/** How many kills, asked for of this scenario alone, plan the same lives. */
export function killsOf(scenario: Scenario, lives: readonly PlannedLife[]): number {
  const rounds = lives.filter((life) => life.scenario === scenario).reduce((sum, life) => sum + life.rounds, 0);
  return rounds * scenario.killsPerRound;
}

function seedOf(seed: number, name: string, number: number): number {
  return 1 + (createHash('sha256').update(`${seed} ${name} ${number}`).digest().readUInt32LE() % 0x7fff_fffe);
}
