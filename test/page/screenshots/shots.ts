/** What is photographed: each view in each of its states. */
import type { Page } from 'playwright-core';
import type { Facts, Kind } from './exchanges.js';

export interface Shot {
  readonly name: string;
  /** Of which exchange; the busy one unless said otherwise. */
  readonly of?: Kind;
  readonly address: string | ((facts: Facts) => string);
  /** Whose key the tab has. */
  readonly key?: (facts: Facts) => string;
  /** What is done before the picture is taken. */
  readonly before?: (page: Page, facts: Facts) => Promise<void>;
  /** The server is killed before the picture is taken. */
  readonly isKilled?: true;
  /** Widths beside the usual ones. */
  readonly alsoWidths?: readonly number[];
  /** Of the whole page, however long; else of what is first seen. */
  readonly isWhole?: boolean;
}

const WALL = [2_560];

const market: readonly Shot[] = [
  { name: 'market', address: '/', alsoWidths: WALL },
  { name: 'market-new', of: 'new', address: '/' },
  { name: 'market-standing', address: ({ undecided }) => `/?at=${undecided}` },
  { name: 'market-away', of: 'leaving', address: '/', isKilled: true },
  { name: 'instrument', address: '/market/ACME', alsoWidths: WALL, isWhole: true },
  { name: 'instrument-standing', address: ({ undecided }) => `/market/ACME?at=${undecided}`, isWhole: true },
  { name: 'instrument-unknown', address: '/market/NOPE' },
  { name: 'instrument-of-maya', of: 'keyed', address: '/market/ACME', key: participant, isWhole: true },
  { name: 'instrument-table', address: '/market/ACME', before: pressed('As a table'), isWhole: true },
  { name: 'instrument-posted', address: '/market/ACME', before: posted, isWhole: true },
  {
    name: 'dialog-change',
    of: 'keyed',
    address: '/market/ACME',
    key: participant,
    before: firstPressed(/^Change intention/),
  },
];

const deals: readonly Shot[] = [
  { name: 'deal', address: dealAddress, isWhole: true },
  { name: 'deal-halfway', address: dealAddress, before: halfway, isWhole: true },
  { name: 'deal-in-doubt', address: (facts) => `${dealAddress(facts)}?at=${facts.undecided}`, isWhole: true },
  { name: 'deal-unknown', address: '/deals/99999999-1' },
  { name: 'intention', address: ({ intention }) => `/intentions/${intention}`, isWhole: true },
  {
    name: 'intention-standing',
    address: ({ intention, undecided }) => `/intentions/${intention}?at=${undecided}`,
    isWhole: true,
  },
  { name: 'intention-unknown', address: '/intentions/99999999' },
];

const affairs: readonly Shot[] = [
  { name: 'log', address: '/log' },
  { name: 'log-filtered', address: '/log?only=DealConfirmed' },
  { name: 'log-standing', address: ({ undecided }) => `/log?at=${undecided}` },
  { name: 'log-new', of: 'new', address: '/log' },
  { name: 'doubts', address: '/doubts', isWhole: true },
  { name: 'doubts-standing', address: ({ undecided }) => `/doubts?at=${undecided}`, isWhole: true },
  { name: 'doubts-new', of: 'new', address: '/doubts' },
  { name: 'participants', address: '/participants', isWhole: true },
  { name: 'participants-new', of: 'new', address: '/participants' },
  { name: 'participants-of-maya', of: 'keyed', address: '/participants', key: participant, isWhole: true },
  { name: 'participant', address: '/participants/rex', isWhole: true },
  { name: 'participant-standing', address: ({ undecided }) => `/participants/pat?at=${undecided}`, isWhole: true },
  { name: 'participant-unknown', address: '/participants/nobody' },
  { name: 'dialog-halt', address: '/participants/rex', before: firstPressed('Halt') },
  { name: 'dialog-limits', address: '/participants/rex', before: firstPressed('Set limits') },
];

const operating: readonly Shot[] = [
  { name: 'cluster', address: '/cluster', isWhole: true },
  { name: 'cluster-new', of: 'new', address: '/cluster', isWhole: true },
  { name: 'audit', address: '/audit' },
  { name: 'audit-done', address: '/audit', before: audited, isWhole: true },
  { name: 'file', address: '/file' },
  { name: 'file-open', address: '/file', before: opened, isWhole: true },
  { name: 'file-market', address: '/file', before: openedAt('Market'), isWhole: true },
  { name: 'file-log', address: '/file', before: openedAt('Log') },
  { name: 'file-finding', address: '/file', before: changedAndAudited, isWhole: true },
  { name: 'file-wrong', address: '/file', before: wronglyOpened },
  { name: 'nothing-here', address: '/nothing' },
  { name: 'dialog-keys', address: '/market/ACME', before: (page) => page.keyboard.press('?') },
  { name: 'dialog-jump', address: '/', before: firstPressed('Go to a position or a time') },
  { name: 'key-wanted', of: 'keyed', address: '/' },
];

export const shots: readonly Shot[] = [...market, ...deals, ...affairs, ...operating];

export function dealAddress({ deal }: Facts): string {
  return `/deals/${deal}`;
}

function participant({ participantKey }: Facts): string {
  return participantKey;
}

/** Presses the button of this name. */
function pressed(name: string) {
  return (page: Page): Promise<void> =>
    page.getByRole('main').getByRole('button', { name, exact: true }).first().click();
}

/** Presses the first button that is called so, or whose title says so. */
function firstPressed(name: string | RegExp) {
  return (page: Page): Promise<void> =>
    page.getByRole('button', { name }).or(page.getByTitle(name)).filter({ visible: true }).first().click();
}

export async function halfway(page: Page): Promise<void> {
  const forward = page.getByRole('button', { name: 'A row forward' });
  await page.getByRole('button', { name: 'To the first row' }).click();
  for (let row = 1; row < 7; row++) await forward.click();
}

async function posted(page: Page): Promise<void> {
  const form = page.getByRole('region', { name: 'Post an intention' });
  await form.getByLabel('Participant', { exact: true }).fill('alice');
  await form.getByLabel('Market', { exact: true }).check({ force: true });
  await form.getByLabel('Quantity', { exact: true }).fill('3');
  await form.getByRole('button', { name: /^Buy/ }).click();
}

export async function opened(page: Page, { file }: Facts): Promise<void> {
  await page.getByLabel('Choose an exported log').setInputFiles(file);
  await page.getByRole('region', { name: 'The open file' }).waitFor();
}

function openedAt(view: string) {
  return async (page: Page, facts: Facts): Promise<void> => {
    await opened(page, facts);
    await page
      .getByRole('navigation', { name: 'Views of the file' })
      .getByRole('link', { name: view, exact: true })
      .click();
  };
}

async function changedAndAudited(page: Page, facts: Facts): Promise<void> {
  await opened(page, { ...facts, file: facts.changedFile });
  await page.getByRole('navigation', { name: 'Views of the file' }).getByRole('link', { name: 'Audit' }).click();
  await audited(page);
}

async function wronglyOpened(page: Page): Promise<void> {
  await page
    .getByLabel('Choose an exported log')
    .setInputFiles({ name: 'holiday.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no log at all\n') });
  await page.getByRole('alert').first().waitFor();
}

export async function audited(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^(Start the audit|Audit)/ })
    .first()
    .click();
  await page.locator('.audit-result').waitFor();
}
