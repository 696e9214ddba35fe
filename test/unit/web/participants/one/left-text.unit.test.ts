import { describe, expect, it } from 'vitest';
import { leftText } from '../../../../../src/web/participants/one/left-text.js';

describe('time left', () => {
  it('Time that is left is told in the units that fit', () => {
    expect([840, 9_000, 29_900, 119_999, 245_000, 600_000, 12_000_000].map(leftText)).toEqual([
      '0.8 s',
      '9 s',
      '29 s',
      '119 s',
      '4 min 05 s',
      '10 min',
      '3 h 20 min',
    ]);
  });
});
