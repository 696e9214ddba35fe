import { Command } from 'commander';
import { BookFold } from '../../projections/book/book.js';
import { bookView, type BookLevel, type BookView } from '../../projections/book/views.js';
import { connect, readsLog } from './connection.js';
import { readHistory } from './history.js';
import { addLogOptions } from './log-place/log-options.js';
import {
  atOption,
  type AtOptions,
  dataOption,
  type DataOptions,
  examples,
  jsonOption,
  type JsonOptions,
  keyOption,
  parseCount,
  type ServerOptions,
  urlOption,
} from './options.js';
import { ExitCode, Failure } from './terminal/exit.js';
import { grouped, writeTable } from './terminal/table.js';
import type { Terminal } from './terminal/terminal.js';

interface BookOptions extends DataOptions, AtOptions, ServerOptions, JsonOptions {
  readonly depth: number;
}

export function bookVerb(terminal: Terminal): Command {
  return addLogOptions(new Command('book'))
    .summary('shows an instrument’s book')
    .description(
      'Shows an instrument’s book: of the running exchange, or with --data, --log or --at from the log alone.',
    )
    .argument('<symbol>', 'the instrument')
    .option('--depth <levels>', 'how many levels of each side', parseCount, 10)
    .addOption(dataOption())
    .addOption(atOption())
    .addOption(urlOption())
    .addOption(keyOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        ['parley book ACME', 'of the running exchange'],
        ['parley book ACME --data ./parley-data --at 1200', 'as it stood before position 1200'],
      ),
    )
    .action(async (symbol: string, options: BookOptions, command: Command) => {
      const book = readsLog(command, options)
        ? await bookOfLog(terminal, command, symbol, options)
        : await connect(options).book(symbol, { depth: options.depth, signal: terminal.signal });
      await (options.json === true ? terminal.out.json(book) : writeBook(terminal, book));
    });
}

async function bookOfLog(
  terminal: Terminal,
  command: Command,
  symbol: string,
  options: BookOptions,
): Promise<BookView> {
  const book = new BookFold();
  const { directory, position } = await readHistory(terminal, command, options, () => [book]);
  const instrument = directory.instrumentBySymbol(symbol);
  if (instrument === undefined) {
    throw new Failure(ExitCode.Failure, `UNKNOWN_INSTRUMENT: ${symbol} is not listed before position ${position}`);
  }
  return bookView(book, instrument, options.depth, position);
}

async function writeBook({ out }: Terminal, book: BookView & { readonly reason?: string }): Promise<void> {
  const { bids, asks, reason } = book;
  if (reason !== undefined) await out.line(`only what is durable: ${reason}`);
  await out.line(`${out.colors.bold(book.instrument)}  ${book.phase}  before position ${grouped(book.position)}`);
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
