import { optionsIn, UsageError } from '../support/rig.js';

/** Those that need a broker; they are measured where they are asked for. */
const kafkaParts: readonly string[] = ['kafka', 'takeOver'];

export interface BenchOptions {
  readonly json: boolean;
  readonly markdown: boolean;
  readonly quick: boolean;
  readonly seconds: number;
  /** How many events the history part looks back over. */
  readonly events: number;
  /** Names of parts. */
  readonly only: readonly string[];
  /** Where temporary logs go: it must be on a disk. */
  readonly folder: string;
  readonly profile: boolean;
  /** Set in the processes that run one part. */
  readonly part: string | undefined;
}

export const usage = `npm run bench -- [options]
  --json             one JSON object on stdout
  --markdown         the README's table on stdout
  --only PART,PART   these parts alone
  --log kafka        the parts on one Kafka broker: that of PARLEY_BROKERS, or a local one
  --seconds N        length of the sustained measurements (30)
  --events N         events that the history part looks back over (10000000), as far as its log has them
  --quick            see that all parts work; the figures mean little
  --profile          also print where each part spent its time
  --folder DIR       where temporary logs go; on a disk, not in memory (data)
  --help             this
`;

const flag = { type: 'boolean' } as const;
const text = { type: 'string' } as const;
const options = {
  ...{ json: flag, markdown: flag, quick: flag, profile: flag },
  ...{ seconds: text, only: text, log: text, folder: text, part: text, events: text },
} as const;

export function readOptions(args: readonly string[], partNames: readonly string[]): BenchOptions {
  const values = optionsIn(args, options);
  const quick = values.quick ?? false;
  const seconds = Number(values.seconds ?? (quick ? 2 : 30));
  if (!(seconds > 0 && seconds <= 3_600)) throw new UsageError('--seconds takes a number from 1 to 3600');
  const events = Number(values.events ?? 10_000_000);
  if (!Number.isSafeInteger(events) || events < 1_000) throw new UsageError('--events takes an integer from 1000');
  const { log = 'embedded' } = values;
  if (log !== 'embedded' && log !== 'kafka') throw new UsageError('--log takes embedded or kafka');
  const only = values.only?.split(',') ?? partNames.filter((name) => kafkaParts.includes(name) === (log === 'kafka'));
  const unknown = only.find((name) => !partNames.includes(name));
  if (unknown !== undefined) throw new UsageError(`there is no part ${unknown}; there are ${partNames.join(', ')}`);
  return {
    json: values.json ?? false,
    markdown: values.markdown ?? false,
    quick,
    seconds,
    events,
    only,
    folder: values.folder ?? 'data',
    profile: values.profile ?? false,
    part: values.part,
  };
}
