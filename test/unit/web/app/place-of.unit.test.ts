import { describe, expect, it } from 'vitest';
import { placeOf } from '../../../../src/web/app/place-of.js';

describe('what a search leads to', () => {
  it.each([
    ['ACME', '/market/ACME'],
    ['acme', '/market/ACME'],
    ['7', '/market/7'],
    ['12', '/intentions/12'],
    ['12-3', '/deals/12-3'],
    ['alice', '/participants/alice'],
    ['a b/c', '/participants/a%20b%2Fc'],
    ['A/B', '/market/A%2FB'],
  ])('A search for %s leads to the address %s', (text, place) => {
    expect(placeOf(text, ['ACME', '7', 'A/B'])).toBe(place);
  });

  it('Of two symbols that differ in their letters’ case alone, the one that was typed is meant', () => {
    expect(placeOf('abc', ['ABC', 'abc'])).toBe('/market/abc');
  });
});
