import { readFileSync } from 'node:fs';
import { endingOf } from './failures.js';
import { quietCompiler, tuneCompiler } from '../exchange/v8-flags.js';
import { createProgram } from './program.js';
import { Terminal } from './terminal/terminal.js';

/** Runs the command line and resolves to its exit code. */
async function main(args: readonly string[]): Promise<number> {
  const terminal = new Terminal(process);
  terminal.obeyInterrupts();
  try {
    const program = await createProgram(terminal, version(), args[0]);
    await program.parseAsync(args, { from: 'user' });
    await terminal.out.flush();
    terminal.throwIfStopped();
    return terminal.exitCode;
  } catch (error) {
    // After a signal, how exactly the work ended is of no interest.
    const { exitCode, says } = endingOf(terminal.signal.aborted ? terminal.signal.reason : error);
    await terminal.out.flush();
    if (says !== undefined) terminal.error(says);
    // What was interrupted may still be under way.
    if (terminal.signal.aborted) process.exit(exitCode);
    return exitCode;
  }
}

function version(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version; // the package's own
}

tuneCompiler();
process.exitCode = await main(process.argv.slice(2));
await quietCompiler();
