import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeWith } from '../../support/needs/suite.js';
import { SharedBrowser } from '../support/browser.js';
import { cellsOf } from '../support/figures.js';
import { servedMarket } from '../support/served.js';

const terms = { tickSize: '0.01', lotSize: '1' };

async function threeInstruments() {
  const served = await servedMarket();
  const { exchange } = served.market;
  for (const symbol of ['GLOBEX', 'HOOLI']) await exchange.list({ ...terms, symbol });
  let posts = 0;
  /** So much dealt at this price. */
  const deal = async (instrument: string, price: string, quantity: string): Promise<void> => {
    const post = { instrument, price, quantity } as const;
    await exchange.post({ ...post, clientIntentionId: `c${++posts}`, participant: 'alice', side: 'sell' });
    await exchange.post({ ...post, clientIntentionId: `c${++posts}`, participant: 'bob', side: 'buy' });
  };
  return { ...served, exchange, deal };
}

const rowOf = (page: Page, symbol: string) =>
  page.getByRole('row').filter({ has: page.getByRole('link', { name: symbol }) });

const symbolsOf = async (page: Page): Promise<string[]> =>
  page.locator('.market-table tbody th a').evaluateAll((all) => all.map((each) => each.textContent));

/** The first cells, without what has just moved, which fades by itself. */
async function figuresOf(page: Page, symbol: string): Promise<readonly string[]> {
  await page.locator('.moved').first().waitFor({ state: 'detached' });
  const [cells = []] = await cellsOf(rowOf(page, symbol));
  return cells;
}

const lastOf = async (page: Page, symbol: string): Promise<string | undefined> => (await figuresOf(page, symbol))[1];

await describeWith('chromium', 'the list of instruments', () => {
  const browser = SharedBrowser.forSuite();

  it('Each deal, quote and phase shows in the row of its instrument as it comes', async () => {
    const { url, exchange, deal } = await threeInstruments();
    const page = await browser.open(url);
    await rowOf(page, 'ACME').waitFor();
    await deal('ACME', '10.30', '1200');
    await deal('ACME', '10.40', '5');
    const quote = { instrument: 'ACME', participant: 'alice', quantity: '1' } as const;
    await exchange.post({ ...quote, clientIntentionId: 'b', side: 'buy', price: '10.20' });
    await exchange.post({ ...quote, clientIntentionId: 's', side: 'sell', price: '10.50' });
    await exchange.changePhase({ instrument: 'HOOLI', phase: 'call' });
    const shown = ['ACME', '10.40', '▲+0.10', '▲+0.97', '10.20', '10.50', '0.30', '1205', '2', 'continuous'];
    await expect.poll(() => figuresOf(page, 'ACME')).toEqual(shown);
    await expect.poll(async () => (await figuresOf(page, 'HOOLI')).at(-1)).toBe('call');
    await exchange.list({ ...terms, symbol: 'INITECH' });
    await rowOf(page, 'INITECH').waitFor();
  });

  it('A heading sorts by its column, one way and the other, and the address says so', async () => {
    const { url, deal } = await threeInstruments();
    await deal('ACME', '10.00', '5');
    await deal('GLOBEX', '9.00', '10');
    const page = await browser.open(url);
    await expect.poll(() => symbolsOf(page)).toEqual(['ACME', 'GLOBEX', 'HOOLI']);
    await page.getByRole('button', { name: 'Volume' }).click();
    await expect.poll(() => symbolsOf(page)).toEqual(['GLOBEX', 'ACME', 'HOOLI']);
    expect(await page.getByRole('columnheader', { name: 'Volume' }).getAttribute('aria-sort')).toBe('descending');
    await page.getByRole('button', { name: 'Last' }).click();
    await page.getByRole('button', { name: 'Last' }).click();
    await expect.poll(() => symbolsOf(page)).toEqual(['GLOBEX', 'ACME', 'HOOLI']);
    expect(new URL(page.url()).searchParams.get('sort')).toBe('last');
    await deal('GLOBEX', '12.00', '1');
    await expect.poll(() => symbolsOf(page)).toEqual(['ACME', 'GLOBEX', 'HOOLI']);
    await page.reload();
    await expect.poll(() => symbolsOf(page)).toEqual(['ACME', 'GLOBEX', 'HOOLI']);
  });

  it('What is typed filters by symbol, and where nothing has it in it, all can be shown', async () => {
    const { url } = await threeInstruments();
    const page = await browser.open(url);
    const filter = page.getByRole('searchbox', { name: 'Filter by symbol' });
    await filter.fill('oo');
    await expect.poll(() => symbolsOf(page)).toEqual(['HOOLI']);
    await page.getByText('1 of 3 instruments').waitFor();
    await page.reload();
    await expect.poll(() => symbolsOf(page)).toEqual(['HOOLI']);
    await filter.fill('nowhere');
    await page.getByText('No symbol has “nowhere” in it.').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(() => symbolsOf(page)).toEqual(['ACME', 'GLOBEX', 'HOOLI']);
  });

  it('At an earlier moment it shows what was last dealt by then, and stays at that', async () => {
    const { url, market, deal } = await threeInstruments();
    await deal('ACME', '10.00', '5');
    const then = await market.log.head();
    await deal('ACME', '11.00', '5');
    const page = await browser.open(`${url}/?at=${then}`);
    await expect.poll(() => lastOf(page, 'ACME')).toBe('10.00');
    await deal('ACME', '12.00', '5');
    await page.getByRole('button', { name: 'Live', exact: true }).click();
    await expect.poll(() => lastOf(page, 'ACME')).toBe('12.00');
    await page.goBack();
    await expect.poll(() => lastOf(page, 'ACME')).toBe('10.00');
  });

  it('Of a thousand instruments only the rows that can be seen are in the document, and these are live', async () => {
    const { url, exchange, deal } = await threeInstruments();
    const symbols = Array.from({ length: 997 }, (_, index) => `X${String(index).padStart(3, '0')}`);
    for (const symbol of symbols) await exchange.list({ ...terms, symbol });
    const page = await browser.open(url);
    await page.getByText('1\u202f000 instruments').waitFor();
    const rows = page.locator('.market-table tbody tr:not(.room)');
    expect(await page.getByRole('table').getAttribute('aria-rowcount')).toBe('1001');
    expect(await rows.count()).toBeLessThan(60);
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await rowOf(page, 'X996').waitFor();
    expect(await rows.count()).toBeLessThan(60);
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(height);
    await deal('X996', '3.00', '7');
    await expect.poll(() => lastOf(page, 'X996')).toBe('3.00');
    await deal('X003', '4.00', '7');
    await page.getByRole('button', { name: 'Volume' }).click();
    await page.evaluate(() => scrollTo(0, 0));
    await expect.poll(async () => (await symbolsOf(page)).slice(0, 3)).toEqual(['X003', 'X996', 'ACME']);
  });
});
