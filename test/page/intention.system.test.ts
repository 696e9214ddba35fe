import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { Intention } from '../../src/client/types.js';
import type { Why } from '../../src/web/source/source.js';
import { describeWith } from '../support/needs/suite.js';
import { told } from './support/asking.js';
import { SharedBrowser } from './support/browser.js';
import { cellsOf } from './support/figures.js';
import { servedMarket } from './support/served.js';

/** Alice sells 500; bob buys 100 of it twice; it is reduced by 50, given another price, and withdrawn. */
async function lived() {
  const served = await servedMarket();
  const { exchange, log } = served.market;
  const post = { instrument: 'ACME', price: '10.30' } as const;
  const buy = { ...post, participant: 'bob', side: 'buy', quantity: '100' } as const;
  await exchange.post({ ...post, clientIntentionId: 's1', participant: 'alice', side: 'sell', quantity: '500' });
  await exchange.post({ ...buy, clientIntentionId: 'b1' });
  await exchange.reduce({ id: '1', by: '50' });
  await exchange.replace({ id: '1', price: '10.20' });
  await exchange.post({ ...buy, clientIntentionId: 'b2', price: '10.20' });
  const open = await log.head();
  await exchange.withdraw({ id: '1' });
  return { ...served, open };
}

const fact = (page: Page, name: string) => page.locator('.fact', { hasText: new RegExp(`^${name}`) }).locator('dd');

await describeWith('chromium', 'the view of an intention', () => {
  const browser = SharedBrowser.forSuite();

  it('It shows what was wanted and what became of it, in figures, in words and deal by deal', async () => {
    const { url } = await lived();
    const page = await browser.open(`${url}/intentions/1`);
    await page.getByRole('heading', { name: 'Intention 1' }).waitFor();
    await page.getByText('500 at 10.30 or more, until withdrawn').waitFor();
    expect(await fact(page, 'Filled').innerText()).toBe('200');
    expect(await fact(page, 'Open').innerText()).toBe('0');
    expect(await fact(page, 'Limit').innerText()).toBe('10.20 was 10.30');
    await fact(page, 'Withdrawn').locator('time').waitFor();
    const { summary, reasons } = await told<Why>(url, 'intentions/1/why');
    const why = page.getByRole('region', { name: 'Why' });
    expect(await why.getByRole('paragraph').innerText()).toBe(summary);
    const said = await why.getByRole('listitem').evaluateAll((all) => all.map((item) => item.textContent));
    expect(said).toEqual(reasons.map(({ position, text }) => `${position}${text}`));
    const deals = await cellsOf(page.getByRole('region', { name: 'Deals' }).locator('tbody tr'));
    expect(deals.map((cells) => cells.slice(0, 4))).toEqual([
      ['1-2', '100', '10.20', 'bob 3'],
      ['1-1', '100', '10.30', 'bob 2'],
    ]);
  });

  it('Its life is gone through by keys, and each step marks its row among the handshakes', async () => {
    const { url } = await lived();
    const page = await browser.open(`${url}/intentions/1`);
    const steps = page.getByRole('listbox', { name: 'Life of the intention' }).getByRole('option');
    await steps.last().focus();
    const said = await steps.evaluateAll((all) => all.map((step) => step.getAttribute('aria-label') ?? ''));
    expect(said.at(-1)).toMatch(/200\sfilled/);
    await page.keyboard.press('Home');
    expect(await steps.first().getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('ArrowRight');
    const [position = '?'] = (said[1] ?? '').split(':');
    await page.locator('.life-words', { hasText: position }).waitFor();
    const row = page.getByRole('region', { name: 'Handshakes' }).locator('.chart-row[aria-selected=true]');
    await expect.poll(() => row.getAttribute('aria-label')).toContain(position);
  });

  it('A position of it takes the page to just after it, where the intention was still open', async () => {
    const { url, open } = await lived();
    const page = await browser.open(`${url}/intentions/1?at=${open}`);
    await page.getByText('open', { exact: true }).first().waitFor();
    await expect.poll(() => fact(page, 'Open').innerText()).toBe('250');
    await page.getByRole('region', { name: 'Deals' }).getByRole('row').last().locator('a.position').click();
    await expect.poll(() => page.getByRole('region', { name: 'Deals' }).locator('tbody tr').count()).toBe(1);
    const at = new URL(page.url()).searchParams.get('at') ?? '';
    const { open: stillOpen, filled } = await told<Intention>(url, `intentions/1?at=${at}`);
    await expect.poll(() => fact(page, 'Open').innerText()).toBe(stillOpen);
    expect(await fact(page, 'Filled').innerText()).toBe(filled);
    await page.getByRole('button', { name: 'Live', exact: true }).click();
    await expect.poll(() => fact(page, 'Filled').innerText()).toBe('200');
    await page.goBack();
    await expect.poll(() => fact(page, 'Open').innerText()).toBe(stillOpen);
  });

  it('While it is open it follows what happens to it', async () => {
    const { url, market } = await servedMarket();
    const post = { instrument: 'ACME', price: '10.30', quantity: '100' } as const;
    await market.exchange.post({ ...post, clientIntentionId: 's1', participant: 'alice', side: 'sell' });
    const page = await browser.open(`${url}/intentions/1`);
    await expect.poll(() => fact(page, 'Open').innerText()).toBe('100');
    await market.exchange.post({ ...post, clientIntentionId: 'b1', participant: 'bob', side: 'buy' });
    await page.getByRole('link', { name: '1-1' }).first().waitFor();
    await page.getByText('filled', { exact: true }).first().waitFor();
  });

  it('One that there was not yet is said not to be there, and that the page stands earlier', async () => {
    const { url } = await lived();
    const page = await browser.open(`${url}/intentions/1?at=2`, { allowed: /404/ });
    await page.getByRole('alert').getByText('UNKNOWN_INTENTION').waitFor();
    await page.getByText('The page stands at an earlier moment').waitFor();
  });
});
