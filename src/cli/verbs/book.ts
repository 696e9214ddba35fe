import type { Command } from 'commander';
import { BookFold } from '../../../projections/book/book.js';
import { bookView, type BookLevel, type BookView } from '../../../projections/book/views.js';
import { connect, readsLog } from '../options/connection.js';
import { readHistory, type ReadShard } from '../reports/history.js';
import { type ReadMarket } from '../../app/logs/market.js';
import { readingMarket } from '../options/with-market.js';
import { NoLogError } from '../../app/logs/no-log.js';
import { type LookOptions, parseCount } from '../options/options.js';
import { parseSymbol } from '../options/values.js';
import { positionText } from '../../log/position-text.js';
import { failure } from '../../app/exit.js';
import { writeTable } from '../terminal/table.js';
import type { Terminal } from '../terminal/terminal.js';
import { Verb } from '../options/verb.js';

interface BookOptions extends LookOptions {
  readonly depth: number;
}

export function bookVerb(terminal: Terminal): Command {
  return new Verb('book')
    .summary('shows an instrument’s book')
    .description(
      'Shows an instrument’s book: of the running exchange, or with --data, --log or --at from the log alone. Of several shards, that ' +
        'of the one that lists the instrument; --at is a position of that one.',
    )
    .argument('<symbol>', 'the instrument', parseSymbol)
    .option('--depth <levels>', 'how many levels of each side', parseCount, 10)
    .lookOptions()
    .examples(
      ['parley book ACME', 'of the running exchange'],
      ['parley book ACME --data ./parley-data --at 1200', 'as it stood before position 1200'],
    )
    .action(async (symbol: string, options: BookOptions, command: Command) => {
      const { book, shown } = readsLog(terminal, command, options)
        ? await bookOfLog(terminal, command, symbol, options)
        : await bookOfServer(terminal, symbol, options);
      await (options.json === true ? terminal.out.json(book) : writeBook(terminal, book, shown));
    });
}

/** A book, with its shard where there are several, and with why that has stopped where it has. */
type ShownBook = BookView & { readonly shard?: number; readonly reason?: string };

/** A book, and the shard that its position is shown with, if any. */
interface FoundBook {
  readonly book: ShownBook;
  readonly shown: number | undefined;
}

async function bookOfServer({ signal }: Terminal, symbol: string, options: BookOptions): Promise<FoundBook> {
  return { book: await connect(options).book(symbol, { depth: options.depth, signal }), shown: undefined };
}

function bookOfLog(terminal: Terminal, command: Command, symbol: string, options: BookOptions): Promise<FoundBook> {
  const find = async (market: ReadMarket): Promise<FoundBook> => {
    let last: ReadShard<BookFold> | undefined;
    for await (const read of booksFrom(terminal, market, market.shardOfSymbol(symbol), options)) {
      const { directory, position, made: book, shard } = (last = read);
      const instrument = directory.instrumentBySymbol(symbol);
      if (instrument === undefined) continue;
      const view = bookView(book, instrument, options.depth, position);
      return { book: market.isSharded ? { ...view, shard } : view, shown: market.shown(shard) };
    }
    const where = market.isSharded
      ? `in any of ${market.shards.length} shards`
      : `before position ${positionText(last?.position ?? 0, market.shown(last?.shard ?? 0))}`;
    throw failure(`UNKNOWN_INSTRUMENT: ${symbol} is not listed ${where}`);
  };
  return readingMarket(terminal, command, find, [options.at]);
}

/** The books of the shard where an instrument belongs, and then those of the others: it may have been listed when there were fewer shards. */
async function* booksFrom(
  terminal: Terminal,
  market: ReadMarket,
  home: number,
  options: BookOptions,
): AsyncGenerator<ReadShard<BookFold>, void, void> {
  const others = options.at === undefined ? market.shards.filter((shard) => shard !== home) : [];
  for (const shard of [home, ...others]) {
    try {
      yield await readHistory(terminal, await market.log(shard), options, () => new BookFold());
    } catch (error) {
      if (!market.isSharded || !(error instanceof NoLogError)) throw error;
    }
  }
}

async function writeBook({ out }: Terminal, book: ShownBook, shown: number | undefined): Promise<void> {
  const { bids, asks, reason } = book;
  if (reason !== undefined) await out.line(`only what is durable: ${reason}`);
  const where = `before position ${positionText(book.position, shown)}`;
  await out.line(`${out.colors.bold(book.instrument)}  ${book.phase}  ${where}`);
  if (bids.length === 0 && asks.length === 0) {
    await out.line('nothing stands on this book');
    return;
  }
  type Sides = readonly [bid: BookLevel | undefined, ask: BookLevel | undefined];
  const rows = Array.from({ length: Math.max(bids.length, asks.length) }, (_, row): Sides => [bids[row], asks[row]]);
  const count = (level: BookLevel | undefined): string => (level === undefined ? '' : String(level.intentions));
  await writeTable(
    out,
    [
      { head: 'intentions', value: ([bid]) => count(bid), align: 'right' },
      { head: 'quantity', value: ([bid]) => bid?.quantity ?? '', align: 'right' },
      { head: 'bid', value: ([bid]) => bid?.price ?? '', align: 'right' },
      { head: 'ask', value: ([, ask]) => ask?.price ?? '', align: 'right' },
      { head: 'quantity', value: ([, ask]) => ask?.quantity ?? '', align: 'right' },
      { head: 'intentions', value: ([, ask]) => count(ask), align: 'right' },
    ],
    rows,
  );
}
