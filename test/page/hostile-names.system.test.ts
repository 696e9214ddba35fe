import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { serverOfLog } from '../support/http/growing-server.js';
import { History } from '../support/history/history.js';
import { logOfEvents } from '../support/history/log-of-events.js';
import { describeWith } from '../support/needs/suite.js';
import { Random } from '../support/random.js';
import { SharedBrowser } from './support/browser.js';
import { builtPage } from './support/served.js';

const known = [
  '<img src=x onerror=alert(1)>',
  '"><script>alert(1)</script>',
  "'onmouseover='alert(1)",
  'javascript:alert(1)',
  '\u202egnp.exe\u202c',
  '\u2066isolate',
  'Ｗ'.repeat(32),
  '𒐫'.repeat(32),
  '👩‍👩‍👧‍👦🏳️‍🌈',
  '\u200b\u200d\ufeff',
  'n'.repeat(2_000),
  `ä${'\u0301'.repeat(80)}`,
  '__proto__',
  'constructor',
  'hasOwnProperty',
  '..',
  '%2e%2e%2f?at=1#x',
  '{{7*7}}${7*7}',
  'a\tb\nc\0d',
];

const pieces = [
  ...[
    '<b>',
    '</td>',
    '<svg onload=alert(1)>',
    '<a href="//x">',
    '&lt;',
    '&#x3c;',
    '<!--',
    '"',
    "'",
    '`',
    '\\',
    '/',
    '?',
  ],
  ...[
    '\u202e',
    '\u2067',
    '\u2028',
    '\u00ad',
    '\u200f',
    '\u0488',
    '﷽',
    '🇽',
    '漢',
    'x',
    ' ',
    '%',
    '#',
    '__proto__',
    'toString',
  ],
];

/** Names that are hard to show: those that are known to be, and others made of what they are made of. */
function namesOf(random: Random, count: number): readonly string[] {
  const made = Array.from({ length: count }, () =>
    Array.from({ length: random.between(1, 40) }, () => random.pick(pieces)).join(''),
  );
  return [...new Set([...known, ...made])];
}

/** A log that no exchange would write: all names and symbols are taken from the list, and each participant deals and has something open. */
function hostileHistory(names: readonly string[]): History {
  const history = new History();
  const instruments = names.map((name) => history.list(name));
  const participants = names.map((name) => history.admit(name));
  for (const [index, participant] of participants.entries()) {
    const other = participants[(index + 1) % participants.length] ?? participant;
    const instrument = instruments[index] ?? 1;
    const text = names[index] ?? '';
    const seller = history.post(participant, instrument, 'sell', 1_000, 30, { clientIntentionId: text });
    const buyer = history.post(other, instrument, 'buy', 1_000, 10, { clientIntentionId: text });
    history.deal(buyer, seller, 1_000, 10);
  }
  history.seal();
  return history;
}

await describeWith('chromium', 'names that are meant to break the page', () => {
  const browser = SharedBrowser.forSuite();

  it.each([
    ['a desk', 1_440, 20_261_129],
    ['a phone', 390, 42],
  ])('On %s they are shown as text in every view, and do nothing', async (_where, width, seed) => {
    const random = new Random(seed);
    const names = namesOf(random, 25);
    const { url } = await serverOfLog(await logOfEvents(hostileHistory(names).events), { page: builtPage() });
    const page = await browser.open(url, { width, allowed: /40[04]|WebSocket/ });
    const elsewhere = watched(page, url);
    const asName = (name: string): string => encodeURIComponent(name);
    const some = names.filter((name) => known.includes(name) || random.chance(1, 4));
    const paths = [
      '/',
      '/participants',
      '/cluster',
      ...names.map((_, index) => `/intentions/${2 * index + 1}`).slice(0, 8),
    ];
    const own = some.flatMap((name) => [`/market/${asName(name)}`, `/participants/${asName(name)}`]);
    for (const path of [...paths, ...own]) {
      await goTo(page, path);
      await page.locator('main > *').first().waitFor();
      await expect.poll(() => waiting(page)).toEqual([]);
      expect(await damage(page), `what ${path} did`).toEqual([]);
    }
    await goTo(page, '/participants');
    const find = page.getByRole('searchbox', { name: 'Find a participant by its name' });
    for (const name of some.filter((each) => !/[\n\t\0\r]/.test(each))) {
      await find.fill(name);
      const shown = page.locator('main .name').filter({ hasText: /./s });
      await expect.poll(async () => (await shown.allTextContents()).includes(name), { message: name }).toBe(true);
    }
    expect(elsewhere()).toEqual([]);
  });
});

/** What holds the place of something that has not come, with the address. */
const waiting = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('.loading')].map(
      ({ parentElement }) => `${location.href} ${parentElement?.className}`,
    ),
  );

/** Without loading the page again. */
async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);
}

/** Dialogs, frames and requests to anywhere else. */
function watched(page: Page, url: string): () => readonly string[] {
  const seen: string[] = [];
  page.on('dialog', (dialog) => {
    seen.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:')) seen.push(`request ${request.url()}`);
  });
  page.on('framenavigated', (frame) => {
    if (frame !== page.mainFrame()) seen.push(`frame ${frame.url()}`);
  });
  return () => seen;
}

/** Elements that the page does not make, and whether it got wider than its window. */
const damage = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const strange = [
      ...document.querySelectorAll('main img, main script, main iframe, main b, main [onerror], main [onload]'),
    ];
    const { scrollWidth } = document.documentElement;
    const isCut = (each: Element | null): boolean =>
      each !== null && (getComputedStyle(each).overflowX !== 'visible' || isCut(each.parentElement));
    const reach = (each: Element): number => {
      const range = document.createRange();
      range.selectNodeContents(each);
      return Math.max(each.getBoundingClientRect().right, range.getBoundingClientRect().right);
    };
    const tooFarRight = [...document.querySelectorAll('body *')]
      .filter((each) => reach(each) > innerWidth && !isCut(each))
      .map((each) => `${each.tagName} ${each.getAttribute('class') ?? ''}`);
    return [
      ...strange.map((each) => each.outerHTML),
      ...(scrollWidth > innerWidth ? [`${scrollWidth} px wide in ${innerWidth}`, ...tooFarRight] : []),
      ...[...document.querySelectorAll('main .failure')]
        .map((each) => each.textContent)
        .filter((text) => text.includes('PAGE_FAILED')),
      ...('polluted' in {} ? ['the prototype of all objects'] : []),
    ];
  });
