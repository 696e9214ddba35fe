import { describe, expect, it } from 'vitest';
import type { Instrument } from '../../../../../src/client/types.js';
import type { InstrumentTerms } from '../../../../../src/domain/instrument.js';
import {
  readPrice,
  readQuantity,
  steppedPrice,
  steppedQuantity,
  termsOf,
} from '../../../../../src/web/market/post/terms.js';

function listed(more: Partial<Instrument> = {}): InstrumentTerms {
  const terms = termsOf({
    ...{ symbol: 'ACME', tickSize: '0.05', lotSize: '10', minPrice: '1.00', maxPrice: '20.00' },
    ...{ priceRule: 'standing', selfTrade: 'allow', counterparties: 'shown', phase: 'continuous' },
    ...more,
  });
  if (terms === undefined) throw new Error('these are no terms');
  return terms;
}

describe('readPrice', () => {
  it('A price that was typed is read as what the exchange will write', () => {
    expect(readPrice(listed(), ' 10.5 ')).toEqual({ text: '10.50', steps: 210 });
  });

  it.each([
    ['', 'Give a price.'],
    ['10.02', 'Not a multiple of the tick, 0.05: 10.00 or 10.05 would do.'],
    ['10.123456', 'Not a multiple of the tick, 0.05: 10.10 or 10.15 would do.'],
    ['0.01', 'Not a multiple of the tick, 0.05.'],
    ['0.95', 'Below the band: at least 1.00.'],
    ['20.05', 'Above the band: at most 20.00.'],
    ['10,5', 'Write decimals with a point.'],
    ['0.00', 'More than zero.'],
    ['ten', 'Not a number.'],
    ['-1', 'Not a number.'],
    ['99999999999999', 'More than the exchange counts.'],
  ])('A price typed as %j is refused with “%s”', (typed, error) => {
    expect(readPrice(listed(), typed)).toEqual({ error });
  });

  it('A price that was typed is counted exactly where a floating-point number would be off', () => {
    const fine = listed({ tickSize: '0.000000001', minPrice: '0.000000001', maxPrice: '2.000000000' });
    expect(readPrice(fine, '1.100000003')).toEqual({ text: '1.100000003', steps: 1_100_000_003 });
  });
});

describe('readQuantity', () => {
  it.each([
    ['', 'Give a quantity.'],
    ['15', 'Not a multiple of the lot, 10: 10 or 20 would do.'],
    ['10.5', 'Not a multiple of the lot, 10: 10 or 20 would do.'],
    ['0', 'More than zero.'],
  ])('A quantity typed as %j is refused with “%s”', (typed, error) => {
    expect(readQuantity(listed(), typed)).toEqual({ error });
  });
});

describe('steps', () => {
  it('Steps of a price stay within the band', () => {
    expect(steppedPrice(listed(), '19.95', 1)).toBe('20.00');
    expect(steppedPrice(listed(), '20.00', 1)).toBe('20.00');
    expect(steppedPrice(listed(), '1.00', -10)).toBe('1.00');
  });

  it('Steps of price and quantity begin with the least where nothing can be read', () => {
    expect(steppedPrice(listed(), '', 1)).toBe('1.00');
    expect(steppedQuantity(listed(), 'x', 1)).toBe('10');
  });

  it('Steps of a quantity never take it below one lot', () => {
    expect(steppedQuantity(listed(), '20', -1)).toBe('10');
    expect(steppedQuantity(listed(), '10', -1)).toBe('10');
  });
});
