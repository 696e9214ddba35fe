import { describe, expect, it } from 'vitest';
import { spanText } from '../../../../src/web/parts/span.js';

describe('a stretch of time', () => {
  it('A stretch of time is told in the units that fit', () => {
    const told = {
      '-5': '0 ms',
      '850.7': '850 ms',
      '2490': '2.4 s',
      '9000': '9 s',
      '29900': '29 s',
      '119999': '119 s',
      '245000': '4 min 05 s',
      '600000': '10 min',
      '12000000': '3 h 20 min',
      '273600000': '3 d 04 h',
    };
    for (const [ms, text] of Object.entries(told)) expect(spanText(Number(ms)), ms).toBe(text);
  });
});
