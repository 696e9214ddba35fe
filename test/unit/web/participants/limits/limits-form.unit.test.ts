import { describe, expect, it } from 'vitest';
import { limitQuantity } from '../../../../../src/api/schemas/risk-schemas.js';
import { limitWords } from '../../../../../src/web/participants/limits/limit-words.js';
import {
  checkLimits,
  haltedTerms,
  isHalted,
  limitsIn,
  netLimitIn,
  textsOf,
} from '../../../../../src/web/participants/limits/limits-form.js';

const nothing = { openQuantity: '', netPosition: '', intentionsPerSecond: '' };
const participant = 'alice';

describe('the form of limits', () => {
  it('What is left empty is not limited, and spaces around a number do not count', () => {
    expect(checkLimits(nothing)).toEqual({ ok: true, terms: {} });
    expect(checkLimits({ openQuantity: ' 100 ', netPosition: '0.25', intentionsPerSecond: '5' })).toEqual({
      ok: true,
      terms: { openQuantity: '100', netPosition: '0.25', intentionsPerSecond: 5 },
    });
  });

  it('Zero may be open or held, which allows none', () => {
    expect(checkLimits({ ...nothing, openQuantity: '0' })).toEqual({ ok: true, terms: { openQuantity: '0' } });
  });

  it.each(['1,000', '-5', '+5', '1e3', '.5', '5.', '007', 'many', '1'.repeat(17), '0.1234567890123'])(
    'A quantity of %s is told to be wrong, as the exchange would',
    (text) => {
      expect(checkLimits({ ...nothing, netPosition: text })).toMatchObject({
        ok: false,
        errors: { netPosition: expect.stringContaining('decimal') as string },
      });
      expect(new RegExp(limitQuantity.pattern ?? '').test(text)).toBe(false);
    },
  );

  it.each(['0', '1.5', '1000000001', '-1'])('A rate of %s is told to be wrong', (text) => {
    expect(checkLimits({ ...nothing, intentionsPerSecond: text }).ok).toBe(false);
  });

  it('Every field that is wrong is told at once', () => {
    const checked = checkLimits({ openQuantity: 'x', netPosition: 'y', intentionsPerSecond: 'z' });
    expect(Object.keys(checked.ok ? {} : checked.errors)).toEqual([
      'openQuantity',
      'netPosition',
      'intentionsPerSecond',
    ]);
  });

  it('A form shows what is set, and gives it back as it was', () => {
    const set = { participant, openQuantity: '10', intentionsPerSecond: 7, halted: false };
    expect(checkLimits(textsOf(set))).toEqual({ ok: true, terms: { openQuantity: '10', intentionsPerSecond: 7 } });
    expect(textsOf(undefined)).toEqual(nothing);
  });
});

describe('halting', () => {
  const limits = [
    { participant, openQuantity: '10', netPosition: '30', halted: false },
    { participant, instrument: 'ACME', netPosition: '5', halted: true },
  ];

  it('Halting and going on say again what else is set for each instrument, and nothing of single ones', () => {
    expect(haltedTerms(limits, true)).toEqual({ openQuantity: '10', netPosition: '30', halted: true });
    expect(haltedTerms([], false)).toEqual({ halted: false });
  });

  it('A halt in one instrument is not one in all', () => {
    expect(isHalted(limits)).toBe(false);
    expect(isHalted([{ participant, halted: true }])).toBe(true);
    expect(limitsIn(limits, 'ACME')?.halted).toBe(true);
  });

  it('Of the limit of an instrument and that of each the tighter one counts', () => {
    expect(netLimitIn(limits, 'ACME')).toBe('5');
    expect(netLimitIn(limits, 'GLOBEX')).toBe('30');
    expect(netLimitIn([], 'ACME')).toBeUndefined();
  });

  it('Limits are told in words, the halt first', () => {
    expect(limitWords({ halted: true, openQuantity: '1000.5', netPosition: '5', intentionsPerSecond: 20_000 })).toEqual(
      ['halted', 'at most 1\u202f000.5 open', 'net within ±5', '20\u202f000 posts a second'],
    );
  });
});
