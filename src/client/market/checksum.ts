/** The part of a level that counts. */
interface Level {
  readonly price: string;
  readonly quantity: string;
}

const POLYNOMIAL = 0xedb8_8320;
const LEVELS = 10;

/**
 * The checksum of a book, as the exchange tells it: CRC-32 over `price:quantity` of the ten best bids, best first, and then of the ten
 * best asks, best first, all joined by `|`. An unsigned integer.
 */
export function bookChecksum({
  bids,
  asks,
}: {
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}): number {
  const levels = [...bids.slice(0, LEVELS), ...asks.slice(0, LEVELS)];
  return crc32(levels.map(({ price, quantity }) => `${price}:${quantity}`).join('|'));
}

/** Of a text of ASCII, bit by bit: a table would be larger than what it saves on two hundred characters. */
function crc32(text: string): number {
  let crc = 0xffff_ffff;
  for (let at = 0; at < text.length; at++) {
    crc ^= text.charCodeAt(at);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
  }
  return ~crc >>> 0;
}
