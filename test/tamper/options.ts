import { parseArgs } from 'node:util';

const logs = ['embedded', 'kafka', 'eventstoredb'] as const;
export type LogKind = (typeof logs)[number];

export interface TamperOptions {
  readonly rounds: number;
  readonly seed: number;
  /** The first round; those before it are left out. Counts from 0. */
  readonly from: number;
  readonly log: LogKind;
  /** Names of operations, or parts of them; empty for all. */
  readonly only: readonly string[];
  /** Keeps the folders of rounds with findings. */
  readonly isKept: boolean;
  readonly isHelp: boolean;
}

export class UsageError extends Error {}

const MOST_ROUNDS = 100_000;
const MOST_SEED = 0x7fff_ffff;

export function readOptions(args: readonly string[]): TamperOptions {
  const { rounds = '30', seed, from = '0', log = 'embedded', only = '', keep = false, help = false } = parse(args);
  const kind = logs.find((each) => each === log);
  if (kind === undefined) throw new UsageError(`--log takes one of ${logs.join(', ')}`);
  return {
    rounds: numberIn('--rounds', rounds, 1, MOST_ROUNDS),
    seed: seed === undefined ? 1 + (Date.now() % MOST_SEED) : numberIn('--seed', seed, 1, MOST_SEED),
    from: numberIn('--from', from, 0, MOST_ROUNDS),
    log: kind,
    only: only === '' ? [] : only.split(','),
    isKept: keep,
    isHelp: help,
  };
}

function numberIn(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d{1,10}$/.test(text) || value < least || value > most)
    throw new UsageError(`${option} takes a number from ${least} to ${most}`);
  return value;
}

function parse(args: readonly string[]) {
  try {
    const options = {
      rounds: { type: 'string' },
      seed: { type: 'string' },
      from: { type: 'string' },
      log: { type: 'string' },
      only: { type: 'string' },
      keep: { type: 'boolean' },
      help: { type: 'boolean' },
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

export function usage(names: Readonly<Record<LogKind, readonly string[]>>): string {
  const listed = logs.map((log) => [`On ${log}:`, ...names[log].map((name) => `    ${name}`)].join('\n'));
  return `npm run tamper -- [options]
  --rounds N         how many times a log is changed from outside (30)
  --seed S           what to repeat; printed by each run
  --from R           begins with that round, to repeat one (0)
  --log KIND         ${logs.join(', ')} (embedded)
  --only TEXT,TEXT   operations whose names hold one of these
  --keep             keeps the folders of rounds with findings
  --help             this
Exit codes: 0 fine, 2 usage, 3 something was lost unsaid, 130 interrupted.
What is done:
${listed.join('\n')}
`;
}
