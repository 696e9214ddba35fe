import { parseArgs } from 'node:util';
import { mutants } from './mutants.js';
import { models } from './model/models.js';

export interface ProveOptions {
  /** Names; all of them when none is given. */
  readonly worlds: readonly string[];
  readonly mutants: readonly string[];
  readonly isQuick: boolean;
  readonly workers: number;
  /** One model, in this process, with its result as one line of JSON: what a worker does. */
  readonly isWorker: boolean;
}

export class UsageError extends Error {}

export const usage = `npm run prove -- [options]
  --world NAME    this model alone; may be repeated
  --mutant NAME   this mutant alone; may be repeated
  --worlds        the models, no mutant
  --mutants       the mutants, no model of the program as it is
  --quick         smaller limits, for a first look
  --workers N     processes at a time (2)

worlds: ${models.map(({ name }) => name).join(', ')}
mutants: ${mutants.map(({ name }) => name).join(', ')}
`;

export function readOptions(args: readonly string[]): ProveOptions | 'help' {
  const { values } = parse(args);
  if (values.help === true) return 'help';
  const chosenWorlds = known(values.world ?? [], models, 'world');
  const chosenMutants = known(values.mutant ?? [], mutants, 'mutant');
  const isAll = chosenWorlds.length + chosenMutants.length === 0;
  const workers = Number(values.workers ?? 2);
  if (!Number.isInteger(workers) || workers < 1) throw new UsageError('--workers takes a number from 1 on');
  const names = (all: readonly { readonly name: string }[]): string[] => all.map(({ name }) => name);
  return {
    worlds: isAll && values.mutants !== true ? names(models) : chosenWorlds,
    mutants: isAll && values.worlds !== true ? names(mutants) : chosenMutants,
    isQuick: values.quick ?? false,
    workers,
    isWorker: values.worker ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        world: { type: 'string', multiple: true },
        mutant: { type: 'string', multiple: true },
        worlds: { type: 'boolean' },
        mutants: { type: 'boolean' },
        quick: { type: 'boolean' },
        workers: { type: 'string' },
        worker: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function known(names: readonly string[], all: readonly { readonly name: string }[], what: string): readonly string[] {
  const unknown = names.find((name) => !all.some((one) => one.name === name));
  if (unknown !== undefined) throw new UsageError(`there is no ${what} ${unknown}`);
  return names;
}
