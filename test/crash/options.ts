import { numberIn, optionsIn, seedIn, UsageError } from '../support/rig.js';

export interface CrashOptions {
  readonly kills: number;
  readonly seed: number;
  /** Names of scenarios; empty for all. */
  readonly only: readonly string[];
}

const MOST_KILLS = 100_000;

export function readOptions(args: readonly string[], scenarioNames: readonly string[]): CrashOptions {
  const { kills = '20', seed, only = '' } = optionsIn(args, options);
  const names = only === '' ? [] : only.split(',');
  const unknown = names.find((name) => !scenarioNames.includes(name));
  if (unknown !== undefined) throw new UsageError(`there is no scenario ${unknown}`);
  return {
    kills: numberIn('--kills', kills, MOST_KILLS),
    seed: seedIn(seed),
    only: names,
  };
}

const options = {
  kills: { type: 'string' },
  seed: { type: 'string' },
  only: { type: 'string' },
} as const;

export function usage(scenarios: readonly { readonly name: string; readonly says: string }[]): string {
  const lines = scenarios.map(({ name, says }) => `    ${name.padEnd(14)} ${says}`);
  return `npm run crash -- [options]
  --kills N          how many servers are killed, over all scenarios (20)
  --seed S           what to repeat; printed by each run
  --only NAME,NAME   these scenarios alone:
${lines.join('\n')}
  --help             this
Exit codes: 0 fine, 2 usage, 3 a promise was not kept, 130 interrupted.
`;
}
