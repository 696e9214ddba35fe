import { numberIn, optionsIn, seedIn, UsageError } from '../support/rig.js';

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
}

const MOST_ROUNDS = 100_000;

export function readOptions(args: readonly string[]): TamperOptions {
  const { rounds = '30', seed, from = '0', log = 'embedded', only = '', keep = false } = optionsIn(args, options);
  const kind = logs.find((each) => each === log);
  if (kind === undefined) throw new UsageError(`--log takes one of ${logs.join(', ')}`);
  return {
    rounds: numberIn('--rounds', rounds, MOST_ROUNDS),
    seed: seedIn(seed),
    from: numberIn('--from', from, MOST_ROUNDS, 0),
    log: kind,
    only: only === '' ? [] : only.split(','),
    isKept: keep,
  };
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const options = { rounds: text, seed: text, from: text, log: text, only: text, keep: flag } as const;

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
