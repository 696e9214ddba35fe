import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatUnits } from '../../../../src/domain/instrument.js';
import { compareDecimals, minus, plus, times } from '../../../../src/web/parts/exact.js';

const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.integer({ min: 0, max: 12 }))
  .map(([units, decimals]) => ({ text: formatUnits(units, decimals), scaled: units * 10n ** BigInt(12 - decimals) }));

describe('decimals', () => {
  it('Decimals are added, subtracted and multiplied exactly where floating-point numbers are not', () => {
    expect(plus('0.1', '0.2')).toBe('0.3');
    expect(minus('10.20', '10.3')).toBe('-0.10');
    expect(times('1.005', '100')).toBe('100.500');
    expect(plus('9007199254740993', '0.000001')).toBe('9007199254740993.000001');
  });

  it('Decimals compare exactly where they are the same floating-point number', () => {
    expect(compareDecimals('9007199254740993', '9007199254740992.5')).toBe(1);
    expect(compareDecimals('10.20', '10.2')).toBe(0);
  });

  it('Decimals compare as their values do, however many digits follow the point', () => {
    fc.assert(
      fc.property(decimal, decimal, (one, other) => {
        const expected = one.scaled < other.scaled ? -1 : Number(one.scaled > other.scaled);
        expect(Math.sign(compareDecimals(one.text, other.text))).toBe(expected);
      }),
    );
  });

  it('Decimals come back when what was added is subtracted', () => {
    fc.assert(
      fc.property(decimal, decimal, (one, other) => {
        expect(compareDecimals(minus(plus(one.text, other.text), other.text), one.text)).toBe(0);
      }),
    );
  });
});
