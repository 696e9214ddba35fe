/** The command line within the test's own process: thousands of command lines where a process each would take minutes. */
import { PassThrough, type Writable } from 'node:stream';
import { vi } from 'vitest';
import { runCommandLine } from '../../../src/cli/command-line.js';
import { Terminal } from '../../../src/cli/terminal/terminal.js';
import type { Ran } from './parley.js';
import { takeSettingsAway } from './plain-environment.js';

/** What a command line finds around it. */
export interface Surroundings {
  /** Its settings; none of those of the whole run. */
  readonly env?: Readonly<Record<string, string>>;
  /** Its standard output is a terminal with lines of so many characters, without colours. */
  readonly columns?: number;
  /** Its standard output; what goes there is not returned. */
  readonly stdout?: Writable;
}

const MOST_BYTES = 1 << 30;

/** Runs a command line to its end, as `main` does, but for signals and standard input. */
export async function runInProcess(
  args: readonly string[],
  { env = {}, columns, stdout: ownStdout }: Surroundings = {},
): Promise<Ran> {
  takeSettingsAway();
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  // They are read once it has ended, however much there is.
  const [stdout, stderr] = [
    new PassThrough({ highWaterMark: MOST_BYTES }),
    new PassThrough({ highWaterMark: MOST_BYTES }),
  ];
  if (columns !== undefined) Object.assign(stdout, { isTTY: true, columns });
  const terminal = new Terminal({ stdout: ownStdout ?? stdout, stderr, env: { NO_COLOR: '1', ...env } });
  const { exitCode, says } = await runCommandLine(terminal, '0.0.0', args);
  if (says !== undefined) terminal.error(says);
  return { code: exitCode, stdout: textIn(stdout), stderr: textIn(stderr) };
}

function textIn(stream: PassThrough): string {
  return String((stream.read() as Buffer | null) ?? '');
}
