import { numberIn, optionsIn, seedIn, UsageError } from '../support/rig.js';
import { type FaultKind, faultKinds, faults } from './faults/kinds.js';
import { type Plant, plantNames, plants } from './plants.js';

const clientsNames = ['crash', 'history'] as const;
export type ClientsName = (typeof clientsNames)[number];

export interface ContainerCrashOptions {
  readonly rounds: number;
  readonly seed: number;
  /** How long each round's load goes on at least. */
  readonly seconds: number;
  /** Kinds of fault; empty for all. */
  readonly only: readonly FaultKind[];
  /** Of the exchange; built from the checkout where there is none. */
  readonly image: string | undefined;
  /** Who asks: the clients of the crash rigs, with a producer, or those of `npm run history`, whose checker judges then. */
  readonly clients: ClientsName;
  /** What is wrong with the exchange. */
  readonly plant: Plant | undefined;
}

const MOST_ROUNDS = 10_000;
const MOST_SECONDS = 3_600;

export function readOptions(args: readonly string[]): ContainerCrashOptions {
  const { rounds = '10', seed, seconds = '8', only = '', clients = 'crash', plant, image } = optionsIn(args, options);
  return {
    rounds: numberIn('--rounds', rounds, MOST_ROUNDS),
    seed: seedIn(seed),
    seconds: numberIn('--seconds', seconds, MOST_SECONDS),
    only: only === '' ? [] : only.split(',').map((name) => oneIn(faultKinds, '--only', name)),
    image,
    clients: oneIn(clientsNames, '--clients', clients),
    plant: plant === undefined ? undefined : plants[oneIn(plantNames, '--plant', plant)],
  };
}

/** Those that are to be played. */
export function kindsOf({ only, plant }: Pick<ContainerCrashOptions, 'only' | 'plant'>): readonly FaultKind[] {
  return only.length > 0 ? only : (plant?.kinds ?? faultKinds);
}

function oneIn<Name extends string>(names: readonly Name[], option: string, given: string): Name {
  const found = names.find((name) => name === given);
  if (found === undefined) throw new UsageError(`${option} takes of ${names.join(', ')}; not ${given}`);
  return found;
}

const text = { type: 'string' } as const;
const options = {
  rounds: text,
  seed: text,
  seconds: text,
  only: text,
  clients: text,
  plant: text,
  image: text,
} as const;

const KIND_WIDTH = 18;
const listed = (rows: readonly (readonly [string, string])[]): string =>
  rows.map(([name, says]) => `    ${name.padEnd(KIND_WIDTH)} ${says}`).join('\n');

export const usage = `npm run crash:containers -- [options]
  --rounds N         how often something is done to the cluster (10)
  --seconds S        how long a round lasts at least, under load (8)
  --seed S           what is done, to whom and in which order; printed by each run
  --only KIND,KIND   of these kinds alone:
${listed(faultKinds.map((kind) => [kind, faults[kind].says]))}
  --clients NAME     crash (default), or history: those of npm run history, on one shard, whose checker judges what they saw
  --image NAME       exchanges of this image, and not of one that is built from the checkout
  --plant NAME       an exchange that is wrong, to see that it is found:
${listed(plantNames.map((name) => [name, plants[name].mutant.what]))}
  --help             this
Takes a container engine, and the images of npm run containers:up.
Exit codes: 0 fine, 1 it could not be run, 2 usage, 3 a promise was not kept, 130 interrupted.
`;
