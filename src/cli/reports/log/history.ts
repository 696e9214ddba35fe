/** Reading logs from their beginning, for verbs that show what they contain. */
import type { Command } from 'commander';
import { DirectoryFold } from '../../../../projections/directory/directory.js';
import { foldLog, type FoldLogOptions } from '../../../../projections/read-models.js';
import type { EventHandler } from '../../../events/handlers.generated.js';
import type { ShardLog } from '../../../log/port.js';
import { type ReadMarket } from '../../../app/logs/market.js';
import { readingMarket } from '../../options/logs/with-market.js';
import { wholeLog } from '../../../app/logs/whole-log.js';
import { positionText } from '../../../log/position-text.js';
import { positionAfter } from '../../../log/position-after.js';
import type { AtOptions } from '../../options/options.js';
import type { Point } from '../../options/logs/points.js';
import { type Failure, failure } from '../../../app/exit.js';
import type { Terminal } from '../../terminal/terminal.js';

/** The position up to which to read: the log's head, or the one that is asked for, which must not lie beyond it. */
export async function endOf(log: ShardLog, at: Point | undefined): Promise<number> {
  if (at !== undefined && 'atMs' in at) return positionAfter(log, at.atMs);
  const head = await log.head();
  if (at === undefined || at.position <= head) return at?.position ?? head;
  throw beyondHead(at.position, at.shard, head);
}

/** The refusal of a position that the log does not reach up to. */
export function beyondHead(position: number, shard: number | undefined, head: number): Failure {
  return failure(`position ${positionText(position, shard)} lies beyond the log’s head, ${positionText(head, shard)}`);
}

/** Fails (usage) for a position that does not say of which of several shards it is. */
export function mustNameShard(market: ReadMarket, option: string, point: Point | undefined): void {
  if (point !== undefined && 'position' in point) market.mustBeOne(option);
}

/** What a verb looks for in the log of one shard: the one that its id names. */
export interface Search<Found> {
  /** By the id; undefined for an id that no shard gives out. */
  readonly shardOfId: number | undefined;
  /** Said of what is not there: `UNKNOWN_DEAL: there is no deal 12-3`. */
  readonly unknown: string;
  readonly at: Point | undefined;
  /**
   * Reads the log up to where it is to be read; undefined where it holds nothing of the kind. `shown`: the shard, where positions are shown
   * with it.
   */
  readonly read: (
    log: Pick<ShardLog, 'read'>,
    options: FoldLogOptions,
    shown: number | undefined,
  ) => Promise<Found | undefined>;
}

export interface SearchResult<Found> {
  readonly found: Found;
  /** Both undefined where there is one shard alone. */
  readonly shard: number | undefined;
  /** For people: which shards were not read. */
  readonly note: string | undefined;
}

/** Looks for something in the log of its shard. Fails where it is not there. */
export function findInLog<Found>(
  terminal: Terminal,
  command: Command,
  { shardOfId, unknown, at, read }: Search<Found>,
): Promise<SearchResult<Found>> {
  const search = async (market: ReadMarket): Promise<SearchResult<Found>> => {
    const { shards, isSharded } = market;
    const shard = market.home(shardOfId);
    if (shard === undefined) throw failure(`${unknown} in any of ${shards.length} shards`);
    const log = await market.log(shard);
    const until = await endOf(log, at);
    const shown = market.shown(shard);
    const found = await readUpTo(terminal, until, (options) => read(wholeLog(log, until), options, shown));
    if (found === undefined) throw failure(`${unknown} before position ${positionText(until, shown)}`);
    if (!isSharded) return { found, shard: undefined, note: undefined };
    const others = shards.filter((each) => each !== shard).join(', ');
    return { found, shard, note: `shard ${shard} was read, and none of the others: ${others}` };
  };
  return readingMarket(terminal, command, search, [at]);
}

function readUpTo<Value>(
  terminal: Terminal,
  until: number,
  read: (options: FoldLogOptions) => Promise<Value>,
): Promise<Value> {
  return terminal.withProgress('reading the log', 'events', (update) => {
    const onProgress = (position: number): void => update(position, until);
    return read({ until, onProgress });
  });
}

/** A shard’s log as far as it was folded, and the names to show the result with. */
export interface ReadShard<Made> {
  readonly shard: number;
  readonly directory: DirectoryFold;
  /** All events before it are in the folds. */
  readonly position: number;
  readonly made: Made;
}

/** Folds a log into the fold that `make` makes for it, up to where the options say. */
export async function readHistory<Made extends EventHandler | undefined>(
  terminal: Terminal,
  log: ShardLog,
  { at }: AtOptions,
  make: (directory: DirectoryFold) => Made,
): Promise<ReadShard<Made>> {
  const until = await endOf(log, at);
  const directory = new DirectoryFold();
  const made = make(directory);
  const folds: readonly EventHandler[] = made === undefined ? [directory] : [directory, made];
  await readUpTo(terminal, until, (options) => foldLog(wholeLog(log, until), folds, options));
  return { shard: log.shard, directory, position: until, made };
}

/** The same for all logs, shard after shard. A position can be asked for where one alone is read, a time anywhere. */
export async function readHistories<Made extends EventHandler | undefined>(
  terminal: Terminal,
  market: ReadMarket,
  options: AtOptions,
  make: (directory: DirectoryFold, shard: number) => Made,
): Promise<readonly ReadShard<Made>[]> {
  mustNameShard(market, '--at', options.at);
  const read: ReadShard<Made>[] = [];
  for await (const log of market.all()) {
    read.push(await readHistory(terminal, log, options, (directory) => make(directory, log.shard)));
  }
  if (market.isSharded) {
    const ends = read.map(({ shard, position }) => positionText(position, shard));
    terminal.note(`read of ${market.shards.length} shards: before the positions ${ends.join(', ')}`);
  }
  return read;
}
