import { describe, expect, it } from 'vitest';
import { paramsOf } from '../../../../src/web/app/params-of.js';

describe('the paths of views', () => {
  it.each([
    ['/', '/', {}],
    ['/market/:symbol', '/market/ACME', { symbol: 'ACME' }],
    ['/market/:symbol', '/market/ACME/', { symbol: 'ACME' }],
    ['/market/:symbol', '/market/%3Cimg%3E', { symbol: '<img>' }],
    ['/market/:symbol', '/market/%E0%A4%A', { symbol: '%E0%A4%A' }],
    ['/deals/:id', '/deals/12-3', { id: '12-3' }],
    ['/participants', '/participants', {}],
    ['/participants/:name', '/participants/a%2Fb', { name: 'a/b' }],
  ])('The path of a view %s fits the address %s', (pattern, path, params) => {
    expect(paramsOf(pattern, path)).toEqual(params);
  });

  it.each([
    ['/', '/nothing'],
    ['/market/:symbol', '/market'],
    ['/market/:symbol', '/market/ACME/more'],
    ['/deals/:id', '/dealt/1-1'],
    ['/participants', '/participants/alice'],
  ])('The path of a view %s does not fit the address %s', (pattern, path) => {
    expect(paramsOf(pattern, path)).toBeUndefined();
  });
});
