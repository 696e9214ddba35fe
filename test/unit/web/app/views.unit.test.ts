import { describe, expect, it } from 'vitest';
import { viewAt, views } from '../../../../src/web/app/views.js';

describe('the table of views', () => {
  it.each([
    ['/', '/', {}],
    ['/market/ACME', '/market/:symbol', { symbol: 'ACME' }],
    ['/market/ACME/', '/market/:symbol', { symbol: 'ACME' }],
    ['/market/%3Cimg%3E', '/market/:symbol', { symbol: '<img>' }],
    ['/market/%E0%A4%A', '/market/:symbol', { symbol: '%E0%A4%A' }],
    ['/deals/12-3', '/deals/:id', { id: '12-3' }],
    ['/participants', '/participants', {}],
    ['/participants/a%2Fb', '/participants/:name', { name: 'a/b' }],
  ])('The address %s is that of the view %s', (path, entry, params) => {
    const found = viewAt(path);
    expect([found?.entry.path, found?.params]).toEqual([entry, params]);
  });

  it.each(['/nothing', '/market', '/market/ACME/more', '/deals', '//x'])(
    'The address %s is that of no view',
    (path) => {
      expect(viewAt(path)).toBeUndefined();
    },
  );

  it('Every view has a module of its own', async () => {
    expect(new Set(views.map(({ load }) => load.toString())).size).toBe(views.length);
  });
});
