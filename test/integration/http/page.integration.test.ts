import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readPage } from '../../../src/server/page/page.js';
import { appOf, openMarket } from '../../support/http/market.js';

const VIEWS = [
  ...[
    '/',
    '/market/ACME',
    '/market/%3Cimg%20onerror%3E',
    '/deals/1-1',
    '/intentions/7',
    '/log',
    '/doubts',
    '/participants',
  ],
  ...['/participants/alice', '/cluster', '/audit', '/file', '/file/log', '/log?at=12'],
];

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const built = (): NonNullable<ReturnType<typeof readPage>> => {
  const page = readPage();
  if (page === undefined) throw new Error('the page has not been built: npm run build');
  return page;
};

describe('the page over HTTP', () => {
  it.each(VIEWS)('The address %s is answered with the page, which may load nothing from elsewhere', async (url) => {
    const app = appOf(await openMarket(), undefined, { page: built() });
    const { statusCode, headers, body } = await app.inject(url);
    expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers).toMatchObject({
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
    });
    expect(body).toContain('<title>Parley</title>');
  });

  it('Every file that the page names is there, for good, and the same in each encoding', async () => {
    const page = built();
    const app = appOf(await openMarket(), undefined, { page });
    const named = [...page.index.encodings.identity.toString().matchAll(/"(\/assets\/[^"]+)"/g)].map(
      ([, url = '']) => url,
    );
    expect(named.length).toBeGreaterThanOrEqual(2);
    for (const url of [...named, ...[...page.assets.keys()].map((name) => `/assets/${name}`)]) {
      const as = async (encoding: string) => app.inject({ url, headers: { 'accept-encoding': encoding } });
      const [plain, gzip, brotli] = [await as('identity'), await as('gzip'), await as('gzip, deflate, br')];
      expect([plain.statusCode, plain.headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
      expect([gzip.headers['content-encoding'], brotli.headers['content-encoding']]).toEqual(['gzip', 'br']);
      expect(gunzipSync(gzip.rawPayload).equals(plain.rawPayload)).toBe(true);
      expect(brotliDecompressSync(brotli.rawPayload).equals(plain.rawPayload)).toBe(true);
    }
  });

  it('A file that the page does not have is not found, and other methods are refused', async () => {
    const app = appOf(await openMarket(), undefined, { page: built() });
    for (const url of ['/assets/nothing.js', '/assets/../package.json', '/assets/%2e%2e%2fpackage.json', '/assets/'])
      expect((await app.inject(url)).statusCode, url).toBe(404);
    const posted = await app.inject({ method: 'POST', url: '/market/ACME' });
    expect([posted.statusCode, posted.headers.allow]).toEqual([405, 'GET, HEAD']);
  });

  it('What there is not is said by the page to browsers, and as a problem to programs', async () => {
    const app = appOf(await openMarket(), undefined, { page: built() });
    const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
    const shown = await app.inject({ url: '/nowhere', headers: browser });
    expect([shown.statusCode, shown.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
    expect(shown.headers['content-security-policy']).toBe(POLICY);
    for (const request of [
      { url: '/nowhere' },
      { url: '/v1/nowhere', headers: browser },
      { url: '/assets/nothing.js', headers: browser },
      { method: 'POST', url: '/nowhere', headers: browser } as const,
    ]) {
      const { statusCode, headers } = await app.inject(request);
      expect([statusCode, headers['content-type']], request.url).toEqual([
        404,
        'application/problem+json; charset=utf-8',
      ]);
    }
  });

  it('A server without the page has nothing at its addresses', async () => {
    const app = appOf(await openMarket());
    expect((await app.inject('/')).statusCode).toBe(404);
    expect((await app.inject('/market/ACME')).statusCode).toBe(404);
  });

  it('The page is there while the log is being opened', async () => {
    const app = appOf(await openMarket(), undefined, { page: built(), starting: () => true });
    expect((await app.inject('/')).statusCode).toBe(200);
    expect((await app.inject('/v1/tickers')).statusCode).toBe(503);
  });

  it('All views together are at most 120 kB as Brotli has it, the first at most 60, and what folds a log beside them at most 65', () => {
    const { index, assets } = built();
    const html = index.encodings.identity.toString();
    const named = [...html.matchAll(/"\/assets\/([^"]+)"/g)].map(([, name = '']) => name);
    const withImports = (first: readonly string[], pattern: RegExp): Set<string> => {
      const found = new Set<string>();
      const load = (name: string): void => {
        if (found.has(name) || !assets.has(name)) return;
        found.add(name);
        const text = assets.get(name)?.encodings.identity.toString() ?? '';
        for (const [, other = ''] of text.matchAll(pattern)) load(other);
      };
      first.forEach(load);
      return found;
    };
    const size = (names: Iterable<string>): number =>
      [...names].reduce((sum, name) => sum + (assets.get(name)?.encodings.br.length ?? 0), 0);
    const atOnce = /(?:from|import)"\.\/([^"]+)"/g;
    const sooner = named.filter((name) => !name.startsWith('log-worker'));
    const first = withImports(sooner, atOnce);
    const views = withImports(sooner, /"\.\/([\w.-]+\.(?:js|css))"/g);
    const folding = withImports(named, /"\.\/([\w.-]+\.(?:js|css))"/g);
    for (const name of views) folding.delete(name);
    expect(new Set([...views, ...folding])).toEqual(new Set(assets.keys()));
    expect(size(first)).toBeGreaterThan(10_000);
    expect(size(first)).toBeLessThanOrEqual(60_000);
    expect(size(views)).toBeLessThanOrEqual(120_000);
    expect(size(folding)).toBeLessThanOrEqual(65_000);
  });
});
