/** What the programs share that try a real exchange from outside: how their options are read, and how they end. */
import { parseArgs, type ParseArgsConfig } from 'node:util';

type OptionsConfig = NonNullable<ParseArgsConfig['options']>;

export const ExitCode = { Fine: 0, Failure: 1, Usage: 2, Violated: 3, Interrupted: 130 } as const;

export class UsageError extends Error {}

const MOST_SEED = 0x7fff_ffff;

/** The values of a program's options. Throws UsageError for what it has no option for. */
export function optionsIn<const Options extends OptionsConfig>(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

export function numberIn(option: string, text: string, most: number, least = 1): number {
  const value = Number(text);
  if (!/^\d{1,10}$/.test(text) || value < least || value > most)
    throw new UsageError(`${option} takes a number from ${least} to ${most}`);
  return value;
}

/** The seed that is given; another one each time where none is. */
export function seedIn(text: string | undefined): number {
  return text === undefined ? 1 + (Date.now() % MOST_SEED) : numberIn('--seed', text, MOST_SEED);
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Runs a program, which is called so in its errors, and sets the exit code of the process. */
export async function runRig(name: string, main: (args: readonly string[]) => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main(process.argv.slice(2));
    // What was under way may wait for long for what has been ended.
    if (process.exitCode === ExitCode.Interrupted) process.exit();
  } catch (error) {
    process.exitCode = error instanceof UsageError ? ExitCode.Usage : ExitCode.Failure;
    const says = error instanceof UsageError ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${name}: ${says}\n`);
  }
}
