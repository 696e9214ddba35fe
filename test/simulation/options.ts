import { parseArgs } from 'node:util';
import { mutantsByName } from './mutants/mutants.js';

export interface SimulationOptions {
  readonly help: boolean;
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

export class UsageError extends Error {}

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

export function readOptions(args: readonly string[], processors: number): SimulationOptions {
  const { values } = parse(args);
  const { plant, planted } = values;
  if (plant !== undefined && mutantsByName[plant] === undefined) {
    throw new UsageError(`there is no mutant ${plant}; there are ${Object.keys(mutantsByName).join(', ')}`);
  }
  const isAlone = values.seed !== undefined && values.seeds === undefined;
  return {
    help: values.help ?? false,
    seed: integer('--seed', values.seed ?? '1', 0, 0x7fff_ffff),
    seeds: integer('--seeds', values.seeds ?? (isAlone ? '1' : '100'), 1, MOST_SEEDS),
    workers: integer('--workers', values.workers ?? String(processors), 1, MOST_WORKERS),
    isVerbose: isAlone,
    plant,
    planted,
  };
}

function integer(name: string, text: string, least: number, most: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : -1;
  if (value < least || value > most) throw new UsageError(`${name} takes an integer from ${least} to ${most}`);
  return value;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean' },
        seed: { type: 'string' },
        seeds: { type: 'string' },
        workers: { type: 'string' },
        plant: { type: 'string' },
        planted: { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
