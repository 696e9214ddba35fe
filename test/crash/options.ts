import { parseArgs } from 'node:util';

export interface CrashOptions {
  readonly kills: number;
  readonly seed: number;
  /** Names of scenarios; empty for all. */
  readonly only: readonly string[];
  readonly isHelp: boolean;
}

export class UsageError extends Error {}

const MOST_KILLS = 100_000;
const MOST_SEED = 0x7fff_ffff;

export function readOptions(args: readonly string[], scenarioNames: readonly string[]): CrashOptions {
  const { kills = '20', seed, only = '', help = false } = parse(args);
  const names = only === '' ? [] : only.split(',');
  const unknown = names.find((name) => !scenarioNames.includes(name));
  if (unknown !== undefined) throw new UsageError(`there is no scenario ${unknown}`);
  return {
    kills: numberIn('--kills', kills, MOST_KILLS),
    seed: seed === undefined ? 1 + (Date.now() % MOST_SEED) : numberIn('--seed', seed, MOST_SEED),
    only: names,
    isHelp: help,
  };
}

function numberIn(option: string, text: string, most: number): number {
  const value = Number(text);
  if (!/^\d{1,10}$/.test(text) || value < 1 || value > most)
    throw new UsageError(`${option} takes a number from 1 to ${most}`);
  return value;
}

function parse(args: readonly string[]) {
  try {
    const options = {
      kills: { type: 'string' },
      seed: { type: 'string' },
      only: { type: 'string' },
      help: { type: 'boolean' },
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

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
