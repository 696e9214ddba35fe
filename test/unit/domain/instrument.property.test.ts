import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatPrice,
  formatQuantity,
  formatUnits,
  type InstrumentTerms,
  parseInstrument,
  parsePrice,
  parseQuantity,
  quote,
} from '../../../src/domain/instrument.js';
import { MAX_LOTS, MAX_TICKS } from '../../../src/domain/terms.js';
import { plainTerms } from '../../support/reference/engine-harness.js';

const steps = fc.record({
  priceDecimals: fc.integer({ min: 0, max: 12 }),
  tickSize: fc.oneof(fc.constantFrom(1, 5, 25), fc.integer({ min: 1, max: MAX_LOTS })),
  quantityDecimals: fc.integer({ min: 0, max: 12 }),
  lotSize: fc.oneof(fc.constantFrom(1, 10, 100), fc.integer({ min: 1, max: MAX_LOTS })),
});
const anyTerms: fc.Arbitrary<InstrumentTerms> = steps.map((step) => ({ ...plainTerms, ...step }));
const anyTicks = fc.oneof(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 1, max: MAX_TICKS }));
const anyLots = fc.oneof(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 1, max: MAX_LOTS }));

/** `units` × 10^-decimals, the way it is taught at school. */
function onPaper(units: bigint, decimals: number): string {
  const scale = 10n ** BigInt(decimals);
  const fraction = decimals === 0 ? '' : `.${String(units % scale).padStart(decimals, '0')}`;
  return `${units / scale}${fraction}`;
}

/** Whole parts of up to 16 digits are read; a step and a count can both be so large that their product is larger. */
const isReadable = (text: string): boolean => (text.split('.')[0] ?? '').length <= 16;

