import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePost } from '../../../src/exchange/posts/parse-post.js';
import { runs } from '../../support/property/runs.js';
import { plainTerms } from '../../support/reference/engine-harness.js';

/** When a good-till-date post with this expiry would expire, or the code that it is refused with. */
function expiryOf(expiresAt: string): number | string {
  const post = { clientIntentionId: 'c', participant: 'alice', instrument: 'ACME', side: 'buy' } as const;
  const terms = parsePost(
    { ...plainTerms, instrumentId: 1, phase: 0 },
    { ...post, price: '1.00', quantity: '10', timeInForce: 'gtd', expiresAt },
  );
  return 'code' in terms ? terms.code : terms.expiresAtMs;
}

const leap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** Days of a month by the calendar; 0 for what is no month. */
function daysIn(year: number, month: number): number {
  return [31, leap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}

const two = (value: number): string => String(value).padStart(2, '0');
const number = (most: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: most });

describe('an expiry', () => {
  it('An expiry is taken for the moment that it says where the calendar and the clock have one, and refused where they have not', () => {
    const year = fc.oneof(fc.constantFrom(1972, 2000, 2024, 2100), fc.integer({ min: 1971, max: 9998 }));
    const parts = fc.tuple(year, number(13), fc.oneof(number(32), fc.integer({ min: 28, max: 31 })), number(25));
    fc.assert(
      fc.property(parts, number(61), number(61), ([years, month, day, hour], minute, second) => {
        const text = `${years}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}Z`;
        const isMoment = day >= 1 && day <= daysIn(years, month) && hour < 24 && minute < 60 && second < 60;
        const moment = Date.UTC(years, month - 1, day, hour, minute, second);
        expect([text, expiryOf(text)]).toEqual([text, isMoment ? moment : 'INVALID_EXPIRY']);
      }),
      runs(2_000),
    );
  });

  it.each(['2030-02-30T12:00:00Z', '2030-02-29T12:00:00Z', '2030-04-31T12:00:00+02:00', '2030-01-01T24:00:00Z'])(
    'An expiry that no calendar has is refused, not moved to another day: %s',
    (text) => {
      expect(expiryOf(text)).toBe('INVALID_EXPIRY');
    },
  );

  it('An expiry is never taken for anything where it is not in the form of a date and time', () => {
    const odd = fc.oneof(fc.string(), fc.date({ noInvalidDate: true }).map(String), fc.integer().map(String));
    fc.assert(
      fc.property(odd, (text) => {
        fc.pre(!/^\d{4}-\d\d-\d\dT/.test(text));
        expect(expiryOf(text)).toBe('INVALID_EXPIRY');
      }),
      runs(500),
    );
  });
});
