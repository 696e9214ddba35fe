import { writeFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { keyFile } from '../../support/http/key-file.js';
import { describeWith } from '../../support/needs/suite.js';
import { SharedBrowser } from '../support/browser.js';
import { ownOn, outcomeOn, postBy } from '../support/post-form.js';
import { servedMarket } from '../support/served.js';

/** What a browser itself says of an answer of 401: of a key that is missing or wrong. */
const unauthorised = { allowed: /401|WebSocket/ };

async function keyed() {
  const file = await keyFile();
  return { ...(await servedMarket({ keyFile: file })), file };
}

const dialogOn = (page: Page) => page.getByRole('dialog', { name: 'This exchange asks for a key' });

async function giveKey(page: Page, key: string): Promise<void> {
  await dialogOn(page).getByLabel('Key').fill(key);
  await dialogOn(page).getByRole('button', { name: 'Use this key' }).click();
}

/** Until the view is there, and waits for nothing more. */
async function settled(page: Page): Promise<void> {
  await page.locator('main > *').first().waitFor();
  await page.locator('.loading').first().waitFor({ state: 'detached' });
}

const places = (page: Page) => page.getByRole('navigation', { name: 'Views' }).getByRole('link');

await describeWith('chromium', 'keys at the page', () => {
  const browser = SharedBrowser.forSuite();

  it('It asks for a key, says of a wrong one that it is not taken, and keeps the right one for the tab alone', async () => {
    const { url } = await keyed();
    const page = await browser.open(url, unauthorised);
    await dialogOn(page).waitFor();
    await giveKey(page, 'a-key-of-nobody');
    await dialogOn(page).getByText('The exchange does not take that key.').waitFor();
    await giveKey(page, 'operators-key');
    await page.getByRole('link', { name: 'ACME' }).waitFor();
    expect(await page.evaluate(() => [localStorage.length, document.cookie])).toEqual([0, '']);
    expect(page.url()).not.toContain('key');
    await page.reload();
    await page.getByRole('link', { name: 'ACME' }).waitFor();
    await page.locator('.who', { hasText: 'operator' }).waitFor();
    const tab = await page.context().newPage();
    await tab.goto(url);
    await dialogOn(tab).waitFor();
  });

  it('With another key the page is that one’s, and what the one before looked at is gone', async () => {
    const { url, market } = await keyed();
    const post = { instrument: 'ACME', price: '10.30', quantity: '1', side: 'sell' } as const;
    await market.exchange.post({ ...post, clientIntentionId: 's1', participant: 'alice' });
    const page = await browser.open(`${url}/market/ACME`, unauthorised);
    await giveKey(page, 'alices-key');
    await ownOn(page).getByRole('link', { name: '1', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Change key' }).click();
    await giveKey(page, 'bobs-long-key');
    await page.locator('.who', { hasText: 'bob' }).waitFor();
    await ownOn(page).getByText('Nothing is open here.').waitFor();
    await postBy(page, { side: 'buy', price: '10.30', quantity: '1' });
    await outcomeOn(page).getByText('1 bought at 10.30').waitFor();
  });

  it('A key that is taken back while the page is open is asked for again', async () => {
    const { url, server, file } = await keyed();
    const page = await browser.open(`${url}/market/ACME`, unauthorised);
    await giveKey(page, 'alices-key');
    await page.getByRole('region', { name: 'Post an intention' }).waitFor();
    await writeFile(file, JSON.stringify({ keys: [{ key: 'new-key-of-alice', participant: 'alice' }] }));
    await server.reloadKeys();
    await dialogOn(page).getByText('The exchange does not take that key.').waitFor();
    await giveKey(page, 'new-key-of-alice');
    await postBy(page, { side: 'buy', price: '10.30', quantity: '1' });
    await outcomeOn(page).getByText('Open: 1 to buy at 10.30.').waitFor();
  });

  const affairs = ['/participants/alice', '/cluster'];
  it.each([
    ['a participant', 'alices-key', ['Market', 'Participants', 'Cluster', 'A file'], affairs],
    [
      'an auditor',
      'auditors-key',
      ['Market', 'Log', 'In doubt', 'Participants', 'Cluster', 'Audit', 'A file'],
      affairs,
    ],
    ['market data', 'market-data-key', ['Market', 'A file'], []],
    [
      'an operator',
      'operators-key',
      ['Market', 'Log', 'In doubt', 'Participants', 'Cluster', 'Audit', 'A file'],
      affairs,
    ],
  ] as const)('To %s what it may is offered, and nothing of that is refused', async (role, key, offered, deeper) => {
    const { url, market } = await keyed();
    const post = { instrument: 'ACME', price: '10.30', side: 'sell' } as const;
    await market.exchange.post({ ...post, quantity: '5', clientIntentionId: 's1', participant: 'alice' });
    await market.exchange.post({ ...post, quantity: '1', clientIntentionId: 'b1', participant: 'bob', side: 'buy' });
    const page = await browser.open(url, unauthorised);
    await giveKey(page, key);
    await expect.poll(() => places(page).allInnerTexts()).toEqual(offered);
    const refused: string[] = [];
    page.on('response', (response) => {
      if (response.status() >= 400) refused.push(`${response.status()} ${response.url()}`);
    });
    for (const name of offered) {
      await places(page).filter({ hasText: name }).click();
      await settled(page);
    }
    for (const path of [...deeper, '/market/ACME']) {
      await page.goto(`${url}${path}`);
      await settled(page);
    }
    await page.getByRole('heading', { name: 'ACME' }).waitFor();
    const may = (name: string) => page.getByRole('button', { name, exact: true }).count();
    const trades = ['a participant', 'an operator'].includes(role);
    expect(await page.getByRole('region', { name: 'Post an intention' }).count()).toBe(Number(trades));
    expect(await may('Begin a call')).toBe(Number(role === 'an operator'));
    expect(await ownOn(page).count()).toBe(Number(role !== 'market data'));
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(refused).toEqual([]);
  });
});
