import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeWith } from '../../support/needs/suite.js';
import { SharedBrowser } from '../support/browser.js';
import { bookShown, cellsOf } from '../support/figures.js';
import { ownOn, postBy } from '../support/post-form.js';
import { servedMarket } from '../support/served.js';

/** Two bids of alice’s, and the page with her name in the form. */
async function opened(browser: SharedBrowser) {
  const served = await servedMarket();
  const { exchange } = served.market;
  const post = { instrument: 'ACME', participant: 'alice', side: 'buy', quantity: '100' } as const;
  await exchange.post({ ...post, clientIntentionId: 'b1', price: '10.20' });
  await exchange.post({ ...post, clientIntentionId: 'b2', price: '10.10' });
  const page = await browser.open(`${served.url}/market/ACME`);
  await page.getByLabel('Participant', { exact: true }).fill('alice');
  await expect.poll(() => ownRows(page)).toHaveLength(2);
  return { ...served, exchange, page };
}

/** Each as `1 buy 10.20 100 0`: id, side, price, open and dealt. */
async function ownRows(page: Page): Promise<readonly string[]> {
  const rows = await cellsOf(ownOn(page).locator('tbody tr'));
  return rows.map(([id, side = '', price, open, dealt]) =>
    [id, side.replace(/^\W+/, ''), price, open, dealt].join(' '),
  );
}

await describeWith('chromium', 'one’s own open intentions', () => {
  const browser = SharedBrowser.forSuite();

  it('One is reduced in a dialog, which refuses more than is open', async () => {
    const { page } = await opened(browser);
    await page.getByRole('button', { name: 'Change intention 1' }).click();
    const dialog = page.getByRole('dialog', { name: 'Change intention 1' });
    await dialog.getByLabel('Reduce by').fill('101');
    await dialog.getByRole('button', { name: 'Reduce' }).click();
    await dialog.getByText('Only 100 is open.').waitFor();
    await dialog.getByLabel('Reduce by').fill('40');
    await dialog.getByRole('button', { name: 'Reduce' }).click();
    await dialog.getByText('Intention 1: 60 open.').waitFor();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await expect.poll(() => ownRows(page)).toEqual(['2 buy 10.10 100 0', '1 buy 10.20 60 0']);
    await expect.poll(() => bookShown(page)).toMatchObject({ bids: ['10.20 60 1', '10.10 100 1'] });
  });

  it('One is given another price and quantity, and deals at once where it may', async () => {
    const { page, exchange } = await opened(browser);
    const ask = { instrument: 'ACME', clientIntentionId: 's1', participant: 'bob', side: 'sell' } as const;
    await exchange.post({ ...ask, price: '10.30', quantity: '50' });
    await page.getByRole('button', { name: 'Change intention 2' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: 'Replace' }).check();
    await dialog.getByRole('button', { name: 'Replace' }).click();
    await dialog.getByText('That is how it stands.').waitFor();
    await dialog.getByLabel('Price').fill('10.30');
    await dialog.getByLabel('Quantity left to deal').fill('80');
    await dialog.getByRole('button', { name: 'Replace' }).click();
    await dialog.getByText('Intention 2: 30 open.').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => ownRows(page)).toEqual(['2 buy 10.30 30 50', '1 buy 10.20 100 0']);
  });

  it('One is withdrawn, and all that are left are withdrawn once that is confirmed', async () => {
    const { page } = await opened(browser);
    await postBy(page, { side: 'sell', price: '10.40', quantity: '7' });
    await expect.poll(() => ownRows(page)).toHaveLength(3);
    await page.getByRole('button', { name: 'Withdraw intention 1' }).click();
    await ownOn(page).getByText('Intention 1 is withdrawn.').waitFor();
    await expect.poll(() => ownRows(page)).toEqual(['3 sell 10.40 7 0', '2 buy 10.10 100 0']);
    await page.getByRole('button', { name: 'Withdraw all' }).click();
    const dialog = page.getByRole('dialog', { name: 'Withdraw all in ACME' });
    await dialog.getByText('Withdraws the 2 open intentions of alice in ACME').waitFor();
    await dialog.getByRole('button', { name: 'Withdraw all' }).click();
    await ownOn(page).getByText('Nothing is open here.').waitFor();
    await page.getByText('Nobody is here yet').waitFor();
  });

  it('What others do shows among the open ones, and their own does not', async () => {
    const { page, exchange } = await opened(browser);
    const ask = { instrument: 'ACME', clientIntentionId: 's1', participant: 'bob', side: 'sell' } as const;
    await exchange.post({ ...ask, price: '10.20', quantity: '30' });
    await expect.poll(() => ownRows(page)).toEqual(['2 buy 10.10 100 0', '1 buy 10.20 70 30']);
    await exchange.post({ ...ask, clientIntentionId: 's2', price: '10.90', quantity: '30' });
    await exchange.withdraw({ id: '2' });
    await expect.poll(() => ownRows(page)).toEqual(['1 buy 10.20 70 30']);
    await page.getByLabel('Participant', { exact: true }).fill('bob');
    await expect.poll(() => ownRows(page)).toEqual(['4 sell 10.90 30 0']);
  });
});
