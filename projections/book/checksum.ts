import { crc32 } from 'node:zlib';
import type { BookLevel } from './views.js';

/** How many levels of each side count. */
export const CHECKSUM_LEVELS = 10;

interface Sides {
  /** Best first; ten levels at least, where there are so many. */
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
}

/**
 * What two books have in common whose best levels are the same: CRC-32, as an unsigned integer, over `price:quantity` of the ten best
 * bids, best first, and then of the ten best asks, best first, all joined by `|`. 0 for a book on which nothing stands.
 */
export function bookChecksum({ bids, asks }: Sides): number {
  const levels = [...bids.slice(0, CHECKSUM_LEVELS), ...asks.slice(0, CHECKSUM_LEVELS)];
  return crc32(levels.map(({ price, quantity }) => `${price}:${quantity}`).join('|'));
}

/** How many levels to look at, to show `depth` of them and tell the checksum. */
export function checkedDepth(depth: number): number {
  return Math.max(depth, CHECKSUM_LEVELS);
}

/** The best `depth` levels of a book of `checkedDepth` levels, with its checksum. */
export function checkedBook<Book extends Sides>(book: Book, depth: number): Book & { readonly checksum: number } {
  const { bids, asks } = book;
  return { ...book, bids: bids.slice(0, depth), asks: asks.slice(0, depth), checksum: bookChecksum(book) };
}
