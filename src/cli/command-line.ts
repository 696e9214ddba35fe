import { type Ending, endingOf } from './failures.js';
import { createProgram } from './program.js';
import type { Terminal } from './terminal/terminal.js';

/** Runs a command line to its end: until all that it wrote is handed over, or cannot be. */
export async function runCommandLine(terminal: Terminal, version: string, args: readonly string[]): Promise<Ending> {
  let ending: Ending | undefined;
  try {
    const program = await createProgram(terminal, version, args);
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    ending = endingOf(error);
  }
  await terminal.out.flush();
  // After a signal, how exactly the work ended is of no interest; nor is it where nobody gets what it wrote.
  if (terminal.signal.aborted) return endingOf(terminal.signal.reason);
  return ending ?? { exitCode: terminal.exitCode, says: undefined };
}
