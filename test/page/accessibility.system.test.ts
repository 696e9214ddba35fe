import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { keyFile } from '../support/http/key-file.js';
import { describeWith } from '../support/needs/suite.js';
import { axeFindings } from './support/axe.js';
import { SharedBrowser } from './support/browser.js';
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
    ['light, on a phone', { width: 390, isDark: false }],
    ['dark, on a phone', { width: 390, isDark: true }],
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

  it('It finds nothing where a key is asked for, nor while the exchange is away', async () => {
    const { url, server } = await servedMarket({ keyFile: await keyFile() });
    const page = await browser.open(url, { allowed: /401|ERR_|WebSocket/ });
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

async function tooWide(page: Page): Promise<string[]> {
  const [width, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  return width > seen ? [`the document is ${width} px wide in a window of ${seen}`] : [];
}
