import { Command, type Option } from 'commander';
import { checkTypes, eventLines, type EventFilter } from './event-lines.js';
import { addLogOptions } from './log-place/log-options.js';
import type { LogPlace } from './log-place/log-place.js';
import { readingPlace } from './log-place/place.js';
import { dataOption, type DataOptions, examples, jsonOption, parseCount, parsePosition } from './options.js';
import type { Terminal } from './terminal/terminal.js';

interface CatOptions extends DataOptions, EventFilter {
  readonly limit?: number;
}

export function logCatVerb(terminal: Terminal): Command {
  return addLogOptions(filterOptions(new Command('cat')))
    .summary('prints events as JSON lines')
    .description(
      'Prints the events of the log, one a line, as JSON. Prices are in ticks and quantities in lots, as they are stored.',
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
      await readingPlace(terminal, command, (place) => printEvents(terminal, place, options));
    });
}

async function printEvents(terminal: Terminal, place: LogPlace, options: CatOptions): Promise<void> {
  const log = await place.existingLog();
  const { from = 0, until = Number.POSITIVE_INFINITY, limit = Number.POSITIVE_INFINITY } = options;
  let count = 0;
  for await (const batch of log.read(from)) {
    terminal.throwIfStopped();
    if (batch.firstPosition >= until) return;
    for (const line of eventLines(batch, log.shard, options)) {
      await terminal.out.json(line);
      if (++count >= limit) return;
    }
  }
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
