import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { unfiltered } from './png-rows.js';

const SIGNATURE_BYTES = 8;
const AROUND_BYTES = 12; // length, type, checksum
const NOTHING = Buffer.alloc(0);

/**
 * The same picture, and nothing in it but its dots. Browsers compress quickly and filter each row, which helps photographs; the rows of
 * a page are smaller as they are. Of pictures of eight bits a channel, without a palette and not interlaced, as browsers make them.
 */
export function smaller(png: Buffer): Buffer {
  const chunks = [...chunksOf(png)];
  const head = chunks[0]?.data ?? NOTHING;
  const rows = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data));
  const plain = unfiltered(inflateSync(rows), head.readUInt32BE(0), head[9] === 6 ? 4 : 3);
  const packed = deflateSync(plain, { level: 9, memLevel: 9 });
  return Buffer.concat([
    png.subarray(0, SIGNATURE_BYTES),
    chunk('IHDR', head),
    chunk('IDAT', packed),
    chunk('IEND', NOTHING),
  ]);
}

function* chunksOf(png: Buffer): Generator<{ readonly type: string; readonly data: Buffer }> {
  for (let at = SIGNATURE_BYTES; at < png.length;) {
    const length = png.readUInt32BE(at);
    yield { type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) };
    at += length + AROUND_BYTES;
  }
}

function chunk(type: string, data: Buffer): Buffer {
  const made = Buffer.alloc(data.length + AROUND_BYTES);
  made.writeUInt32BE(data.length, 0);
  made.write(type, 4, 'latin1');
  data.copy(made, 8);
  made.writeUInt32BE(crc32(made.subarray(4, 8 + data.length)), 8 + data.length);
  return made;
}
