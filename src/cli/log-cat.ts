import { Command, type Option } from 'commander';
import { shardOfStream } from '../../projections/store/places.js';
import type { ShardLog } from '../log/port.js';
import { checkTypes, eventLines, type EventFilter } from './event-lines.js';
import { addLogOptions } from './log-target/log-options.js';
import { type ReadMarket, readingMarket } from './log-target/market.js';
import { wholeLog } from './log-target/whole-log.js';
import { dataOption, type DataOptions, examples, jsonOption, parseCount, parsePosition } from './options.js';
import type { Terminal } from './terminal/terminal.js';

interface CatOptions extends DataOptions, EventFilter {
  readonly limit?: number;
}

export function logCatVerb(terminal: Terminal): Command {
  return addLogOptions(filterOptions(new Command('cat')))
    .summary('prints events as JSON lines')
    .description(
      'Prints the events of the log, one a line, as JSON. Prices are in ticks and quantities in lots, as they are stored. Several ' +
        'shards come one after the other, each line with its shard; positions can be given for one alone (--shard).',
    )
    .option('--until <position>', 'stop before this position', parsePosition)
    .option('--limit <count>', 'so many at most', parseCount)
    .addOption(dataOption())
    .addHelpText(
      'after',
      examples(
        ['parley log cat --limit 10', 'the first ten events'],
        ['parley log cat --stream intention-12', 'all that happened to intention 12'],
        ['parley log cat --type DealConfirmed DealAborted --from 1000', 'decisions from position 1000 on'],
      ),
    )
    .action(async (options: CatOptions, command: Command) => {
      checkTypes(options);
      await readingMarket(terminal, command, (market) => printEvents(terminal, market, options));
    });
}

async function printEvents(terminal: Terminal, market: ReadMarket, options: CatOptions): Promise<void> {
  const { from = 0, until, limit = Number.POSITIVE_INFINITY } = options;
  if (from > 0) market.mustBeOne('--from');
  if (until !== undefined) market.mustBeOne('--until');
  let left = limit;
  for await (const log of logsOf(market, options.stream)) {
    left -= await printLog(terminal, log, market, { ...options, limit: left });
    if (left <= 0) return;
  }
}

/** All logs; of one stream, the log that it stands in, by its name. */
async function* logsOf(market: ReadMarket, stream: string | undefined): AsyncGenerator<ShardLog, void, void> {
  const home = stream === undefined ? undefined : shardOfStream(stream);
  if (!market.isSharded || home === undefined) yield* market.all();
  else if (market.home(home) !== undefined) yield await market.log(home);
}

/** Returns how many lines it printed. */
async function printLog(
  terminal: Terminal,
  log: ShardLog,
  market: ReadMarket,
  options: CatOptions & { readonly limit: number },
): Promise<number> {
  const { from = 0, until = Number.POSITIVE_INFINITY, limit } = options;
  let count = 0;
  for await (const batch of wholeLog(log, await log.head()).read(from)) {
    terminal.throwIfStopped();
    if (batch.firstPosition >= until) break;
    for (const line of eventLines(batch, log.shard, options)) {
      await terminal.out.json(market.isSharded ? { shard: log.shard, ...line } : line);
      if (++count >= limit) return count;
    }
  }
  return count;
}

/** What is printed is JSON in any case; scripts may say so all the same. */
export function alwaysJson(): Option {
  return jsonOption('as it always does').hideHelp();
}

/** The filters that `cat` and `tail` share. */
export function filterOptions(command: Command): Command {
  return command
    .option('--from <position>', 'begin at this position', parsePosition)
    .option('--stream <name>', 'only this stream: intention-12, deal-12-3, shard-0')
    .option('--type <type...>', 'only these types of events')
    .addOption(alwaysJson());
}
