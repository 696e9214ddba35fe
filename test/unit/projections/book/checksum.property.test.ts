import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bookChecksum, checkedBook, checkedDepth } from '../../../../projections/book/checksum.js';
import { bookChecksum as checksumOfClient } from '../../../../src/client/market/checksum.js';
import { runs } from '../../../support/property/runs.js';

const decimal = fc
  .tuple(fc.nat({ max: 2 ** 31 }), fc.nat({ max: 12 }))
  .map(([units, decimals]) => (units / 1_000).toFixed(decimals));
const levels = fc.array(fc.record({ price: decimal, quantity: decimal, intentions: fc.nat() }), { maxLength: 25 });
const sides = fc.record({ bids: levels, asks: levels });

it('The client and the server tell the same checksum of any book', () => {
  fc.assert(
    fc.property(sides, (book) => {
      expect(checksumOfClient(book)).toBe(bookChecksum(book));
    }),
    runs(300),
  );
});

it('A checksum is the same whatever the depth that was asked for, and the depth is what was asked for', () => {
  fc.assert(
    fc.property(sides, fc.integer({ min: 1, max: 30 }), ({ bids, asks }, depth) => {
      const looked = checkedDepth(depth);
      const shown = checkedBook({ bids: bids.slice(0, looked), asks: asks.slice(0, looked) }, depth);
      expect(shown).toEqual({
        bids: bids.slice(0, depth),
        asks: asks.slice(0, depth),
        checksum: bookChecksum({ bids, asks }),
      });
    }),
    runs(300),
  );
});

it('A checksum changes with the tenth level, and not with the eleventh', () => {
  const bids = Array.from({ length: 11 }, (_, index) => ({ price: String(20 - index), quantity: '1', intentions: 1 }));
  const without = (level: number): number =>
    bookChecksum({ bids: bids.filter((_, index) => index !== level), asks: [] });
  expect(without(10)).toBe(bookChecksum({ bids, asks: [] }));
  expect(without(9)).not.toBe(bookChecksum({ bids, asks: [] }));
});

it('A checksum is CRC-32 of prices and quantities as they are written', () => {
  const level = { price: '10.25', quantity: '60', intentions: 1 };
  // By another hand: python3 -c 'import zlib; print(zlib.crc32(b"10.25:60|10.30:7"))'
  expect(bookChecksum({ bids: [level], asks: [{ price: '10.30', quantity: '7', intentions: 2 }] })).toBe(3349438131);
  expect(bookChecksum({ bids: [], asks: [] })).toBe(0);
});
