import { expect, it } from 'vitest';
import type { Instrument } from '../../../src/client/types.js';
import { describeWith } from '../../support/needs/suite.js';
import { told } from '../support/asking.js';
import { SharedBrowser } from '../support/browser.js';
import { tapeShown } from '../support/figures.js';
import { outcomeOn, postBy } from '../support/post-form.js';
import { servedMarket } from '../support/served.js';

await describeWith('chromium', 'an auction on the page', () => {
  const browser = SharedBrowser.forSuite();

  it('An operator begins a call, what crosses is collected, and the uncross deals it at one price', async () => {
    const { url } = await servedMarket();
    const page = await browser.open(`${url}/market/ACME`, { allowed: /409/ });
    await page.getByRole('button', { name: 'Begin a call' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Begin a call' }).click();
    await page.getByText('collecting', { exact: true }).waitFor();
    await postBy(page, { participant: 'alice', side: 'sell', price: '10.20', quantity: '300' });
    await outcomeOn(page).getByText('Open: 300 to sell at 10.20.').waitFor();
    await postBy(page, { participant: 'bob', side: 'buy', price: '10.30', quantity: '200' });
    await outcomeOn(page).getByText('Open: 200 to buy at 10.30.').waitFor();
    await page.getByRole('rowheader', { name: 'Crossed by' }).waitFor();
    await page.getByRole('button', { name: 'End the call' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End the call' }).click();
    await page.getByRole('dialog').getByRole('alert').waitFor(); // a book that crosses is uncrossed first
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Uncross' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Uncross' }).click();
    await page
      .getByRole('dialog')
      .getByText(/^Uncrossed at 10\.\d\d: 200 in 1 deal\.$/)
      .waitFor();
    await page.getByRole('button', { name: 'Done' }).click();
    await expect.poll(() => tapeShown(page)).toHaveLength(1);
    await page.getByRole('button', { name: 'End the call' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End the call' }).click();
    await page.getByRole('button', { name: 'Begin a call' }).waitFor();
    const { instruments } = await told<{ instruments: Instrument[] }>(url, 'instruments');
    expect(instruments.map(({ phase }) => phase)).toEqual(['continuous']);
  });

  it('In a call, what it cannot keep is said at the form, and not sent', async () => {
    const { url, market } = await servedMarket();
    await market.exchange.changePhase({ instrument: 'ACME', phase: 'call' });
    const page = await browser.open(`${url}/market/ACME`);
    await page.getByText('collecting', { exact: true }).waitFor();
    await page.getByLabel('In force').selectOption('fok');
    await postBy(page, { participant: 'alice', side: 'buy', price: '10.20', quantity: '1' });
    await page.getByText('A call collects: fill or kill is refused until it is over.').waitFor();
    expect(market.exchange.taken).toBe(0);
  });
});
