import { describe, expect, it } from 'vitest';
import { decimalsOf, grouped } from '../../../../src/web/parts/decimal.js';

describe('numbers on the page', () => {
  it.each([
    ['0', '0'],
    ['999', '999'],
    ['1000', '1\u202f000'],
    ['1234567', '1\u202f234\u202f567'],
    ['-1234', '−1\u202f234'],
  ])('The number %s is written as %s on the page', (number, text) => {
    expect(grouped(number)).toBe(text);
  });

  it('The decimals of a decimal are those that it is written with', () => {
    expect(['10', '10.5', '0.250', undefined].map(decimalsOf)).toEqual([0, 1, 3, 0]);
  });
});
