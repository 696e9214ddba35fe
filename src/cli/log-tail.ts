import { Command } from 'commander';
import { checkTypes, eventLines, type EventFilter } from './event-lines.js';
import { filterOptions } from './log-cat.js';
import { addLogOptions } from './log-place/log-options.js';
import { readingPlace } from './log-place/place.js';
import { dataOption, type DataOptions, examples } from './options.js';
import type { Terminal } from './terminal/terminal.js';

interface TailOptions extends DataOptions, EventFilter {}

export function logTailVerb(terminal: Terminal): Command {
  return addLogOptions(filterOptions(new Command('tail')))
    .summary('follows the log as it grows')
    .description(
      'Prints events as JSON lines as they become durable, until it is interrupted. It begins with what is new, or at --from. It ' +
        'only reads, and does not disturb the exchange that writes.',
    )
    .addOption(dataOption())
    .addHelpText(
      'after',
      examples(
        ['parley log tail', 'everything that happens from now on'],
        ['parley log tail --from 0 --type DealConfirmed', 'all deals so far, and those to come'],
      ),
    )
    .action(async (options: TailOptions, command: Command) => {
      checkTypes(options);
      await readingPlace(terminal, command, async (place) => {
        const log = await place.existingLog();
        const from = options.from ?? (await log.head());
        for await (const batch of log.follow(from, terminal.signal)) {
          for (const line of eventLines(batch, log.shard, { ...options, from })) await terminal.out.json(line);
          await terminal.out.flush();
          terminal.throwIfStopped();
        }
        terminal.throwIfStopped();
      });
    });
}
