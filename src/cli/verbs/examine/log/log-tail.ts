import type { Command } from 'commander';
import type { ReadMarket } from '../../../../app/logs/market.js';
import type { ShardLog } from '../../../../log/port.js';
import { type FilterOptions, mustMakeSense, mustNameShards, rangeIn } from '../../../options/event-range.js';
import { readingMarket } from '../../../options/logs/with-market.js';
import type { Terminal } from '../../../terminal/terminal.js';
import { filteringVerb, printerFor, type PrintOptions } from './event-printer.js';

type TailOptions = Omit<FilterOptions, 'until'> & PrintOptions;

export function logTailVerb(terminal: Terminal): Command {
  return filteringVerb('tail')
    .description(
      'Prints events as they become durable, as `parley log cat` does, until it is interrupted. It begins with what is new, or at --from ' +
        'or --since. It only reads, and does not disturb the exchange that writes. Of several shards all are followed, each line ' +
        'with its shard; a position is of one of them: SHARD/POSITION.',
    )
    .logOptions()
    .examples(
      ['parley log tail', 'everything that happens from now on'],
      ['parley log tail --from 0 --type DealConfirmed', 'all deals so far, and those to come'],
      ['parley log tail --since 15m', 'the last quarter of an hour, and what comes'],
    )
    .action(async (options: TailOptions, command: Command) => {
      mustMakeSense(options);
      await readingMarket(terminal, command, (market) => follow(terminal, market, options), [options.from]);
    });
}

async function follow(terminal: Terminal, market: ReadMarket, options: TailOptions): Promise<void> {
  mustNameShards(market, options);
  const failing = new AbortController();
  const signal = AbortSignal.any([terminal.signal, failing.signal]);
  const logs = [];
  for await (const log of market.all()) logs.push(log);
  try {
    await Promise.all(logs.map((log) => tail(terminal, market, log, { ...options, signal })));
  } finally {
    failing.abort();
  }
  terminal.throwIfStopped();
}

async function tail(
  terminal: Terminal,
  market: ReadMarket,
  log: ShardLog,
  { signal, ...options }: TailOptions & { readonly signal: AbortSignal },
): Promise<void> {
  const { from, until: head } = await rangeIn(log, options, market.shown(log.shard));
  const isOfNew = options.from === undefined && options.since === undefined;
  const range = { from: isOfNew ? head : from, until: Number.POSITIVE_INFINITY };
  const printer = printerFor(terminal, market, log, { ...options, ...range });
  for await (const batch of log.follow(printer.readsFrom, signal)) {
    await printer.print(batch, Number.POSITIVE_INFINITY);
    await terminal.out.flush();
    terminal.throwIfStopped();
  }
}
