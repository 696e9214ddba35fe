import { numberIn, optionsIn, UsageError } from '../support/rig.js';
import { mutantsByName } from './mutants/mutants.js';

export interface SimulationOptions {
  /** The first seed. */
  readonly seed: number;
  readonly seeds: number;
  readonly workers: number;
  /** Prints the whole trace: for one seed. */
  readonly isVerbose: boolean;
  /** The mutant to look for. */
  readonly plant: string | undefined;
  /** Set in the process that runs a mutant’s copy of the program: its name. */
  readonly planted: string | undefined;
}

const MOST_SEED = 0x7fff_ffff;
const MOST_SEEDS = 10_000_000;
const MOST_WORKERS = 64;

export const usage = `npm run simulate -- [options]
  --seeds N       run so many seeds (100), and check that the failures which must happen sometimes do
  --seed S        begin at seed S (1); without --seeds, run it alone and print its whole trace
  --workers N     run in so many threads (as many as there are processors)
  --plant NAME    look for a bug that is planted in a compiled copy of the exchange:
${Object.values(mutantsByName)
  .map(({ name, what }) => `                    ${name.padEnd(26)} ${what}`)
  .join('\n')}
  --help          this text

Exit codes: 0 nothing was found, 1 the simulation itself failed, 2 usage, 3 something was found.
`;

const text = { type: 'string' } as const;
const options = { seed: text, seeds: text, workers: text, plant: text, planted: text } as const;

export function readOptions(args: readonly string[], processors: number): SimulationOptions {
  const values = optionsIn(args, options);
  const { plant, planted } = values;
  if (plant !== undefined && mutantsByName[plant] === undefined) {
    throw new UsageError(`there is no mutant ${plant}; there are ${Object.keys(mutantsByName).join(', ')}`);
  }
  const isAlone = values.seed !== undefined && values.seeds === undefined;
  return {
    seed: numberIn('--seed', values.seed ?? '1', MOST_SEED, 0),
    seeds: numberIn('--seeds', values.seeds ?? (isAlone ? '1' : '100'), MOST_SEEDS),
    workers: numberIn('--workers', values.workers ?? String(processors), MOST_WORKERS),
    isVerbose: isAlone,
    plant,
    planted,
  };
}
