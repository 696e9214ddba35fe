import { CommanderError } from 'commander';
import { ParleyError } from '../client/index.js';
import { LogLockedError } from '../log/port.js';
import { FlowError } from '../flow/flow-error.js';
import { ExitCode, Failure, Interrupted } from '../app/exit.js';
import { printable } from './terminal/printable.js';

/** How the process ends after an error, and what the user sees about it, if anything. */
export interface Ending {
  readonly exitCode: number;
  readonly says: string | undefined;
}

/** Errors that users can cause have an exit code and one line; the rest are faults of the program, with their stack. */
export function endingOf(error: unknown): Ending {
  if (error instanceof CommanderError) {
    // What is wrong has been said already. Help and version are no errors.
    return { exitCode: error.exitCode === 0 ? ExitCode.Fine : ExitCode.Usage, says: undefined };
  }
  if (error instanceof Interrupted) return { exitCode: error.exitCode, says: undefined };
  if (error instanceof Error) {
    const exitCode = exitCodeOf(error);
    if (exitCode !== undefined) return { exitCode, says: printable(error.message) };
    return { exitCode: ExitCode.Failure, says: error.stack ?? error.message };
  }
  return { exitCode: ExitCode.Failure, says: String(error) };
}

/** By their codes: what a thread found is no instance of a class here. */
const DAMAGED: ReadonlySet<unknown> = new Set(['LOG_DAMAGED', 'LOG_LOST', 'DAMAGED_EVENT']);
/** What keeps a log from being used for now, in words that need no stack. */
const TOLD: ReadonlySet<unknown> = new Set(['LOG_UNREACHABLE', 'LOG_REFUSED', 'LOG_HELD', 'CLOCK_BEHIND_LOG']);

function exitCodeOf(error: Error): number | undefined {
  if (error instanceof Failure) return error.exitCode;
  if (error instanceof FlowError) return ExitCode.Usage;
  if (error instanceof LogLockedError || error instanceof ParleyError) return ExitCode.Failure;
  if (error.name === 'KeyFileError') return ExitCode.Failure;
  if (!('code' in error)) return undefined;
  if (DAMAGED.has(error.code)) return ExitCode.Damaged;
  if (error.code === 'BROKEN_HISTORY') return ExitCode.Violated;
  if (error.code === 'OPEN_TO_OTHERS') return ExitCode.Usage;
  if (TOLD.has(error.code)) return ExitCode.Failure;
  // What the system says: a full disk, no permission, a port in use.
  return 'syscall' in error ? ExitCode.Failure : undefined;
}
