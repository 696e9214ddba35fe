/** The command line within the test's own process: thousands of command lines where a process each would take minutes. */
import { PassThrough } from 'node:stream';
import { CommanderError } from 'commander';
import { vi } from 'vitest';
import { endingOf } from '../../../src/cli/failures.js';
import { createProgram } from '../../../src/cli/program.js';
import { Terminal } from '../../../src/cli/terminal/terminal.js';
import type { Ran } from './parley.js';
import { takeSettingsAway } from './plain-environment.js';

/** What a command line finds around it. */
export interface Surroundings {
  /** Its settings; none of those of the whole run. */
  readonly env?: Readonly<Record<string, string>>;
  /** Its standard output is a terminal with lines of so many characters, without colours. */
  readonly columns?: number;
}

const MOST_BYTES = 1 << 30;

/** Runs a command line to its end, as `main` does, but for signals and standard input. */
export async function runInProcess(args: readonly string[], { env = {}, columns }: Surroundings = {}): Promise<Ran> {
  takeSettingsAway();
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  // They are read once it has ended, however much there is.
  const [stdout, stderr] = [
    new PassThrough({ highWaterMark: MOST_BYTES }),
    new PassThrough({ highWaterMark: MOST_BYTES }),
  ];
  if (columns !== undefined) Object.assign(stdout, { isTTY: true, columns });
  const terminal = new Terminal({ stdout, stderr, env: { NO_COLOR: '1', ...env } });
  let code: number;
  try {
    const program = await createProgram(terminal, '0.0.0', args[0]);
    const write = {
      writeOut: (text: string): void => void stdout.write(text),
      writeErr: (text: string): void => void stderr.write(text),
    };
    configure(program, write);
    await program.parseAsync(args, { from: 'user' });
    await terminal.out.flush();
    code = terminal.exitCode;
  } catch (error) {
    const { exitCode, says } = endingOf(error);
    await terminal.out.flush();
    if (says !== undefined) terminal.error(says);
    else if (!(error instanceof CommanderError)) throw error;
    code = exitCode;
  }
  return { code, stdout: textIn(stdout), stderr: textIn(stderr) };
}

type Configurable = { configureOutput(output: object): unknown; readonly commands: readonly Configurable[] };

function configure(command: Configurable, output: object): void {
  command.configureOutput(output);
  for (const each of command.commands) configure(each, output);
}

function textIn(stream: PassThrough): string {
  return String((stream.read() as Buffer | null) ?? '');
}
