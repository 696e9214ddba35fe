import { describe, expect, it } from 'vitest';
import { momentIn } from '../../../../../src/web/app/time-line/moment-in.js';

const now = new Date(2030, 0, 7, 12, 0, 0);

describe('a moment that was typed', () => {
  it.each([
    ['1200', 1_200],
    [' 1 200 ', 1_200],
    ['1,200', 1_200],
    ['1\u202f200\u202f000', 1_200_000],
    ['0', 0],
  ])('A moment typed as “%s” is position %d', (text, at) => {
    expect(momentIn(text, now)).toEqual({ at });
  });

  it('A time without a day is of today, by the clock of this machine', () => {
    expect(momentIn('14:05', now)).toEqual({ atTime: new Date(2030, 0, 7, 14, 5).toISOString() });
    expect(momentIn('14:05:30.25', now)).toEqual({ atTime: new Date(2030, 0, 7, 14, 5, 30, 250).toISOString() });
  });

  it('A whole time is taken as it is', () => {
    expect(momentIn('2030-01-06T09:30:00Z', now)).toEqual({ atTime: '2030-01-06T09:30:00.000Z' });
  });

  it.each(['', '  ', 'yesterday', '-3', '1.5e3x', '12:3x', '24:00', '12:60', '2030-13-01', '1234567890123456'])(
    'A text such as “%s” is taken for no moment',
    (text) => {
      expect(momentIn(text, now)).toBeUndefined();
    },
  );
});
