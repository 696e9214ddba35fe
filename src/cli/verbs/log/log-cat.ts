import type { Command, Option } from 'commander';
import { shardOfStream } from '../../../../projections/store/places.js';
import type { ShardLog } from '../../../log/port.js';
import { checkTypes, eventLines, type EventFilter, type EventLine } from '../../reports/event-lines.js';
import { type ReadMarket } from '../../../app/logs/market.js';
import { readingMarket } from '../../options/with-market.js';
import { wholeLog } from '../../../app/logs/whole-log.js';
import { jsonOption, parseCount, parsePosition } from '../../options/options.js';
import type { Terminal } from '../../terminal/terminal.js';
import { Verb } from '../../options/verb.js';

interface CatOptions extends EventFilter {
  readonly limit?: number;
}

export function logCatVerb(terminal: Terminal): Command {
  return filteringVerb('cat')
    .summary('prints events as JSON lines')
    .description(
      'Prints the events of the log, one a line, as JSON. Prices are in ticks and quantities in lots, as they are stored. Several ' +
        'shards come one after the other, each line with its shard; positions can be given for one alone (--shard).',
    )
    .option('--until <position>', 'stop before this position', parsePosition)
    .option('--limit <count>', 'so many at most', parseCount)
    .logOptions()
    .examples(
      ['parley log cat --limit 10', 'the first ten events'],
      ['parley log cat --stream intention-12', 'all that happened to intention 12'],
      ['parley log cat --type DealConfirmed DealAborted --from 1000', 'decisions from position 1000 on'],
    )
    .action(async (options: CatOptions, command: Command) => {
      checkTypes(options);
      await readingMarket(terminal, command, (market) => printEvents(terminal, market, options));
    });
}

async function printEvents(terminal: Terminal, market: ReadMarket, options: CatOptions): Promise<void> {
  const { from = 0, until = Number.POSITIVE_INFINITY, limit = Number.POSITIVE_INFINITY } = options;
  if (from > 0) market.mustBeOne('--from');
  if (options.until !== undefined) market.mustBeOne('--until');
  let count = 0;
  for await (const log of logsOf(market, options.stream)) {
    for await (const batch of wholeLog(log, await log.head()).read(from)) {
      terminal.throwIfStopped();
      if (batch.firstPosition >= until) break;
      for (const line of eventLines(batch, log.shard, options)) {
        await printEvent(terminal, market, log, line);
        if (++count >= limit) return;
      }
    }
  }
}

/** All logs; of one stream, the log that it stands in, by its name. */
async function* logsOf(market: ReadMarket, stream: string | undefined): AsyncGenerator<ShardLog, void, void> {
  const home = stream === undefined ? undefined : shardOfStream(stream);
  if (!market.isSharded || home === undefined) yield* market.all();
  else if (market.home(home) !== undefined) yield await market.log(home);
}

/** An event as a line of JSON, with its shard where there are several. */
export function printEvent(
  { out }: Terminal,
  { isSharded }: ReadMarket,
  { shard }: ShardLog,
  line: EventLine,
): Promise<void> {
  return out.json(isSharded ? { shard, ...line } : line);
}

/** What is printed is JSON in any case; scripts may say so all the same. */
export function alwaysJson(): Option {
  return jsonOption('as it always does').hideHelp();
}

/** `cat` and `tail`, with the filters that they share. */
export function filteringVerb(name: 'cat' | 'tail'): Verb {
  return new Verb(name)
    .option('--from <position>', 'begin at this position', parsePosition)
    .option('--stream <name>', 'only this stream: intention-12, deal-12-3, shard-0')
    .option('--type <type...>', 'only these types of events')
    .addOption(alwaysJson());
}
