import type { Command } from 'commander';
import type { Counterparties, Instrument, InstrumentTerms, PriceRule, SelfTrade } from '../../../client/index.js';
import { connect } from '../../options/connection.js';
import { logIsGiven } from '../../options/where-it-looks.js';
import { instrumentRows, instrumentsOf } from '../look/instruments.js';
import { formatOf, type LookOptions } from '../../options/options.js';
import { parsePrice, parseStep, parseSymbol } from '../../options/values.js';
import { usage } from '../../../app/exit.js';
import { writeRows } from '../../terminal/rows.js';
import type { Terminal } from '../../terminal/terminal.js';
import { Verb } from '../../options/verb.js';

interface ListOptions extends LookOptions {
  readonly tickSize?: string;
  readonly lotSize?: string;
  readonly minPrice?: string;
  readonly maxPrice?: string;
  readonly priceRule?: PriceRule;
  readonly selfTrade?: SelfTrade;
  readonly counterparties?: Counterparties;
}

export function listVerb(terminal: Terminal): Command {
  return new Verb('list')
    .description(
      'Shows the listed instruments: of the running exchange, or with --data or --at from the log alone. With a symbol and its terms, ' +
        'lists that instrument on the running exchange, or changes its band and rules.',
    )
    .argument('[symbol]', 'the instrument to list', parseSymbol)
    .option('--tick-size <step>', 'smallest step of its price, as a decimal number', parseStep)
    .option('--lot-size <step>', 'smallest step of its quantity, as a decimal number', parseStep)
    .option('--min-price <price>', 'lowest limit that is taken', parsePrice)
    .option('--max-price <price>', 'highest limit that is taken', parsePrice)
    .choice('--price-rule <rule>', 'whose price a deal is made at', ['standing', 'seller', 'midpoint'])
    .choice('--self-trade <rule>', 'when a participant meets itself', ['allow', 'refuseArriving', 'withdrawStanding'])
    .choice('--counterparties <rule>', 'whether the parties of a deal are told of each other', ['shown', 'hidden'])
    .lookOptions()
    .examples(
      ['parley list', 'the instruments of the running exchange'],
      ['parley list ACME --tick-size 0.01 --lot-size 1', 'lists ACME'],
    )
    .action(async (symbol: string | undefined, options: ListOptions, command: Command) => {
      if (symbol === undefined && termsOf(options) !== undefined)
        throw usage('say which instrument these terms are for');
      const instruments =
        symbol === undefined
          ? await instrumentsOf(terminal, options, command)
          : [await putInstrument(terminal, symbol, options, command)];
      await writeRows(terminal.out, formatOf(options), instruments, instrumentRows);
    });
}

async function putInstrument(
  terminal: Terminal,
  symbol: string,
  options: ListOptions,
  command: Command,
): Promise<Instrument> {
  const { tickSize, lotSize } = options;
  if (logIsGiven(command)) {
    throw usage('an instrument is listed on the running exchange: leave out --at and what says which log');
  }
  if (tickSize === undefined || lotSize === undefined) {
    throw usage(`to list ${symbol}, give --tick-size and --lot-size`);
  }
  const terms = { ...termsOf(options), tickSize, lotSize };
  return connect(options).putInstrument(symbol, terms, { signal: terminal.signal });
}

/** The terms that are given; undefined when none are. */
function termsOf(options: ListOptions): Partial<InstrumentTerms> | undefined {
  const { tickSize, lotSize, minPrice, maxPrice, priceRule, selfTrade, counterparties } = options;
  const given = Object.entries({ tickSize, lotSize, minPrice, maxPrice, priceRule, selfTrade, counterparties });
  const terms = given.filter(([, value]) => value !== undefined);
  return terms.length === 0 ? undefined : Object.fromEntries(terms);
}
