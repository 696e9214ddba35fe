import type { Command } from 'commander';
import { shardOfStream } from '../../../../../projections/store/places.js';
import { failure } from '../../../../app/exit.js';
import type { ReadMarket } from '../../../../app/logs/market.js';
import { wholeLog } from '../../../../app/logs/whole-log.js';
import { positionText } from '../../../../log/position-text.js';
import type { ShardLog } from '../../../../log/port.js';
import {
  type EventRange,
  type FilterOptions,
  mustMakeSense,
  mustNameShards,
  rangeIn,
  untilOption,
} from '../../../options/event-range.js';
import { parseCount } from '../../../options/options.js';
import { readingMarket } from '../../../options/logs/with-market.js';
import type { Terminal } from '../../../terminal/terminal.js';
import { type EventPrinter, filteringVerb, printerFor, type PrintOptions } from './event-printer.js';

interface CatOptions extends FilterOptions, PrintOptions {
  readonly limit?: number;
}

export function logCatVerb(terminal: Terminal): Command {
  return filteringVerb('cat')
    .description(
      'Prints the events of the log, one a line: on a terminal as people read them, with decimal prices and quantities; elsewhere, and ' +
        'with --json, as JSON, with prices in ticks and quantities in lots, as they are stored. Several shards come one after the ' +
        'other, each line with its shard; a position is of one of them: SHARD/POSITION. Where nothing matches, stderr says so; a ' +
        'stream that is not there, and a beginning beyond the head, are failures.',
    )
    .addOption(untilOption())
    .option('--limit <count>', 'so many at most', parseCount)
    .logOptions()
    .examples(
      ['parley log cat --limit 10', 'the first ten events'],
      ['parley log cat --stream intention-12', 'all that happened to intention 12'],
      ['parley log cat --type DealConfirmed DealAborted --from 1000', 'decisions from position 1000 on'],
      ['parley log cat --since 10:30 --until 10:45 | jq', 'a quarter of an hour of today, in UTC'],
    )
    .action(async (options: CatOptions, command: Command) => {
      mustMakeSense(options);
      const print = (market: ReadMarket): Promise<void> => printEvents(terminal, market, options);
      await readingMarket(terminal, command, print, [options.from, options.until]);
    });
}

/** Prints log after log, as far as the limit. */
async function printEvents(terminal: Terminal, market: ReadMarket, options: CatOptions): Promise<void> {
  mustNameShards(market, options);
  const { limit = Number.POSITIVE_INFINITY } = options;
  let count = 0;
  for await (const log of logsOf(market, options.stream)) {
    const range = await rangeIn(log, options, market.shown(log.shard));
    const printer = printerFor(terminal, market, log, { ...options, ...range });
    const printed = await printRange(terminal, log, range, { printer, limit: limit - count });
    if (printed === 0) await sayNothing(terminal, market, log, { ...options, ...range });
    count += printed;
    if (count >= limit) return;
  }
}

/** Returns how many events were printed. */
async function printRange(
  terminal: Terminal,
  log: ShardLog,
  range: EventRange,
  { printer, limit }: { readonly printer: EventPrinter; readonly limit: number },
): Promise<number> {
  if (range.from >= range.until) return 0;
  let count = 0;
  for await (const batch of wholeLog(log, range.until).read(printer.readsFrom)) {
    terminal.throwIfStopped();
    count += await printer.print(batch, limit - count);
    if (count >= limit || batch.firstPosition + batch.count >= range.until) break;
  }
  return count;
}

/** Nothing was printed of a log: tells why, on stderr. Fails where the stream that is asked for is not there. */
async function sayNothing(
  terminal: Terminal,
  market: ReadMarket,
  log: ShardLog,
  { from, until, stream }: EventRange & Pick<FilterOptions, 'stream'>,
): Promise<void> {
  const text = (position: number): string => positionText(position, market.shown(log.shard));
  if (stream !== undefined && !(await hasStream(log, stream))) {
    throw failure(`UNKNOWN_STREAM: there is no stream ${stream} before position ${text(await log.head())}`);
  }
  terminal.note(`no event matches from position ${text(from)} on, before position ${text(until)}`);
}

async function hasStream(log: ShardLog, stream: string): Promise<boolean> {
  for await (const _event of log.readStream(stream)) return true;
  return false;
}

/** All logs; of one stream, the log that it stands in, by its name. */
async function* logsOf(market: ReadMarket, stream: string | undefined): AsyncGenerator<ShardLog, void, void> {
  if (!market.isSharded || stream === undefined) return yield* market.all();
  const home = market.home(shardOfStream(stream));
  if (home !== undefined) return yield await market.log(home);
  throw failure(`UNKNOWN_STREAM: there is no stream ${stream} in any of ${market.shards.length} shards`);
}
