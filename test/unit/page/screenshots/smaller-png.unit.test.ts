import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { smaller } from '../../../page/screenshots/smaller-png.js';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
/** 2 by 5, three channels of eight bits. */
const HEAD = Buffer.from('00000002000000050802000000', 'hex');

/** A row of each filter. */
// prettier-ignore
const filtered = Buffer.from([
  [0, 10, 20, 30, 40, 50, 60],
  [1, 1, 2, 3, 4, 5, 6],
  [2, 7, 7, 7, 250, 250, 250],
  [3, 100, 100, 100, 9, 9, 9],
  [4, 1, 1, 1, 200, 2, 30],
].flat());

/** Worked out by hand. */
// prettier-ignore
const plain = Buffer.from([
  [0, 10, 20, 30, 40, 50, 60],
  [0, 1, 2, 3, 5, 7, 9],
  [0, 8, 9, 10, 255, 1, 3],
  [0, 104, 104, 105, 188, 61, 63],
  [0, 105, 105, 106, 132, 63, 93],
].flat());

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** Its rows in two chunks. */
function picture(): Buffer {
  const data = deflateSync(filtered, { level: 0 });
  const rows = [data.subarray(0, 9), data.subarray(9)].map((part) => chunk('IDAT', part));
  const told = chunk('tEXt', Buffer.from('Software\0a browser'));
  return Buffer.concat([SIGNATURE, chunk('IHDR', HEAD), told, ...rows, chunk('IEND', Buffer.alloc(0))]);
}

describe('pictures of the page', () => {
  it('A picture that is made smaller has the same dots, and nothing beside them', () => {
    const made = smaller(picture());
    const data = made.subarray(41, 41 + made.readUInt32BE(33));
    expect([...inflateSync(data)]).toEqual([...plain]);
    const again = [SIGNATURE, chunk('IHDR', HEAD), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))];
    expect(made.equals(Buffer.concat(again))).toBe(true);
  });
});
