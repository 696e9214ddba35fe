import type { Command } from 'commander';
import type { Ticker } from '../../../client/market/market-types.js';
import { connect } from '../../options/connection.js';
import { readsLog } from '../../options/where-it-looks.js';
import { formatOf, type LookOptions } from '../../options/options.js';
import { parseSymbol } from '../../options/values.js';
import { tickersOfLog } from '../../reports/log/market-of-log.js';
import { fieldsOf, type RowKind, writeRows } from '../../terminal/rows.js';
import type { Terminal } from '../../terminal/terminal.js';
import { Verb } from '../../options/verb.js';

export function tickerVerb(terminal: Terminal): Command {
  return new Verb('ticker')
    .description(
      'Shows the last price of an instrument, its best bid and ask, and what the last 24 hours did with it: the running minute and the ' +
        '1,439 before it, by the clock of the running exchange, or with --data, --log or --at by the time of the log.',
    )
    .argument('[symbol]', 'this instrument; all that are listed unless one is named', parseSymbol)
    .lookOptions()
    .examples(
      ['parley ticker', 'of all instruments of the running exchange'],
      ['parley ticker ACME --json', 'of one, for a program'],
      ['parley ticker ACME --data ./parley-data --at 1200', 'as it stood before position 1200'],
    )
    .action(async (symbol: string | undefined, options: LookOptions, command: Command) => {
      const tickers = readsLog(terminal, command, options)
        ? await tickersOfLog(terminal, command, { ...options, symbol })
        : await tickersOfServer(terminal, symbol, options);
      await writeRows(terminal.out, formatOf(options), tickers, tickerRows);
    });
}

async function tickersOfServer(
  { signal }: Terminal,
  symbol: string | undefined,
  options: LookOptions,
): Promise<readonly Ticker[]> {
  const market = connect(options).market;
  return symbol === undefined ? market.tickers({ signal }) : [await market.ticker(symbol, { signal })];
}

const tickerRows: RowKind<Ticker> = {
  none: 'no instruments',
  columns: [
    { head: 'instrument', value: ({ instrument }) => instrument },
    { head: 'last', value: ({ last }) => last ?? '', align: 'right' },
    { head: 'change', value: ({ change }) => change ?? '', align: 'right' },
    { head: '%', value: ({ changePercent }) => changePercent ?? '', align: 'right' },
    { head: 'high', value: ({ high }) => high ?? '', align: 'right' },
    { head: 'low', value: ({ low }) => low ?? '', align: 'right' },
    { head: 'volume', value: ({ volume }) => volume, align: 'right' },
    { head: 'deals', value: ({ deals }) => String(deals), align: 'right' },
    { head: 'bid', value: ({ bestBid }) => bestBid ?? '', align: 'right' },
    { head: 'ask', value: ({ bestAsk }) => bestAsk ?? '', align: 'right' },
  ],
  fields: fieldsOf<Ticker>({
    ...{ instrument: true, last: true, change: true, changePercent: true, high: true, low: true },
    ...{ volume: true, deals: true, bestBid: true, bestAsk: true, position: true, shard: true },
  }),
};
