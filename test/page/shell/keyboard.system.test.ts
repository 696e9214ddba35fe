import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeWith } from '../../support/needs/suite.js';
import { SharedBrowser } from '../support/browser.js';
import { tapeShown } from '../support/figures.js';
import { outcomeOn, ownOn } from '../support/post-form.js';
import { servedOffer } from '../support/served.js';

const MOST_TABS = 80;

/** What has the focus, as it is called. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const { activeElement } = document;
    if (activeElement === null || activeElement === document.body) return '';
    const labels = activeElement instanceof HTMLInputElement ? [...(activeElement.labels ?? [])] : [];
    const named = activeElement.getAttribute('aria-label') ?? labels.map((label) => label.textContent).join(' ');
    return (named || activeElement.textContent || activeElement.tagName).trim();
  });

/** Goes on by Tab until what is called so has the focus, which must be seen wherever it is. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let tabs = 0; tabs < MOST_TABS; tabs++) {
    await page.keyboard.press('Tab');
    if ((await focused(page)).startsWith(name)) {
      expect(await isFocusSeen(page), `the focus on ${name} is seen`).toBe(true);
      return;
    }
  }
  throw new Error(`Tab does not lead to ${name}`);
}

/** Whether what has the focus, or what it is drawn as, has an outline and lies in the window. */
const isFocusSeen = (page: Page): Promise<boolean> =>
  page.evaluate(() => {
    const { activeElement } = document;
    if (activeElement === null) return false;
    const drawn = [activeElement, activeElement.nextElementSibling, activeElement.parentElement];
    const isMarked = drawn.some((each) => {
      if (each === null) return false;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each);
      return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
    });
    const { top, bottom } = activeElement.getBoundingClientRect();
    return isMarked && bottom > 0 && top < innerHeight;
  });

await describeWith('chromium', 'the page by keyboard alone', () => {
  const browser = SharedBrowser.forSuite();

  it('Who has typed a symbol before the page knows them comes there once it does', async () => {
    const { url } = await servedOffer();
    const page = await browser.open(url);
    await page.getByRole('link', { name: 'ACME' }).waitFor();
    let answer: (() => void) | undefined;
    const isTyped = new Promise<void>((resolve) => (answer = resolve));
    await page.route('**/v1/instruments*', (route) => isTyped.then(() => route.continue()));
    await page.keyboard.press('/');
    await page.keyboard.type('acme');
    await page.keyboard.press('Enter');
    answer?.();
    await page.getByRole('region', { name: 'Post an intention' }).waitFor();
  });

  it('A day at the market takes no mouse: posting, dealing, looking at the deal, going back in time, withdrawing', async () => {
    const { url } = await servedOffer();
    // Before its proposal there is no such deal.
    const page = await browser.open(url, { allowed: /404/ });
    const { keyboard } = page;
    await page.getByRole('link', { name: 'ACME' }).waitFor();
    await keyboard.press('/');
    await keyboard.type('ACME');
    await keyboard.press('Enter');
    await page.getByRole('region', { name: 'Post an intention' }).waitFor();
    await tabTo(page, 'Participant');
    await keyboard.type('bob');
    await page.locator('.ladder tr.level').waitFor();
    await tabTo(page, '▲ Buy');
    await tabTo(page, 'Limit');
    await tabTo(page, 'Price');
    await keyboard.type('10.29');
    await keyboard.press('ArrowUp');
    await tabTo(page, 'Quantity');
    await keyboard.type('100');
    await keyboard.press('Enter');
    await outcomeOn(page).getByText('100 bought at 10.30').waitFor();
    await expect.poll(() => tapeShown(page)).toEqual(['buy 10.30 100']);
    await tabTo(page, '1-1');
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Deal 1-1' }).waitFor();
    await keyboard.press(',');
    await expect.poll(() => new URL(page.url()).searchParams.has('at')).toBe(true);
    await keyboard.press('[');
    await keyboard.press('l');
    await expect.poll(() => new URL(page.url()).search).toBe('');
    await keyboard.press('/');
    await keyboard.type('ACME');
    await keyboard.press('Enter');
    await page.getByRole('region', { name: 'Post an intention' }).waitFor();
    await keyboard.press('s');
    await expect.poll(() => focused(page)).toBe('Price');
    expect(await page.getByRole('radio', { name: 'Sell' }).isChecked()).toBe(true);
    await keyboard.type('11');
    await tabTo(page, 'Quantity');
    await keyboard.type('5');
    await keyboard.press('Enter');
    await outcomeOn(page).getByText('Open: 5 to sell at 11.00.').waitFor();
    await tabTo(page, 'Withdraw intention 3');
    await keyboard.press('Enter');
    await ownOn(page).getByText('Nothing is open here.').waitFor();
  });

  it('The question mark lists the keys of the view, and Escape leads back to where the focus was', async () => {
    const { url } = await servedOffer();
    const page = await browser.open(`${url}/market/ACME`);
    await page.getByRole('region', { name: 'Post an intention' }).waitFor();
    await tabTo(page, 'Log');
    await page.keyboard.press('?');
    const keys = page.getByRole('dialog', { name: 'Keys' });
    await keys.waitFor();
    const listed = await keys.locator('kbd').allInnerTexts();
    for (const key of ['/', '[', ']', ',', '.', 'l', 'b', 's', '?']) expect(listed).toContain(key);
    await page.keyboard.press('Escape');
    await keys.waitFor({ state: 'hidden' });
    expect(await focused(page)).toBe('Log');
  });

  it('After going to another view the focus is at that view, or still on the link in the header', async () => {
    const { url } = await servedOffer();
    const page = await browser.open(url);
    await page.getByRole('link', { name: 'ACME' }).waitFor();
    await tabTo(page, 'Participants');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Participants' }).waitFor();
    expect(await focused(page)).toBe('Participants');
    await tabTo(page, 'alice');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'alice' }).waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('view');
    await tabTo(page, '1');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Intention 1' }).waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('view');
  });
});
