import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { negated, plus, times } from '../../../../src/web/parts/exact.js';

/** A decimal string, with what it is in units of its last place. */
const decimals = fc
  .record({ units: fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), places: fc.nat({ max: 6 }) })
  .map(({ units, places }) => {
    const digits = String(units < 0n ? -units : units).padStart(places + 1, '0');
    const at = digits.length - places;
    const text = `${units < 0n ? '-' : ''}${digits.slice(0, at)}${places === 0 ? '' : `.${digits.slice(at)}`}`;
    return { text, units, places };
  });

function unitsOf(text: string, places: number): bigint {
  const [whole = '', fraction = ''] = text.split('.', 2);
  return BigInt(`${whole}${fraction.padEnd(places, '0')}`);
}

describe('exact decimals', () => {
  it('A sum has nothing lost, and as many decimals as the longer one', () => {
    fc.assert(
      fc.property(decimals, decimals, (one, other) => {
        const places = Math.max(one.places, other.places);
        const sum = plus(one.text, other.text);
        expect(unitsOf(sum, places)).toBe(unitsOf(one.text, places) + unitsOf(other.text, places));
        expect(sum.split('.')[1]?.length ?? 0).toBe(places);
      }),
    );
  });

  it('A product has nothing lost, and as many decimals as both together', () => {
    fc.assert(
      fc.property(decimals, decimals, (one, other) => {
        expect(unitsOf(times(one.text, other.text), one.places + other.places)).toBe(one.units * other.units);
      }),
    );
  });

  it('Values are written as the exchange writes them', () => {
    expect(plus('-4201.20', '10.2')).toBe('-4191.00');
    expect(plus('0.5', '-0.5')).toBe('0.0');
    expect(times('10.25', '0.4')).toBe('4.100');
    expect(negated('0.050')).toBe('-0.050');
    expect(negated('0')).toBe('0');
  });
});
