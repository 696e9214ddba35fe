import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from '../../../../src/server/posts/line-splitter.js';
import { runs } from '../../../support/property/runs.js';

const MAX_LINE_BYTES = 20;

type Line = readonly [line: number, text: string | undefined];

function split(bytes: Buffer, cuts: readonly number[], atOnce = 3, pieceBytes = 8): Line[] {
  const lines: Line[] = [];
  const splitter = new LineSplitter(MAX_LINE_BYTES, pieceBytes);
  const take = (line: number, text: string | undefined): void => void lines.push([line, text]);
  let from = 0;
  for (const cut of [...cuts, bytes.length].sort((one, other) => one - other)) {
    // A chunk’s memory is used again for the next one, as a socket may do.
    const chunk = Buffer.from(bytes.subarray(from, Math.min(cut, bytes.length)));
    splitter.push(chunk);
    while (splitter.hasMore) splitter.take(atOnce, take);
    expect(splitter.heldBytes).toBeLessThanOrEqual(MAX_LINE_BYTES);
    chunk.fill('!');
    from = Math.min(cut, bytes.length);
  }
  splitter.end(take);
  return lines;
}

/** What it must give, by the simplest means. */
function expected(text: string): Line[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line, index) => [index + 1, Buffer.byteLength(line) > MAX_LINE_BYTES ? undefined : line]);
}

describe('the line splitter', () => {
  it('The line splitter gives the same lines however the bytes are cut into chunks, and however many are taken at a time', () => {
    const piece = fc.constantFrom('a', 'bc', '\n', '\r\n', 'ü', '€', '😀', '"x"', 'y'.repeat(19), 'z'.repeat(21));
    const few = fc.integer({ min: 1, max: 40 });
    const cuts = fc.array(fc.nat(200), { maxLength: 12 });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), cuts, few, few, (pieces, at, atOnce, pieceBytes) => {
        const text = pieces.join('');
        expect(split(Buffer.from(text), at, atOnce, pieceBytes)).toEqual(expected(text));
      }),
      runs(2_000),
    );
  });

  it.each([
    ['a line of just so many bytes', 'x'.repeat(20), ['x'.repeat(20)]],
    ['a line of one more', 'x'.repeat(21), [undefined]],
    ['fewer characters than bytes', '€'.repeat(7), [undefined]],
    ['nothing', '', []],
    ['an empty line', '\n', ['']],
  ])('The line splitter knows %s', (_what, text, lines) => {
    for (const cuts of [[], [1], [5, 6], [20]]) {
      expect(split(Buffer.from(text), cuts).map(([, line]) => line)).toEqual(lines);
    }
  });
});
