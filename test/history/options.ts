import { numberIn, optionsIn, seedIn, UsageError } from '../support/rig.js';
import { type HistoryMutantName, historyMutantNames, historyMutants } from './mutants.js';

export type LogKind = 'embedded' | 'kafka' | 'eventstoredb';

export interface HistoryOptions {
  readonly seconds: number;
  readonly seed: number;
  readonly log: LogKind;
  /** Members of a cluster; 1: a server by itself. */
  readonly members: number;
  readonly lanes: number;
  /** Kill the server now and then, and what keeps the log where that is a process. */
  readonly kills: boolean;
  /** Let the server or its log stand still now and then. */
  readonly silence: boolean;
  readonly mutant: HistoryMutantName | undefined;
  /** Where to write the history as JSON. */
  readonly keep: string | undefined;
  /** A history that was kept, to be played through instead. */
  readonly check: string | undefined;
}

const MOST_SECONDS = 3_600;
const MOST_LANES = 64;
const MOST_MEMBERS = 5;
const logKinds: readonly LogKind[] = ['embedded', 'kafka', 'eventstoredb'];

export function readOptions(args: readonly string[]): HistoryOptions {
  const { seconds = '10', seed, log = 'embedded', lanes = '16', plant, ...others } = optionsIn(args, options);
  const { members: many = '1', kill: kills = false, silence = false, keep, check } = others;
  const members = numberIn('--members', many, MOST_MEMBERS);
  if (members > 1 && log !== 'kafka')
    throw new UsageError('--members takes --log kafka: on it alone there are clusters');
  return {
    seconds: numberIn('--seconds', seconds, MOST_SECONDS),
    seed: seedIn(seed),
    members,
    log: oneOf('--log', log, logKinds),
    lanes: numberIn('--lanes', lanes, MOST_LANES),
    ...{ kills, silence, keep, check },
    mutant: plant === undefined ? undefined : oneOf('--plant', plant, historyMutantNames),
  };
}

function oneOf<Name extends string>(option: string, text: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === text);
  if (found === undefined) throw new UsageError(`${option} is one of ${names.join(', ')}`);
  return found;
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const options = {
  ...{ seconds: text, seed: text, log: text, members: text, lanes: text, plant: text, keep: text, check: text },
  ...{ kill: flag, silence: flag },
} as const;

const mutantLines = historyMutantNames.map((name) => `    ${name.padEnd(12)} ${historyMutants[name].says}`).join('\n');

export const usage = `npm run history -- [options]
  --seconds N          how long clients are at it (10)
  --seed S             what is asked and what is done to the server; printed by each run
  --log KIND           embedded (default), kafka (a broker of its own, with Java) or eventstoredb (the stand-in)
  --members N          so many members of a cluster on a Kafka of three nodes; clients ask now this one, now that one (1)
  --lanes N            how many clients (16)
  --kill               kill a server now and then, or end it, and what keeps its log
  --silence            let a server or its log stand still now and then, long enough for another to take over
  --keep FILE          write the history, a line of JSON for each operation and each event
  --check FILE         play one through that was kept, and ask nobody
  --plant NAME         let something between clients and server lie; it must be found:
${mutantLines}
  --help               this
Exit codes: 0 clean, 1 it could not be run or too little was seen, 2 usage, 3 something was found, 130 interrupted.
`;
