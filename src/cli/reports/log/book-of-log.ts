/** The book of an instrument from the log of its shard: as it stands, and as it changes. */
import type { Command } from 'commander';
import { BookFold } from '../../../../projections/book/book.js';
import { checkedBook, checkedDepth } from '../../../../projections/book/checksum.js';
import { bookView } from '../../../../projections/book/views.js';
import type { ReadMarket } from '../../../app/logs/market.js';
import type { AtOptions } from '../../options/options.js';
import { readingMarket } from '../../options/logs/with-market.js';
import type { Terminal } from '../../terminal/terminal.js';
import type { FoundBook } from '../book-lines.js';
import { followHistory } from './following.js';
import { readListed } from './listed.js';

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
    const read = await readListed(terminal, market, { ...options, symbol }, () => new BookFold());
    const shown = (position: number): FoundBook => {
      const instrument = read.directory.instrumentBySymbol(symbol);
      if (instrument === undefined) throw new Error(`${symbol} is not listed any more`);
      const { depth } = options;
      const view = checkedBook(bookView(read.made, instrument, checkedDepth(depth), position), depth);
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
