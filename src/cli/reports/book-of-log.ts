/** The book of an instrument from the log of its shard: as it stands, and as it changes. */
import type { Command } from 'commander';
import { BookFold } from '../../../projections/book/book.js';
import { bookView } from '../../../projections/book/views.js';
import type { ReadMarket } from '../../app/logs/market.js';
import { NoLogError } from '../../app/logs/no-log.js';
import { failure } from '../../app/exit.js';
import { positionText } from '../../log/position-text.js';
import type { AtOptions } from '../options/options.js';
import { readingMarket } from '../options/logs/with-market.js';
import type { Terminal } from '../terminal/terminal.js';
import type { FoundBook } from './book-lines.js';
import { followHistory } from './following.js';
import { readHistory, type ReadShard } from './history.js';

interface BookOptions extends AtOptions {
  readonly depth: number;
  readonly watch?: true;
}

/** What is shown of a book. */
export interface BookSink {
  /** Shows the book, or soon a newer one. */
  show(book: () => FoundBook): void | Promise<void>;
}

/** Hands over the book, and, where the options say so, hands it over again after each batch of its log, without end. */
export function bookOfLog(
  terminal: Terminal,
  command: Command,
  { symbol, ...options }: BookOptions & { readonly symbol: string },
  sink: BookSink,
): Promise<void> {
  const find = async (market: ReadMarket): Promise<void> => {
    const read = await shardOf(terminal, market, symbol, options);
    const shown = (position: number): FoundBook => {
      const instrument = read.directory.instrumentBySymbol(symbol);
      if (instrument === undefined) throw new Error(`${symbol} is not listed any more`);
      const view = bookView(read.made, instrument, options.depth, position);
      const { shard } = read;
      return { book: market.isSharded ? { ...view, shard } : view, shown: market.shown(shard) };
    };
    await sink.show(() => shown(read.position));
    if (options.watch !== true) return;
    await followHistory(await market.log(read.shard), read, terminal.signal, (position) =>
      sink.show(() => shown(position)),
    );
  };
  return readingMarket(terminal, command, find, [options.at]);
}

/** The shard that lists the instrument. Fails where none does. */
async function shardOf(
  terminal: Terminal,
  market: ReadMarket,
  symbol: string,
  options: AtOptions,
): Promise<ReadShard<BookFold>> {
  let last: ReadShard<BookFold> | undefined;
  for await (const read of booksFrom(terminal, market, market.shardOfSymbol(symbol), options)) {
    if (read.directory.instrumentBySymbol(symbol) !== undefined) return read;
    last = read;
  }
  const where = market.isSharded
    ? `in any of ${market.shards.length} shards`
    : `before position ${positionText(last?.position ?? 0, market.shown(last?.shard ?? 0))}`;
  throw failure(`UNKNOWN_INSTRUMENT: ${symbol} is not listed ${where}`);
}

/** The books of the shard where an instrument belongs, and then those of the others: it may have been listed when there were fewer shards. */
async function* booksFrom(
  terminal: Terminal,
  market: ReadMarket,
  home: number,
  options: AtOptions,
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
