import { expect, it } from 'vitest';
import { describeWith } from '../support/needs/suite.js';
import { SharedBrowser } from './support/browser.js';
import { servedDeal } from './support/served.js';

await describeWith('chromium', 'the view of a deal', () => {
  const browser = SharedBrowser.forSuite();

  it('It shows the handshake row by row, its parties, and the events that it was drawn from', async () => {
    const { url } = await servedDeal();
    const page = await browser.open(`${url}/deals/1-1`);
    await page.getByRole('heading', { name: 'Deal 1-1' }).waitFor();
    const rows = page.getByRole('listbox').getByRole('option');
    const said = await rows.evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? ''));
    for (const [index, what] of ['IntentionPosted', 'IntentionPosted', 'announcement', 'ProposalMade'].entries())
      expect(said[index]).toContain(what);
    expect(said.filter((row) => row.includes('DealConfirmed'))).toHaveLength(1);
    await page.getByRole('link', { name: 'intention 1', exact: true }).waitFor();
    await page.getByRole('link', { name: 'bob' }).waitFor();
    const events = page.getByRole('region', { name: 'Events' }).getByRole('listitem');
    await expect.poll(() => events.count()).toBe(7);
    expect(await events.nth(4).innerText()).toContain('DealConfirmed');
  });

  it('A row that is chosen by keys marks its event, and an event that is chosen marks its row', async () => {
    const { url } = await servedDeal();
    const page = await browser.open(`${url}/deals/1-1`);
    const rows = page.getByRole('listbox').getByRole('option');
    await rows.last().focus();
    await page.keyboard.press('Home');
    for (let row = 0; row < 3; row++) await page.keyboard.press('ArrowDown');
    expect(await rows.nth(3).getAttribute('aria-selected')).toBe('true');
    const marked = page.locator('.raw-events li.current');
    await expect.poll(() => marked.innerText()).toContain('ProposalMade');
    await page.getByRole('button', { name: /^DealConfirmed/ }).click();
    await expect.poll(() => page.locator('[aria-selected=true]').getAttribute('aria-label')).toContain('DealConfirmed');
  });

  it('The handshake is replayed a row at a time, and each is said in words', async () => {
    const { url } = await servedDeal();
    const page = await browser.open(`${url}/deals/1-1`);
    const rows = page.getByRole('listbox').getByRole('option');
    await rows.first().waitFor();
    const all = await rows.count();
    await page.getByRole('button', { name: 'To the first row' }).click();
    await expect.poll(() => rows.count()).toBe(1);
    await page
      .getByRole('button', { name: 'A row on' })
      .or(page.getByRole('button', { name: 'A row forward' }))
      .click();
    await expect.poll(() => rows.count()).toBe(2);
    await page.getByRole('button', { name: 'Play' }).click();
    await expect.poll(() => rows.count()).toBe(all);
  });

  it('At an earlier moment the deal is as it was: promised, and in doubt', async () => {
    const { url, market } = await servedDeal();
    const head = await market.log.head();
    const page = await browser.open(`${url}/deals/1-1?at=${head - 5}`, { allowed: /404|400/ });
    await page.getByText('in doubt', { exact: true }).waitFor();
    expect(await page.getByRole('listbox').getByRole('option').count()).toBeGreaterThan(3);
    await page.getByRole('button', { name: 'Live' }).click();
    await page.getByText('confirmed', { exact: true }).waitFor();
    expect(new URL(page.url()).search).toBe('');
  });

  it('A deal that there is not is said not to be there', async () => {
    const { url } = await servedDeal();
    const page = await browser.open(`${url}/deals/7-1`, { allowed: /404/ });
    await page.getByRole('alert').getByText('UNKNOWN_DEAL').waitFor();
  });
});
