/** Programs under test/ (`npm run crash`, `simulate`, …), each run as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { ended } from './cli/parley.js';

export interface ProgramRan {
  /** The exit code; -1 when a signal killed it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs one to its end; what is out of date is built first. `whenOver` receives how to stop it, should it still run when the test or the
 * suite is over: with all that it has started.
 */
export async function runProgram(
  name: string,
  args: readonly string[],
  whenOver: (end: () => Promise<void>) => unknown,
): Promise<ProgramRan> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'run-program.mjs'), name, ...args]);
  whenOver(() => stop(child));
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  return { code: await ended(child), ...output };
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await ended(child);
}
