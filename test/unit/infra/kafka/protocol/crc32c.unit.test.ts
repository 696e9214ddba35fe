import { describe, expect, it } from 'vitest';
import { crc32c } from '../../../../../infra/kafka/protocol/crc32c.js';

/** RFC 3720, appendix B.4, whose bytes are the sums in the order of the wire: lowest first. */
const vectors: readonly (readonly [name: string, bytes: Uint8Array, sum: number])[] = [
  ['32 bytes of zeros', new Uint8Array(32), 0x8a9136aa],
  ['32 bytes of ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ['32 rising bytes', Uint8Array.from({ length: 32 }, (_, at) => at), 0x46dd794e],
  ['32 falling bytes', Uint8Array.from({ length: 32 }, (_, at) => 31 - at), 0x113fdb5c],
  [
    'an iSCSI read command',
    Buffer.from(
      '01c000000000000000000000000000001400000000000400000000140000001828000000000000000200000000000000',
      'hex',
    ),
    0xd9963a56,
  ],
  ['the nine digits of the check value', Buffer.from('123456789'), 0xe3069283],
  ['nothing', new Uint8Array(0), 0],
];

describe('the CRC-32C', () => {
  it.for(vectors)('The CRC-32C is that of RFC 3720 for %s', ([, bytes, sum]) => {
    expect(crc32c(bytes)).toBe(sum);
  });

  it('The CRC-32C is the same by eight bytes and by one, wherever they lie in a buffer', () => {
    const bytes = Buffer.from(Array.from({ length: 64 }, (_, at) => (at * 37) & 0xff));
    for (let from = 0; from <= 9; from++) {
      for (let to = from; to <= bytes.length; to++) {
        expect(crc32c(bytes, from, to)).toBe(slowly(bytes.subarray(from, to)));
        expect(crc32c(bytes.subarray(from, to))).toBe(slowly(bytes.subarray(from, to)));
      }
    }
  });
});

/** The definition, a bit at a time. */
function slowly(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0x82f6_3b78 : crc >>> 1;
  }
  return (crc ^ 0xffff_ffff) >>> 0;
}
