/** What the programs under test/ share: how their options are read, how they answer `--help`, and how they end. */
import { parseArgs, type ParseArgsConfig } from 'node:util';

type OptionsConfig = NonNullable<ParseArgsConfig['options']>;

export const ExitCode = { Fine: 0, Failure: 1, Usage: 2, Violated: 3, Interrupted: 130 } as const;

export class UsageError extends Error {}

const MOST_SEED = 0x7fff_ffff;

/** The values of a program's options. Throws UsageError for what it has no option for. */
export function optionsIn<const Options extends OptionsConfig>(args: readonly string[], options: Options) {
  const { values, positionals } = argumentsIn(args, options);
  if (positionals[0] !== undefined) throw new UsageError(`${positionals[0]}: it takes options alone`);
  return values;
}

/** The values of a program's options, and what else it is given. Throws UsageError for what it has no option for. */
export function argumentsIn<const Options extends OptionsConfig>(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
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

/**
 * Runs a program, which is called so in its errors, and sets the exit code of the process. Where help is asked for, `usage` is all that
 * it prints; where it is called in a wrong way, `usage` follows what is wrong.
 */
export async function runRig(
  name: string,
  usage: string | (() => string),
  main: (args: readonly string[]) => Promise<number>,
): Promise<void> {
  const args = process.argv.slice(2);
  const help = (): string => (typeof usage === 'string' ? usage : usage()).trimEnd();
  try {
    if (args.includes('--help') || args.includes('-h')) return say(help());
    process.exitCode = await main(args);
    // What was under way may wait for long for what has been ended.
    if (process.exitCode === ExitCode.Interrupted) process.exit();
  } catch (error) {
    process.exitCode = error instanceof UsageError ? ExitCode.Usage : ExitCode.Failure;
    const says = error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${name}: ${error instanceof UsageError ? `${error.message}\n\n${help()}` : says}\n`);
  }
}
