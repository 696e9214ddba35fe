import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { chunksOf, linesIn } from '../reading.js';

const line = fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.replace(/[\0\r\n\ufeff]/g, '.'));
const lines = fc.array(line, { minLength: 1, maxLength: 40 }).map((some) => ['# head', ...some, '# tail']);
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });

function cut(bytes: Buffer, at: readonly number[]): Buffer[] {
  const ends = [...at.map((part) => Math.floor(part * bytes.length)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end));
}

it('Lines are the same however the file is cut into pieces, ended, or compressed', async () => {
  await fc.assert(
    fc.asyncProperty(lines, cuts, fc.constantFrom('\n', '\r\n'), fc.boolean(), async (expected, at, end, packed) => {
      const text = Buffer.from(expected.join(end));
      const bytes = packed ? gzipSync(text) : text;
      expect(await linesIn(chunksOf(...cut(bytes, at)))).toEqual(expected);
    }),
  );
});
