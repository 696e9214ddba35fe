/** What the page shows, read out of its document: numbers as decimal strings again, as the API has them. */
import type { Page } from 'playwright-core';
import { cellsOf } from './figures.js';

interface ShownLevel {
  readonly price: string;
  readonly quantity: string;
  readonly intentions: number;
}

interface ShownBook {
  readonly bids: readonly ShownLevel[];
  readonly asks: readonly ShownLevel[];
}

/** A number as the page writes it: with a minus of typographers, thin spaces between thousands, and room where decimals are missing. */
export function decimalIn(text: string | undefined): string {
  return (text ?? '').replace(/[\s\u2007\u202f+]/gu, '').replace('−', '-');
}

/** The ladder of an instrument, best first on either side; undefined while it is of another moment than the page, or not there. */
export async function ladderOn(page: Page): Promise<ShownBook | undefined> {
  if ((await page.locator('.book-panel .stale, .book-panel [aria-busy]').count()) > 0) return undefined;
  const [asks, bids] = [await cellsOf(page.locator('.asks tr.level')), await cellsOf(page.locator('.bids tr.level'))];
  return { bids: bids.map(levelIn), asks: asks.map(levelIn).reverse() };
}

function levelIn([price, quantity, , intentions]: readonly string[]): ShownLevel {
  return { price: decimalIn(price), quantity: decimalIn(quantity), intentions: Number(decimalIn(intentions)) };
}

interface ShownTrade {
  readonly takerSide: string;
  readonly price: string;
  readonly quantity: string;
  readonly at: string;
}

/** The latest deals of an instrument, newest first. */
export async function tapeOn(page: Page): Promise<readonly ShownTrade[]> {
  const rows = await page.locator('.tape tbody tr').evaluateAll((all) =>
    all.map((row) => ({
      cells: [...row.children].map((cell) => cell.textContent),
      time: row.querySelector('time')?.getAttribute('datetime'),
    })),
  );
  return rows.map(({ cells: [side = '', price, quantity, at = ''], time }) => ({
    takerSide: side.includes('buy') ? 'buy' : 'sell',
    ...{ price: decimalIn(price), quantity: decimalIn(quantity), at: time ?? at },
  }));
}

interface ShownPosition {
  readonly participant: string;
  readonly instrument: string;
  readonly net: string;
  readonly bought: string;
  readonly sold: string;
  readonly cash: string;
}

/** Everybody's positions on the view of participants. */
export async function positionsOn(page: Page): Promise<readonly ShownPosition[]> {
  const rows = await page.locator('table.people tbody tr:not([aria-hidden])').evaluateAll((all) =>
    all.map((row) => ({
      name: row.querySelector('.person-name')?.textContent,
      cells: [...row.children].map((cell) => cell.textContent),
    })),
  );
  let participant = '';
  return rows.flatMap(({ name, cells }) => {
    if (name !== undefined) {
      participant = name;
      return [];
    }
    const [instrument = '', net, , bought, sold, cash] = cells;
    const [ofNet = '', ofBought = '', ofSold = '', ofCash = ''] = [net, bought, sold, cash].map(decimalIn);
    return [{ participant, instrument, net: ofNet, bought: ofBought, sold: ofSold, cash: ofCash }];
  });
}

/** Types a moment into the time line. */
export async function jump(page: Page, to: number | string): Promise<void> {
  await page.getByTitle('Go to a position or a time').click();
  await page.getByLabel('Position or time').fill(String(to));
  await page.keyboard.press('Enter');
}

/** The position that the address names; undefined: live. */
export function standingOn(page: Page): number | undefined {
  const at = new URL(page.url()).searchParams.get('at');
  return at === null ? undefined : Number(at);
}
