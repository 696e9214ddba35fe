import type { Findings } from './findings.js';
import { BOOK_DEPTH, type BookLine, type FlowLevel, type TopLine } from '../script/flow-line.js';
import type { BookLevels } from '../play/outcome.js';

/** The ten best levels of each side are those of the line: no other, no more, no fewer. */
export function checkBook(line: BookLine, lineNumber: number, book: BookLevels | undefined, findings: Findings): void {
  const { bids, asks } = known(book);
  if (sameLevels(line.bids, bids) && sameLevels(line.asks, asks)) findings.held('book');
  else findings.failed('book', lineNumber, shownBook(line), shownBook({ bids, asks }));
}

/** The best bid and ask are those of the line; quantity 0 says that the side is empty, whatever the price. */
export function checkTop(line: TopLine, lineNumber: number, book: BookLevels | undefined, findings: Findings): void {
  const { bids, asks } = known(book);
  if (sameBest(line.bid, bids[0]) && sameBest(line.ask, asks[0])) return findings.held('top');
  findings.failed('top', lineNumber, shownTop(line.bid, line.ask), shownTop(bids[0], asks[0]));
}

function known(book: BookLevels | undefined): BookLevels {
  if (book === undefined) throw new Error('a step with a `book` or `top` line was checked without the book');
  return book;
}

function sameLevels(expected: readonly FlowLevel[], found: readonly FlowLevel[]): boolean {
  if (expected.length !== Math.min(found.length, BOOK_DEPTH)) return false;
  return expected.every((level, index) => sameLevel(level, found[index]));
}

function sameBest(expected: FlowLevel, found: FlowLevel | undefined): boolean {
  return expected.quantity === 0 ? found === undefined : sameLevel(expected, found);
}

function sameLevel(expected: FlowLevel, found: FlowLevel | undefined): boolean {
  return found?.price === expected.price && found.quantity === expected.quantity;
}

function shownTop(bid: FlowLevel | undefined, ask: FlowLevel | undefined): string {
  return `top ${shown(bid)} ${shown(ask)}`;
}

function shown(level: FlowLevel | undefined): string {
  return level === undefined ? '0 0' : `${level.price} ${level.quantity}`;
}

function shownBook(book: BookLevels): string {
  return [
    'book b',
    ...book.bids.slice(0, BOOK_DEPTH).map(shown),
    'a',
    ...book.asks.slice(0, BOOK_DEPTH).map(shown),
  ].join(' ');
}
