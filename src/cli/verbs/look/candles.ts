import type { Command } from 'commander';
import { type CandleInterval, candleIntervals } from '../../../../projections/tape/candles.js';
import type { Candle } from '../../../client/market/market-types.js';
import { connect } from '../../options/connection.js';
import { readsLog } from '../../options/where-it-looks.js';
import { formatOf, type LookOptions, parseCount } from '../../options/options.js';
import { parseTime, TIME_FORMS } from '../../options/times.js';
import { parseSymbol } from '../../options/values.js';
import { candlesOfLog } from '../../reports/log/market-of-log.js';
import { fieldsOf, type RowKind, writeRows } from '../../terminal/rows.js';
import type { Terminal } from '../../terminal/terminal.js';
import { Verb } from '../../options/verb.js';

interface CandlesOptions extends LookOptions {
  readonly interval: CandleInterval;
  /** Milliseconds since 1970. */
  readonly from?: number;
  readonly until?: number;
  readonly limit: number;
}

export function candlesVerb(terminal: Terminal): Command {
  return new Verb('candles')
    .description(
      'Shows what the deals of an instrument did in each interval of UTC, oldest first: of the running exchange, or with --data, --log or ' +
        '--at from the log alone. An interval without a deal is left out.',
    )
    .argument('<symbol>', 'the instrument', parseSymbol)
    .choice('--interval <length>', 'minutes, an hour or a day', Object.keys(candleIntervals), '1m')
    .option('--from <time>', `the first ones from this time on, otherwise the latest ones: ${TIME_FORMS}`, parseTime)
    .option('--until <time>', 'only those that start before this time', parseTime)
    .option('--limit <count>', 'so many at most', parseCount, 100)
    .lookOptions()
    .examples(
      ['parley candles ACME --interval 1h --limit 24', 'the latest 24 hours with deals'],
      ['parley candles ACME --from 2h --json', 'the minutes of the last two hours, for a program'],
    )
    .action(async (symbol: string, options: CandlesOptions, command: Command) => {
      const candles = readsLog(terminal, command, options)
        ? await candlesOfLog(terminal, command, { ...options, symbol })
        : await candlesOfServer(terminal, symbol, options);
      await writeRows(terminal.out, formatOf(options), candles, candleRows);
    });
}

const PAGE_ROWS = 1_000;

/** A page at a time: onward from `from`, or back from the latest. */
async function candlesOfServer(
  { signal }: Terminal,
  symbol: string,
  { interval, from, until, limit, ...options }: CandlesOptions,
): Promise<readonly Candle[]> {
  const market = connect(options).market;
  let candles: readonly Candle[] = [];
  let [first, end] = [textOf(from), textOf(until)];
  for (;;) {
    const rows = Math.min(PAGE_ROWS, limit - candles.length);
    const page = await market.candles(symbol, { interval, from: first, until: end, limit: rows, signal });
    candles = from === undefined ? [...page, ...candles] : [...candles, ...page];
    if (page.length < rows || candles.length >= limit) return candles;
    if (from === undefined) end = page[0]?.start;
    else first = textOf(Date.parse(page.at(-1)?.start ?? '') + 1);
  }
}

/** The exchange takes times after 1970; nothing was dealt before. */
function textOf(atMs: number | undefined): string | undefined {
  return atMs === undefined ? undefined : new Date(Math.max(1, atMs)).toISOString();
}

const candleRows: RowKind<Candle> = {
  none: 'no candles',
  columns: [
    { head: 'start', value: ({ start }) => start },
    { head: 'open', value: ({ open }) => open, align: 'right' },
    { head: 'high', value: ({ high }) => high, align: 'right' },
    { head: 'low', value: ({ low }) => low, align: 'right' },
    { head: 'close', value: ({ close }) => close, align: 'right' },
    { head: 'volume', value: ({ volume }) => volume, align: 'right' },
    { head: 'deals', value: ({ deals }) => String(deals), align: 'right' },
  ],
  fields: fieldsOf<Candle>({
    ...{ start: true, open: true, high: true, low: true, close: true, volume: true, deals: true },
  }),
};
