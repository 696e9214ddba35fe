import type { Command } from 'commander';
import { instrumentView, type InstrumentView } from '../../../../projections/directory/views.js';
import { connect } from '../../options/connection.js';
import { readsLog } from '../../options/where-it-looks.js';
import { parseSymbol } from '../../options/values.js';
import type { ReadMarket } from '../../../app/logs/market.js';
import { readHistories } from '../../reports/log/history.js';
import { readingMarket } from '../../options/logs/with-market.js';
import { formatOf, type LookOptions } from '../../options/options.js';
import { failure } from '../../../app/exit.js';
import { fieldsOf, type RowKind, writeRows } from '../../terminal/rows.js';
import type { Terminal } from '../../terminal/terminal.js';
import { Verb } from '../../options/verb.js';

export function instrumentsVerb(terminal: Terminal): Command {
  return new Verb('instruments')
    .description(
      'Shows the listed instruments, with their terms and their phase, in the order in which they were first listed: of the running ' +
        'exchange, or with --data, --log or --at from the log alone. Of several shards, those of one after those of the other.',
    )
    .argument('[symbol]', 'this one alone', parseSymbol)
    .lookOptions()
    .examples(
      ['parley instruments', 'all of the running exchange'],
      ['parley instruments ACME --json', 'one of them, for a program'],
      ['parley instruments --data ./parley-data --at 1200', 'as they were before position 1200'],
    )
    .action(async (symbol: string | undefined, options: LookOptions, command: Command) => {
      const all = await instrumentsOf(terminal, options, command);
      const shown = symbol === undefined ? all : all.filter((each) => each.symbol === symbol);
      if (symbol !== undefined && shown.length === 0) {
        throw failure(`UNKNOWN_INSTRUMENT: no instrument ${JSON.stringify(symbol)} is listed`);
      }
      await writeRows(terminal.out, formatOf(options), shown, instrumentRows);
    });
}

/** An instrument, with its shard where a log of several is read. */
export type ShownInstrument = InstrumentView & { readonly shard?: number };

/** What is listed, on the running exchange or in the log. */
export function instrumentsOf(
  terminal: Terminal,
  options: LookOptions,
  command: Command,
): Promise<readonly ShownInstrument[]> {
  if (!readsLog(terminal, command, options)) return connect(options).instruments({ signal: terminal.signal });
  const read = async (market: ReadMarket): Promise<readonly ShownInstrument[]> => {
    const shards = await readHistories(terminal, market, options, () => undefined);
    return shards.flatMap(({ directory, shard }) => {
      const views = directory.instruments().map(instrumentView);
      return market.isSharded ? views.map((view) => ({ ...view, shard })) : views;
    });
  };
  return readingMarket(terminal, command, read, [options.at]);
}

export const instrumentRows: RowKind<ShownInstrument> = {
  none: 'no instruments',
  columns: [
    { head: 'symbol', value: ({ symbol }) => symbol },
    { head: 'tick', value: ({ tickSize }) => tickSize, align: 'right' },
    { head: 'lot', value: ({ lotSize }) => lotSize, align: 'right' },
    { head: 'lowest', value: ({ minPrice }) => minPrice, align: 'right' },
    { head: 'highest', value: ({ maxPrice }) => maxPrice, align: 'right' },
    { head: 'price rule', value: ({ priceRule }) => priceRule },
    { head: 'self trade', value: ({ selfTrade }) => selfTrade },
    { head: 'counterparties', value: ({ counterparties }) => counterparties },
    { head: 'phase', value: ({ phase }) => phase },
  ],
  fields: fieldsOf<ShownInstrument>({
    ...{ symbol: true, tickSize: true, lotSize: true, minPrice: true, maxPrice: true },
    ...{ priceRule: true, selfTrade: true, counterparties: true, phase: true, shard: true },
  }),
};
