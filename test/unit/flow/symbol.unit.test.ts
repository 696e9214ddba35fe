import fc from 'fast-check';
import { expect, it } from 'vitest';
import { defaultSymbol } from '../../../src/flow/symbol.js';

it.each([
  ['ACME', 'flow.txt', ['XNYS ACME 2020-01-01 made up']],
  ['123456', 'flow.txt', ['XSHG 123456']],
  ['BRK.B', 'flow.txt', ['NYSE BRK.B, a morning']],
  ['flow', 'flow.txt', ['12 cases of price-time priority']],
  ['flow', 'flow.txt', ['Made up for a test']],
  ['flow', 'flow.txt', ['', 'XNYS ACME']],
  ['acme', '/some/where/acme_20200101_opening.txt.gz', []],
  ['654321', 'xyz654321_20200101.txt.gz', []],
  ['ACME', 'ACME_2020-01-01_34200000_57600000_message_10.csv', []],
  ['abc1234567', 'abc1234567.txt', []],
  ['a-b-c', 'a b!c.txt', []],
  ['FLOW', '-', []],
  ['FLOW', '_.gz', []],
  ['FLOW', '...', []],
  ['FLOW', '株式.txt', []],
  ['x'.repeat(32), `${'x'.repeat(50)}.txt`, []],
])('The symbol is %s for %s with the comments %j', (symbol, path, comments) => {
  expect(defaultSymbol(path, comments)).toBe(symbol);
});

it('The symbol is one that the exchange accepts, whatever the file is called and begins with', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.array(fc.string()), (path, comments) => {
      expect(defaultSymbol(path, comments)).toMatch(/^(?=.*[A-Za-z0-9])[A-Za-z0-9._-]{1,32}$/);
    }),
  );
});
