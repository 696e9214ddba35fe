import type { Command } from 'commander';
import type { ShardLog } from '../../../log/port.js';
import { checkTypes, eventLines, type EventFilter } from '../../reports/event-lines.js';
import { filteringVerb, printEvent } from './log-cat.js';
import { readingMarket } from '../../options/with-market.js';
import type { Terminal } from '../../terminal/terminal.js';

export function logTailVerb(terminal: Terminal): Command {
  return filteringVerb('tail')
    .summary('follows the log as it grows')
    .description(
      'Prints events as JSON lines as they become durable, until it is interrupted. It begins with what is new, or at --from. It ' +
        'only reads, and does not disturb the exchange that writes. Of several shards all are followed, each line with its shard; a ' +
        'position other than 0 can be given for one alone (--shard).',
    )
    .logOptions()
    .examples(
      ['parley log tail', 'everything that happens from now on'],
      ['parley log tail --from 0 --type DealConfirmed', 'all deals so far, and those to come'],
    )
    .action(async (options: EventFilter, command: Command) => {
      checkTypes(options);
      await readingMarket(terminal, command, async (market) => {
        if ((options.from ?? 0) > 0) market.mustBeOne('--from');
        const failing = new AbortController();
        const signal = AbortSignal.any([terminal.signal, failing.signal]);
        const tail = async (log: ShardLog): Promise<void> => {
          const from = options.from ?? (await log.head());
          for await (const batch of log.follow(from, signal)) {
            const lines = eventLines(batch, log.shard, { ...options, from });
            for (const line of lines) await printEvent(terminal, market, log, line);
            await terminal.out.flush();
            terminal.throwIfStopped();
          }
        };
        const logs = [];
        for await (const log of market.all()) logs.push(log);
        try {
          await Promise.all(logs.map(tail));
        } finally {
          failing.abort();
        }
        terminal.throwIfStopped();
      });
    });
}