describe('decimal strings', () => {
  it('Decimal strings show a price as exactly its ticks, and are read as the same ticks again', () => {
    fc.assert(
      fc.property(anyTerms, anyTicks, (terms, ticks) => {
        const text = formatPrice(terms, ticks);
        expect(text).toBe(onPaper(BigInt(ticks) * BigInt(terms.tickSize), terms.priceDecimals));
        if (isReadable(text)) expect(parsePrice(terms, text)).toBe(ticks);
      }),
    );
  });

  it('Decimal strings show a quantity as exactly its lots, and are read as the same lots again', () => {
    fc.assert(
      fc.property(anyTerms, anyLots, (terms, lots) => {
        const text = formatQuantity(terms, lots);
        expect(text).toBe(onPaper(BigInt(lots) * BigInt(terms.lotSize), terms.quantityDecimals));
        if (isReadable(text)) expect(parseQuantity(terms, text)).toBe(lots);
      }),
    );
  });

  it('Decimal strings mean the same with and without zeros at their end', () => {
    fc.assert(
      fc.property(anyTerms, anyTicks, fc.nat(12), (terms, ticks, zeros) => {
        const text = formatPrice(terms, ticks);
        fc.pre(isReadable(text));
        const short = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
        const long = `${short}${short.includes('.') ? '' : '.'}${'0'.repeat(zeros)}`;
        fc.pre(/\.[0-9]{1,12}$/.test(long));
        expect(parsePrice(terms, short)).toBe(ticks);
        expect(parsePrice(terms, long)).toBe(ticks);
      }),
    );
  });

  it('Decimal strings between two steps are refused, and never rounded', () => {
    fc.assert(
      fc.property(anyTerms, anyTicks, fc.nat(), (terms, ticks, nth) => {
        fc.pre(terms.tickSize > 1);
        const off = BigInt(ticks) * BigInt(terms.tickSize) + BigInt(1 + (nth % (terms.tickSize - 1)));
        const text = onPaper(off, terms.priceDecimals);
        fc.pre(isReadable(text));
        expect(parsePrice(terms, text)).toMatchObject({ ok: false, code: 'PRICE_OFF_TICK' });
        expect(
          parseQuantity({ ...terms, lotSize: terms.tickSize, quantityDecimals: terms.priceDecimals }, text),
        ).toMatchObject({
          ok: false,
          code: 'QUANTITY_OFF_LOT',
        });
      }),
    );
  });

  const hostile = [
    '',
    ' ',
    ' 1',
    '1 ',
    '1\n',
    '+1',
    '-1',
    '-0',
    '--1',
    '01',
    '00',
    '0x10',
    '1e3',
    '1E3',
    '1_000',
    '1,000',
    '1,5',
    '.5',
    '5.',
    '1..5',
    '1.5.1',
    '١٢٣',
    '１２',
    '½',
    'NaN',
    'Infinity',
    '-Infinity',
    'null',
    'true',
    '0b1',
    '1n',
    '1\u0000',
    '\u202e1',
    '1.0000000000000',
    '12345678901234567',
    '9'.repeat(100_000),
    `1.${'0'.repeat(100_000)}`,
    '__proto__',
    '1;drop',
  ];

  it.each(hostile)('Decimal strings that are no plain decimal numbers are refused as such: %j', (text) => {
    expect(parsePrice(plainTerms, text)).toMatchObject({ ok: false, code: 'INVALID_PRICE' });
    expect(parseQuantity(plainTerms, text)).toMatchObject({ ok: false, code: 'INVALID_QUANTITY' });
  });

  it.each(['0', '0.0', '0.00'])('Decimal strings of nothing are refused: %s', (text) => {
    expect(parsePrice(plainTerms, text)).toMatchObject({ code: 'INVALID_PRICE' });
    expect(parseQuantity(plainTerms, text)).toMatchObject({ code: 'INVALID_QUANTITY' });
    const whole = { ...plainTerms, priceDecimals: 0, tickSize: 1, lotSize: 1 };
    expect(parsePrice(whole, text)).toMatchObject({ code: 'INVALID_PRICE' });
    expect(parseQuantity(whole, text)).toMatchObject({ code: 'INVALID_QUANTITY' });
  });

  it('Decimal strings of any kind are read as a count within bounds, or refused with a code that fits', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[0-9]{0,18}(\.[0-9]{0,14})?$/), fc.double().map(String));
    fc.assert(
      fc.property(anyTerms, text, (terms, any) => {
        const price = parsePrice(terms, any);
        if (typeof price === 'number') {
          expect(Number.isInteger(price) && price >= 1 && price <= MAX_TICKS).toBe(true);
          expect(Number(formatPrice(terms, price))).toBe(Number(any));
        } else {
          expect(['INVALID_PRICE', 'PRICE_OFF_TICK', 'PRICE_OUT_OF_BAND']).toContain(price.code);
        }
        const lots = parseQuantity(terms, any);
        if (typeof lots === 'number') {
          expect(Number.isInteger(lots) && lots >= 1 && lots <= MAX_LOTS).toBe(true);
          expect(Number(formatQuantity(terms, lots))).toBe(Number(any));
        } else {
          expect(['INVALID_QUANTITY', 'QUANTITY_OFF_LOT', 'QUANTITY_TOO_LARGE']).toContain(lots.code);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('Decimal strings larger than the exchange counts are refused, the largest it counts are not', () => {
    const whole = { ...plainTerms, priceDecimals: 0, tickSize: 1, lotSize: 1 };
    expect(parsePrice(whole, String(MAX_TICKS))).toBe(MAX_TICKS);
    expect(parsePrice(whole, String(MAX_TICKS + 1))).toMatchObject({ code: 'PRICE_OUT_OF_BAND' });
    expect(parseQuantity(whole, String(MAX_LOTS))).toBe(MAX_LOTS);
    expect(parseQuantity(whole, String(MAX_LOTS + 1))).toMatchObject({ code: 'QUANTITY_TOO_LARGE' });
    expect(parseQuantity(whole, '9999999999999999')).toMatchObject({ code: 'QUANTITY_TOO_LARGE' });
  });

  it('Decimal strings show negative and very large sums in full', () => {
    expect(formatUnits(-5, 2)).toBe('-0.05');
    expect(formatUnits(-12_345n, 2)).toBe('-123.45');
    expect(formatUnits(10n ** 30n + 7n, 6)).toBe('1000000000000000000000000.000007');
    expect(formatUnits(0, 3)).toBe('0.000');
  });

  it('Decimal strings are quoted short and without control characters', () => {
    expect(quote('a\n\u0007b')).toBe(String.raw`"a\n\u0007b"`);
    expect(quote('x'.repeat(1_000))).toHaveLength(43);
  });
});

describe('an instrument’s terms', () => {
  const request = { symbol: 'ACME', tickSize: '0.05', lotSize: '10' };

  it('An instrument’s terms are read from decimal strings', () => {
    expect(
      parseInstrument({
        ...request,
        minPrice: '1',
        maxPrice: '99.95',
        priceRule: 'midpoint',
        selfTrade: 'refuseArriving',
        counterparties: 'hidden',
      }),
    ).toEqual({
      symbol: 'ACME',
      priceDecimals: 2,
      tickSize: 5,
      quantityDecimals: 0,
      lotSize: 10,
      minPriceTicks: 20,
      maxPriceTicks: 1_999,
      priceRule: 2,
      selfTrade: 1,
      counterparties: 1,
    });
  });

  it('An instrument’s terms have, without a band, room for every price that can be counted', () => {
    expect(parseInstrument(request)).toMatchObject({
      minPriceTicks: 1,
      maxPriceTicks: MAX_TICKS,
      priceRule: 0,
      selfTrade: 0,
    });
  });

  it('An instrument’s terms count a tick with as many decimals as it needs', () => {
    expect(parseInstrument({ ...request, tickSize: '0.100', lotSize: '0.000000000001' })).toMatchObject({
      priceDecimals: 1,
      tickSize: 1,
      quantityDecimals: 12,
      lotSize: 1,
    });
  });

  it.each([
    { change: { symbol: '' }, code: 'INVALID_SYMBOL' },
    { change: { symbol: 'A'.repeat(33) }, code: 'INVALID_SYMBOL' },
    { change: { symbol: 'A B' }, code: 'INVALID_SYMBOL' },
    { change: { symbol: 'Ä' }, code: 'INVALID_SYMBOL' },
    { change: { symbol: 'A\n' }, code: 'INVALID_SYMBOL' },
    { change: { tickSize: '0' }, code: 'INVALID_INSTRUMENT' },
    { change: { tickSize: '-1' }, code: 'INVALID_INSTRUMENT' },
    { change: { tickSize: '1e-2' }, code: 'INVALID_INSTRUMENT' },
    { change: { tickSize: '0.0000000000001' }, code: 'INVALID_INSTRUMENT' },
    { change: { tickSize: '2147483648' }, code: 'INVALID_INSTRUMENT' },
    { change: { lotSize: '' }, code: 'INVALID_INSTRUMENT' },
    { change: { lotSize: '0.0' }, code: 'INVALID_INSTRUMENT' },
    { change: { minPrice: '0' }, code: 'INVALID_INSTRUMENT' },
    { change: { minPrice: '1.01' }, code: 'INVALID_INSTRUMENT' },
    { change: { maxPrice: 'x' }, code: 'INVALID_INSTRUMENT' },
    { change: { maxPrice: '999999999999' }, code: 'INVALID_INSTRUMENT' },
    { change: { minPrice: '2', maxPrice: '1' }, code: 'INVALID_INSTRUMENT' },
  ])('An instrument’s terms that make no sense are refused: $change', ({ change, code }) => {
    expect(parseInstrument({ ...request, ...change })).toMatchObject({ ok: false, code });
  });
});
