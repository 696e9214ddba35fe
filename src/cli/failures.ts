import { CommanderError } from 'commander';
import { ParleyError } from '../client/wire/error.js';
import { FlowError } from '../flow/flow-error.js';
import { ExitCode, Failure, Interrupted } from '../app/exit.js';
import { fatalErrors } from '../app/fatal-errors.js';
import { isSystemError, sentenceFor } from './system-errors.js';
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
    const says = isSystemError(error) ? sentenceFor(error) : error.message;
    if (exitCode !== undefined) return { exitCode, says: printable(says) };
    return { exitCode: ExitCode.Failure, says: error.stack ?? error.message };
  }
  return { exitCode: ExitCode.Failure, says: String(error) };
}

function exitCodeOf(error: Error): number | undefined {
  if (error instanceof Failure) return error.exitCode;
  if (error instanceof FlowError) return ExitCode.Usage;
  if (error instanceof ParleyError) return ExitCode.Failure;
  if (error.name === 'KeyFileError') return ExitCode.Failure;
  if (!('code' in error)) return undefined;
  const fatal = typeof error.code === 'string' ? fatalErrors[error.code] : undefined;
  if (fatal !== undefined) return ExitCode[fatal.exit];
  // What the system says: a full disk, no permission, a port in use.
  return isSystemError(error) ? ExitCode.Failure : undefined;
}
