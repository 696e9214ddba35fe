import { optionsIn, UsageError } from '../support/rig.js';
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

export const usage = `npm run prove -- [options]
  --world NAME    this model alone; may be repeated
  --mutant NAME   this mutant alone; may be repeated
  --worlds        the models, no mutant
  --mutants       the mutants, no model of the program as it is
  --quick         smaller limits, for a first look
  --workers N     processes at a time (2)
  --help          this

worlds: ${models.map(({ name }) => name).join(', ')}
mutants: ${mutants.map(({ name }) => name).join(', ')}
`;

const flag = { type: 'boolean' } as const;
const names = { type: 'string', multiple: true } as const;
const options = {
  ...{ world: names, mutant: names, worlds: flag, mutants: flag, quick: flag, worker: flag },
  workers: { type: 'string' },
} as const;

export function readOptions(args: readonly string[]): ProveOptions {
  const values = optionsIn(args, options);
  const chosenWorlds = known(values.world ?? [], models, 'world');
  const chosenMutants = known(values.mutant ?? [], mutants, 'mutant');
  const isAll = chosenWorlds.length + chosenMutants.length === 0;
  const workers = Number(values.workers ?? 2);
  if (!Number.isInteger(workers) || workers < 1) throw new UsageError('--workers takes a number from 1 on');
  const namesOf = (all: readonly { readonly name: string }[]): string[] => all.map(({ name }) => name);
  return {
    worlds: isAll && values.mutants !== true ? namesOf(models) : chosenWorlds,
    mutants: isAll && values.worlds !== true ? namesOf(mutants) : chosenMutants,
    isQuick: values.quick ?? false,
    workers,
    isWorker: values.worker ?? false,
  };
}

function known(names: readonly string[], all: readonly { readonly name: string }[], what: string): readonly string[] {
  const unknown = names.find((name) => !all.some((one) => one.name === name));
  if (unknown !== undefined) throw new UsageError(`there is no ${what} ${unknown}`);
  return names;
}
