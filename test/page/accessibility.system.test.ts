import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { keyFile } from '../support/http/key-file.js';
import { describeWith } from '../support/needs/suite.js';
import { axeFindings } from './support/axe.js';
import { SERVER_GONE, SharedBrowser } from './support/browser.js';
import { servedMarket } from './support/served.js';

/** A market in which each view has something to show: a deal, what stands on both sides, a call, somebody halted. */
async function busy() {
  const served = await servedMarket();
  const { exchange } = served.market;
  const post = { instrument: 'ACME', participant: 'alice', price: '10.30' } as const;
  await exchange.post({ ...post, clientIntentionId: 's1', side: 'sell', quantity: '300' });
  await exchange.post({ ...post, clientIntentionId: 'b1', participant: 'bob', side: 'buy', quantity: '100' });
  const then = await served.market.log.head();
  await exchange.post({ ...post, clientIntentionId: 'b2', side: 'buy', price: '10.20', quantity: '50' });
  await exchange.list({ symbol: 'GLOBEX', tickSize: '0.01', lotSize: '1' });
  await exchange.changePhase({ instrument: 'GLOBEX', phase: 'call' });
  await exchange.setLimits({ participant: 'bob', halted: true, openQuantity: '50' });
  return { ...served, then };
}

interface Scene {
  readonly path: string;
  /** Shown once everything is there. */
  readonly shows: string;
  /** Opens what the scene is about. */
  readonly act?: (page: Page) => Promise<void>;
}

const click = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click();

const scenes: readonly Scene[] = [
  { path: '/', shows: '2 instruments' },
  { path: '/?filter=nowhere', shows: 'Show all' },
  { path: '/', shows: '2 instruments', act: (page) => page.keyboard.press('?') },
  { path: '/market/ACME', shows: 'Spread' },
  { path: '/market/ACME?at=THEN', shows: 'Spread' },
  { path: '/market/GLOBEX', shows: 'collecting' },
  { path: '/market/ACME', shows: 'Spread', act: click('As a table') },
  { path: '/market/ACME', shows: 'Spread', act: click('Begin a call') },
  { path: '/market/ACME', shows: 'Spread', act: click(/^(Buy|Sell)/) },
  { path: '/market/ACME', shows: 'Spread', act: click('Change intention 1') },
  { path: '/market/ACME', shows: 'Spread', act: click('Withdraw all') },
  { path: '/intentions/1', shows: 'Its handshakes' },
  { path: '/participants', shows: 'bob' },
  { path: '/participants/alice', shows: 'Dead man’s switch', act: click('Halt…') },
  { path: '/participants/bob', shows: 'Dead man’s switch' },
  { path: '/participants/bob', shows: 'Dead man’s switch', act: click('Set limits…') },
  { path: '/participants/bob', shows: 'Dead man’s switch', act: click(/^Take off the limits/) },
  { path: '/cluster', shows: 'Take-overs and restarts' },
  { path: '/market/NOWHERE', shows: 'No instrument of that symbol is listed' },
];

await describeWith('chromium', 'axe over the page', () => {
  const browser = SharedBrowser.forSuite();

  it.each([
    ['light, on a desk', { width: 1_440, isDark: false }],
    ['dark, on a desk', { width: 1_440, isDark: true }],
    ['light, on a small phone', { width: 360, isDark: false }],
    ['dark, on a small phone', { width: 360, isDark: true }],
  ])('It finds nothing in any view or dialog, %s, and nothing is wider than the window', async (_where, look) => {
    const { url, then } = await busy();
    const page = await browser.open(url, look);
    await page.evaluate(() => sessionStorage.setItem('parley-participant', 'alice'));
    const findings: Record<string, readonly string[]> = {};
    for (const [index, { path, shows, act }] of scenes.entries()) {
      await page.goto(`${url}${path.replace('THEN', String(then))}`);
      await page.getByText(shows).first().waitFor();
      await page.locator('.loading').first().waitFor({ state: 'detached' });
      await act?.(page);
      await page.evaluate(() => scrollTo(0, 0)); // what has scrolled under the header is no target
      const found = [...(await axeFindings(page)), ...(await tooWide(page))];
      if (found.length > 0) findings[`${index} ${path} ${act === undefined ? '' : 'and more'}`] = found;
    }
    expect(findings).toEqual({});
  });

  it('Nothing is wider than a small phone for those who have a key either, and the far end of a long log', async () => {
    const { url, market } = await servedMarket({ keyFile: await keyFile() });
    const then = await market.log.head();
    const offer = { clientIntentionId: 's1', participant: 'alice', side: 'sell', quantity: '300' } as const;
    await market.exchange.post({ instrument: 'ACME', price: '10.30', ...offer });
    const page = await browser.open(url, { width: 360, allowed: /401/ });
    for (const { who, paths } of [
      { who: 'operators-key', paths: ['/', `/market/ACME?at=${then}`, '/participants/alice', '/cluster', '/log'] },
      { who: 'alices-key', paths: ['/', '/market/ACME', '/participants', '/cluster'] },
    ]) {
      await page.evaluate((key) => sessionStorage.setItem('parley-key', key), who);
      for (const path of paths) {
        await page.goto(`${url}${path}`);
        await page.getByRole('button', { name: 'Change key' }).waitFor();
        await page.locator('.loading').first().waitFor({ state: 'detached' });
        await page
          .locator('.time-where > span.num')
          .evaluate((element) => element.firstChild?.replaceWith('81 234 567'));
        expect(await tooWide(page), `${who} ${path}`).toEqual([]);
      }
    }
  });

  it('It finds nothing where a key is asked for, nor while the exchange is away', async () => {
    const { url, server } = await servedMarket({ keyFile: await keyFile() });
    const page = await browser.open(url, { allowed: new RegExp(`401|${SERVER_GONE.source}`) });
    const dialog = page.getByRole('dialog', { name: 'This exchange asks for a key' });
    await dialog.waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await dialog.getByLabel('Key').fill('operators-key');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'ACME' }).waitFor();
    await server.stop();
    await page.getByText('The exchange does not answer.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });
});

/** What makes the document wider than the window, with the outermost of it first. */
async function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth } = document.documentElement;
    if (scrollWidth <= innerWidth) return [];
    const reaching = [...document.body.querySelectorAll('*')].filter(
      (each) => Math.ceil(each.getBoundingClientRect().right) >= scrollWidth,
    );
    return [
      `${scrollWidth} px wide`,
      ...reaching.slice(0, 4).map(({ tagName, className }) => `${tagName}.${className}`),
    ];
  });
}
