import { describe, expect, it } from 'vitest';
import { formatUnits } from '../../../../src/domain/instrument.js';
import { shareOf, unitsOf, unitsText } from '../../../../src/web/parts/units.js';

describe('units of a decimal', () => {
  it.each(['0', '7', '10.25', '0.001', '-3.5', '123456789012345678901234567890.123456789', '12e-1400'])(
    'Units of the decimal %s are exact, and are written as they were read',
    (text) => {
      expect(unitsText(unitsOf(text))).toBe(text);
    },
  );

  it('Units of a decimal are those that the exchange has formatted', () => {
    for (const decimals of [0, 1, 8, 18, 30]) {
      expect(unitsOf(formatUnits(1234567n, decimals))).toEqual({ units: 1234567n, decimals });
    }
  });

  it('Units of what is no decimal are zero', () => {
    for (const text of ['', 'a', '1.', '--1', 'NaN']) expect(unitsOf(text).units).toBe(0n);
  });
});

describe('a share', () => {
  it('A share is from 0 to 1 however large the numbers are', () => {
    expect(shareOf(1n, 4n)).toBe(0.25);
    expect(shareOf(10n ** 40n, 2n * 10n ** 40n)).toBe(0.5);
    expect(shareOf(5n, 0n)).toBe(0);
  });
});
