import { readFileSync } from 'node:fs';
import { quietCompiler, tuneCompiler } from '../exchange/v8-flags.js';
import { runCommandLine } from './command-line.js';
import { Terminal } from './terminal/terminal.js';

/** Runs the command line and resolves to its exit code. */
async function main(args: readonly string[]): Promise<number> {
  const terminal = new Terminal(process);
  terminal.obeyInterrupts();
  const ending = await runCommandLine(terminal, version(), args);
  if (ending.says !== undefined) terminal.error(ending.says);
  // What was interrupted may still be under way.
  if (terminal.signal.aborted) process.exit(ending.exitCode);
  return ending.exitCode;
}

function version(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version; // the package's own
}

tuneCompiler();
process.exitCode = await main(process.argv.slice(2));
await quietCompiler();
