import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameOf } from '../../../../../src/server/sockets/connection/frames.js';
import { readFrames } from '../../../../support/http/sockets/frame-maker.js';
import { runs } from '../../../../support/property/runs.js';

const HEAD = 'HTTP/1.1 101 Switching Protocols\r\n\r\n';
const texts = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(0, 125, 126, 65_535, 65_536, 70_000).map((length) => 'x'.repeat(length)),
  fc.constantFrom(42, 63, 21_845, 21_846).map((length) => '’'.repeat(length)),
);

describe('frames of a server', () => {
  it('Frames of a server, one after another as letters of Latin-1, are read back as the texts that they hold', () => {
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 5 }), (some) => {
        const bytes = Buffer.from(HEAD + some.map(frameOf).join(''), 'latin1');
        expect(readFrames(bytes)).toEqual({ texts: some, pongs: 0, code: undefined, isSound: true });
      }),
      runs(300),
    );
  });
});
