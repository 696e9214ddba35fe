import type { Command } from 'commander';
import type { ShardLog } from '../log/port.js';
import { checkTypes, eventLines, type EventFilter } from './event-lines.js';
import { filteringVerb, printEvent } from './log-cat.js';
import { type ReadMarket, readingMarket } from './log-target/market.js';
import type { Terminal } from './terminal/terminal.js';

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
        const logs = [];
        for await (const log of market.all()) logs.push(log);
        const failing = new AbortController();
        const signal = AbortSignal.any([terminal.signal, failing.signal]);
        try {
          await Promise.all(logs.map((log) => tail({ terminal, market, log, signal }, options)));
        } finally {
          failing.abort();
        }
        terminal.throwIfStopped();
      });
    });
}

async function tail({ terminal, market, log, signal }: Followed, options: EventFilter): Promise<void> {
  const from = options.from ?? (await log.head());
  for await (const batch of log.follow(from, signal)) {
    for (const line of eventLines(batch, log.shard, { ...options, from }))
      await printEvent(terminal, market, log, line);
    await terminal.out.flush();
    terminal.throwIfStopped();
  }
}

interface Followed {
  readonly terminal: Terminal;
  readonly market: ReadMarket;
  readonly log: ShardLog;
  /** Ends the following. */
  readonly signal: AbortSignal;
}
