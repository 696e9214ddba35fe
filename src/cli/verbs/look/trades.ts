import type { Command } from 'commander';
import type { Trade } from '../../../client/market/market-types.js';
import { connect } from '../../options/connection.js';
import { readsLog } from '../../options/where-it-looks.js';
import { formatOf, type LookOptions, parseCount, parseCountOrNone } from '../../options/options.js';
import { parseSymbol } from '../../options/values.js';
import { tradesOfLog } from '../../reports/log/market-of-log.js';
import { fieldsOf, type RowKind, writeRows } from '../../terminal/rows.js';
import type { Terminal } from '../../terminal/terminal.js';
import { Verb } from '../../options/verb.js';

interface TradesOptions extends LookOptions {
  readonly after?: number;
  readonly limit: number;
}

export function tradesVerb(terminal: Terminal): Command {
  return new Verb('trades')
    .description(
      'Shows the deals of an instrument without names, in the order in which they were decided: of the running exchange, or with --data, ' +
        '--log or --at from the log alone. Positions are those of the log of the shard that lists the instrument.',
    )
    .argument('<symbol>', 'the instrument', parseSymbol)
    .option('--after <position>', 'the first ones after this position; otherwise the latest ones', parseCountOrNone)
    .option('--limit <count>', 'so many at most', parseCount, 100)
    .lookOptions()
    .examples(
      ['parley trades ACME --limit 20', 'the latest 20 of the running exchange'],
      ['parley trades ACME --data ./parley-data -o csv', 'for a spreadsheet, from the log'],
    )
    .action(async (symbol: string, options: TradesOptions, command: Command) => {
      const trades = readsLog(terminal, command, options)
        ? await tradesOfLog(terminal, command, { ...options, symbol })
        : await tradesOfServer(terminal, symbol, options);
      await writeRows(terminal.out, formatOf(options), trades, tradeRows);
    });
}

const PAGE_ROWS = 1_000;

/** A page at a time: onward from `after`, or back from the latest. */
async function tradesOfServer(
  { signal }: Terminal,
  symbol: string,
  { after, limit, ...options }: TradesOptions,
): Promise<readonly Trade[]> {
  const market = connect(options).market;
  let trades: readonly Trade[] = [];
  let place: { readonly after?: number | undefined; readonly before?: number | undefined } = { after };
  for (;;) {
    const rows = Math.min(PAGE_ROWS, limit - trades.length);
    const page = await market.trades(symbol, { ...place, limit: rows, signal });
    trades = after === undefined ? [...page, ...trades] : [...trades, ...page];
    place = after === undefined ? { before: page[0]?.position } : { after: page.at(-1)?.position };
    if (page.length < rows || trades.length >= limit) return trades;
  }
}

const tradeRows: RowKind<Trade> = {
  none: 'no trades',
  columns: [
    { head: 'position', value: ({ position }) => String(position), align: 'right' },
    { head: 'at', value: ({ at }) => at },
    { head: 'price', value: ({ price }) => price, align: 'right' },
    { head: 'quantity', value: ({ quantity }) => quantity, align: 'right' },
    { head: 'taker', value: ({ takerSide }) => (takerSide === 'buy' ? 'buyer' : 'seller') },
  ],
  fields: fieldsOf<Trade>({ position: true, at: true, price: true, quantity: true, takerSide: true }),
};
