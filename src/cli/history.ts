import type { Command } from 'commander';
import { DirectoryFold } from '../../projections/directory/directory.js';
import { foldLog, type FoldedLog, type FoldLogOptions } from '../../projections/read-models.js';
import type { Fold } from '../events/fold.js';
import type { ShardLog } from '../log/port.js';
import { readingPlace } from './log-place/place.js';
import type { AtOptions } from './options.js';
import { ExitCode, Failure } from './terminal/exit.js';
import { grouped } from './terminal/table.js';
import type { Terminal } from './terminal/terminal.js';

/** The position up to which to read: the log's head, or the one that is asked for, which must not lie beyond it. */
export async function endOf(log: ShardLog, at: number | undefined): Promise<number> {
  const head = await log.head();
  if (at !== undefined && at > head) {
    throw new Failure(ExitCode.Failure, `position ${grouped(at)} lies beyond the log’s head, ${grouped(head)}`);
  }
  return at ?? head;
}

/** Reads a log from its beginning up to a position, with a progress bar; stops when the terminal says so. */
export async function readUpTo<Value>(
  terminal: Terminal,
  until: number,
  read: (options: FoldLogOptions) => Promise<Value>,
): Promise<Value> {
  const progress = terminal.progress('reading the log', 'events');
  const onProgress = (position: number): void => {
    terminal.throwIfStopped();
    progress.update(position, until);
  };
  try {
    return await read({ until, onProgress });
  } finally {
    progress.stop();
  }
}

/** Folds a log from its beginning up to a position. */
export function foldHistory(
  terminal: Terminal,
  log: ShardLog,
  folds: readonly Fold[],
  until: number,
): Promise<FoldedLog> {
  return readUpTo(terminal, until, (options) => foldLog(log, folds, options));
}

/** The folds of the verb’s log, brought to where the options ask for, with the directory to show them by. */
export async function readHistory(
  terminal: Terminal,
  command: Command,
  { at }: AtOptions,
  folds: (directory: DirectoryFold) => readonly Fold[],
): Promise<{ readonly directory: DirectoryFold; readonly position: number }> {
  return readingPlace(terminal, command, async (place) => {
    const log = await place.existingLog();
    const position = await endOf(log, at);
    const directory = new DirectoryFold();
    await foldHistory(terminal, log, [directory, ...folds(directory)], position);
    return { directory, position };
  });
}
