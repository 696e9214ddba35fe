import { DirectoryFold } from '../../projections/directory/directory.js';
import { foldLog, type FoldedLog, type FoldLogOptions } from '../../projections/read-models.js';
import type { Fold } from '../events/fold.js';
import type { ShardLog } from '../log/port.js';
import type { ReadMarket } from './log-target/market.js';
import { wholeLog } from './log-target/whole-log.js';
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
  return readUpTo(terminal, until, (options) => foldLog(wholeLog(log, until), folds, options));
}

/** The shard where to look for an id. Fails, with what is unknown, for an id that no shard of this market gives out. */
export function homeOf(market: ReadMarket, shardOfId: number | undefined, unknown: string): number {
  const shard = market.home(shardOfId);
  if (shard !== undefined) return shard;
  throw new Failure(ExitCode.Failure, `${unknown} in any of ${market.shards.length} shards`);
}

/** Which shards a verb has not read that follows one intention or deal; undefined where there is one alone. */
export function unreadNote(market: ReadMarket, shard: number): string | undefined {
  if (!market.isSharded) return undefined;
  const others = market.shards.filter((each) => each !== shard).join(', ');
  return `shard ${shard} was read, and none of the others: ${others}`;
}

/** A shard’s log as far as it was folded, and the directory to show by what came of it. */
export interface ReadShard<Made> {
  readonly shard: number;
  readonly directory: DirectoryFold;
  /** All events before it are in the folds. */
  readonly position: number;
  readonly made: Made;
}

/** The fold that is made for a log, brought to where the options ask for. */
export async function readHistory<Made extends Fold | undefined>(
  terminal: Terminal,
  log: ShardLog,
  { at }: AtOptions,
  make: (directory: DirectoryFold) => Made,
): Promise<ReadShard<Made>> {
  const until = await endOf(log, at);
  const directory = new DirectoryFold();
  const made = make(directory);
  await foldHistory(terminal, log, made === undefined ? [directory] : [directory, made], until);
  return { shard: log.shard, directory, position: until, made };
}

/** The same of all logs, shard after shard. A position can be asked for where there is one alone. */
export async function readHistories<Made extends Fold | undefined>(
  terminal: Terminal,
  market: ReadMarket,
  options: AtOptions,
  make: (directory: DirectoryFold, shard: number) => Made,
): Promise<readonly ReadShard<Made>[]> {
  if (options.at !== undefined) market.mustBeOne('--at');
  const read: ReadShard<Made>[] = [];
  for await (const log of market.all()) {
    read.push(await readHistory(terminal, log, options, (directory) => make(directory, log.shard)));
  }
  if (market.isSharded) {
    const shards = read.map(({ shard, position }) => `${shard} before position ${grouped(position)}`);
    terminal.note(`read of ${market.shards.length} shards: ${shards.join(', ')}`);
  }
  return read;
}
