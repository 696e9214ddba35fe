import { Command, Option } from 'commander';
import { instrumentView, type InstrumentView } from '../../projections/directory/views.js';
import type { InstrumentTerms, PriceRule, SelfTrade } from '../client/index.js';
import { connect, readsLog } from './connection.js';
import { readHistories } from './history.js';
import { addLogOptions } from './log-target/log-options.js';
import { readingMarket } from './log-target/market.js';
import {
  atOption,
  type AtOptions,
  dataOption,
  type DataOptions,
  examples,
  jsonOption,
  type JsonOptions,
  keyOption,
  type ServerOptions,
  urlOption,
} from './options.js';
import { ExitCode, Failure } from './terminal/exit.js';
import type { Output } from './terminal/output.js';
import { writeTable } from './terminal/table.js';
import type { Terminal } from './terminal/terminal.js';

interface ListOptions extends DataOptions, AtOptions, ServerOptions, JsonOptions {
  readonly tickSize?: string;
  readonly lotSize?: string;
  readonly minPrice?: string;
  readonly maxPrice?: string;
  readonly priceRule?: PriceRule;
  readonly selfTrade?: SelfTrade;
}

export function listVerb(terminal: Terminal): Command {
  return addLogOptions(new Command('list'))
    .summary('shows the instruments, or lists one')
    .description(
      'Shows the listed instruments: of the running exchange, or with --data or --at from the log alone. With a symbol and its terms, ' +
        'lists that instrument on the running exchange, or changes its band and rules.',
    )
    .argument('[symbol]', 'the instrument to list')
    .option('--tick-size <step>', 'smallest step of its price, as a decimal number')
    .option('--lot-size <step>', 'smallest step of its quantity, as a decimal number')
    .option('--min-price <price>', 'lowest limit that is taken')
    .option('--max-price <price>', 'highest limit that is taken')
    .addOption(
      new Option('--price-rule <rule>', 'whose price a deal is made at').choices(['standing', 'seller', 'midpoint']),
    )
    .addOption(
      new Option('--self-trade <rule>', 'when a participant meets itself').choices([
        'allow',
        'refuseArriving',
        'withdrawStanding',
      ]),
    )
    .addOption(dataOption())
    .addOption(atOption())
    .addOption(urlOption())
    .addOption(keyOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        ['parley list', 'the instruments of the running exchange'],
        ['parley list ACME --tick-size 0.01 --lot-size 1', 'lists ACME'],
      ),
    )
    .action(async (symbol: string | undefined, options: ListOptions, command: Command) => {
      const instruments =
        symbol === undefined
          ? await instrumentsOf(terminal, options, command)
          : [await putInstrument(terminal, symbol, options, command)];
      if (options.json === true) for (const instrument of instruments) await terminal.out.json(instrument);
      else await writeInstruments(terminal.out, instruments);
    });
}

async function instrumentsOf(
  terminal: Terminal,
  options: ListOptions,
  command: Command,
): Promise<readonly InstrumentView[]> {
  if (termsOf(options) !== undefined) throw new Failure(ExitCode.Usage, 'say which instrument these terms are for');
  if (!readsLog(command, options)) return connect(options).instruments({ signal: terminal.signal });
  return readingMarket(terminal, command, async (market) => {
    const shards = await readHistories(terminal, market, options, () => undefined);
    return shards.flatMap(({ directory, shard }) => {
      const views = directory.instruments().map(instrumentView);
      return market.isSharded ? views.map((view) => ({ ...view, shard })) : views;
    });
  });
}

async function putInstrument(
  terminal: Terminal,
  symbol: string,
  options: ListOptions,
  command: Command,
): Promise<InstrumentView> {
  const { tickSize, lotSize } = options;
  if (readsLog(command, options)) {
    throw new Failure(
      ExitCode.Usage,
      'an instrument is listed on the running exchange: leave out --at and what says which log',
    );
  }
  if (tickSize === undefined || lotSize === undefined) {
    throw new Failure(ExitCode.Usage, `to list ${symbol}, give --tick-size and --lot-size`);
  }
  const terms = { ...termsOf(options), tickSize, lotSize };
  return connect(options).putInstrument(symbol, terms, { signal: terminal.signal });
}

/** The terms that are given; undefined when none are. */
function termsOf(options: ListOptions): Partial<InstrumentTerms> | undefined {
  const { tickSize, lotSize, minPrice, maxPrice, priceRule, selfTrade } = options;
  const given = Object.entries({ tickSize, lotSize, minPrice, maxPrice, priceRule, selfTrade });
  const terms = given.filter(([, value]) => value !== undefined);
  return terms.length === 0 ? undefined : Object.fromEntries(terms);
}

async function writeInstruments(out: Output, instruments: readonly InstrumentView[]): Promise<void> {
  if (instruments.length === 0) {
    await out.line('no instruments');
    return;
  }
  await writeTable(
    out,
    [
      { head: 'symbol', value: ({ symbol }) => symbol },
      { head: 'tick', value: ({ tickSize }) => tickSize, align: 'right' },
      { head: 'lot', value: ({ lotSize }) => lotSize, align: 'right' },
      { head: 'lowest', value: ({ minPrice }) => minPrice, align: 'right' },
      { head: 'highest', value: ({ maxPrice }) => maxPrice, align: 'right' },
      { head: 'price rule', value: ({ priceRule }) => priceRule },
      { head: 'self trade', value: ({ selfTrade }) => selfTrade },
      { head: 'phase', value: ({ phase }) => phase },
    ],
    instruments,
  );
}
