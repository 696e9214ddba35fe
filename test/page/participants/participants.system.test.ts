import { expect, it } from 'vitest';
import { describeWith } from '../../support/needs/suite.js';
import { SharedBrowser } from '../support/browser.js';
import { cellsOf } from '../support/figures.js';
import { servedDeal } from '../support/served.js';

await describeWith('chromium', 'participants on the page', () => {
  const browser = SharedBrowser.forSuite();

  it('The list has everybody’s positions, finds by name, and leads to each', async () => {
    const { url } = await servedDeal();
    const page = await browser.open(`${url}/participants`);
    const rows = page.getByRole('table').locator('tbody tr.row');
    await expect.poll(() => rows.count()).toBe(4);
    await expect
      .poll(async () => (await cellsOf(rows)).map((cells) => cells.filter((cell) => cell !== '')))
      .toEqual([
        ['alice1 open'],
        ['ACME', '-100', '0', '100', '+1030.00'],
        ['bobnothing open'],
        ['ACME', '+100', '100', '0', '-1030.00'],
      ]);
    await page.getByRole('searchbox', { name: 'Find a participant by its name' }).fill('bo');
    await expect.poll(() => rows.count()).toBe(2);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'bob' }).waitFor();
    await page.getByRole('region', { name: 'Deals' }).getByRole('link', { name: '1-1' }).waitFor();
  });

  it('An operator halts one, what stands is withdrawn, and its posts are refused until it may go on', async () => {
    const { url, market } = await servedDeal();
    const { exchange } = market;
    const page = await browser.open(`${url}/participants/alice`);
    await page.getByRole('button', { name: 'Halt…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Withdraw what stands').check();
    await dialog.getByRole('button', { name: 'Halt', exact: true }).click();
    await page.getByText('Halted, and withdrawn').waitFor();
    await page.getByText('Nothing of it stands.').waitFor();
    const post = { instrument: 'ACME', participant: 'alice', side: 'sell', price: '10.30', quantity: '1' } as const;
    expect(await exchange.post({ ...post, clientIntentionId: 's2' })).toMatchObject({ ok: false });
    await page.getByRole('button', { name: 'Let it go on…' }).click();
    await dialog.getByRole('button', { name: 'Let it go on' }).click();
    await page.getByText('It may post again').waitFor();
    expect(await exchange.post({ ...post, clientIntentionId: 's3' })).toMatchObject({ ok: true });
    await page.getByRole('region', { name: 'Open intentions' }).locator('tr.row').waitFor();
  });

  it('Limits are set, changed and taken off, and what is no number is refused at its field', async () => {
    const { url, market } = await servedDeal();
    const { exchange } = market;
    const page = await browser.open(`${url}/participants/bob`);
    await page.getByRole('button', { name: 'Set limits…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Open quantity').fill('many');
    await dialog.getByRole('button', { name: 'Set limits' }).click();
    await expect.poll(() => dialog.getByLabel('Open quantity').getAttribute('aria-invalid')).toBe('true');
    await dialog.getByLabel('Open quantity').fill('5');
    await dialog.getByRole('button', { name: 'Set limits' }).click();
    await page.getByText('Limits are set').waitFor();
    const post = { instrument: 'ACME', participant: 'bob', side: 'buy', price: '9', quantity: '6' } as const;
    expect(await exchange.post({ ...post, clientIntentionId: 'b2' })).toMatchObject({ ok: false });
    await page.getByRole('button', { name: 'Change the limits of each instrument' }).click();
    await expect.poll(() => dialog.getByLabel('Open quantity').inputValue()).toBe('5');
    await dialog.getByLabel('Open quantity').fill('6');
    await dialog.getByRole('button', { name: 'Set limits' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await exchange.post({ ...post, clientIntentionId: 'b3' })).toMatchObject({ ok: true });
    await page.getByRole('button', { name: 'Take off the limits of each instrument' }).click();
    await dialog.getByRole('button', { name: 'Take off' }).click();
    await page.getByText('None: nothing limits it.').waitFor();
  });

  it('At an earlier moment a participant is as it was, and nobody is halted from there', async () => {
    const { url, market } = await servedDeal();
    const { exchange } = market;
    const then = await market.log.head();
    await exchange.withdraw({ id: '1' });
    const page = await browser.open(`${url}/participants/alice?at=${then}`);
    await page.getByRole('region', { name: 'Open intentions' }).locator('tr.row').waitFor();
    expect(await page.getByRole('button', { name: /Halt|Set limits|Change|Take off/ }).count()).toBe(0);
    await page.getByRole('button', { name: 'Live', exact: true }).click();
    await page.getByText('Nothing of it stands.').waitFor();
    await page.getByRole('button', { name: 'Halt…' }).waitFor();
  });
});
