/** What the views of an instrument show, as plain decimals. */
import type { Locator, Page } from 'playwright-core';

/** Without the spaces between thousands and those that align at the point, nor the minus sign of typographers. */
export function plain(text: string): string {
  return text
    .replace(/[\u202f\u2007]/g, '')
    .replace(/\u2212/g, '-')
    .trim();
}

/** The texts of all cells of the rows. */
export async function cellsOf(rows: Locator): Promise<readonly (readonly string[])[]> {
  const texts = await rows.evaluateAll((all) =>
    all.map((row) => [...row.querySelectorAll('th, td')].map((cell) => cell.textContent)),
  );
  return texts.map((row) => row.map(plain));
}

export interface ShownBook {
  readonly bids: readonly string[];
  readonly asks: readonly string[];
}

/** Each level as `10.30 200 1`: price, quantity and how many intentions; best first. */
export async function bookShown(page: Page): Promise<ShownBook> {
  const ladder = page.locator('.ladder');
  const [bids, asks] = await Promise.all([
    cellsOf(ladder.locator('tr.level.buy')),
    cellsOf(ladder.locator('tr.level.sell')),
  ]);
  return { bids: bids.map(levelText), asks: asks.map(levelText).reverse() };
}

function levelText([price = '', quantity, , intentions]: readonly string[]): string {
  return [price.replace(/^.*yours/, ''), quantity, intentions].join(' ');
}

interface Level {
  readonly price: string;
  readonly quantity: string;
  readonly intentions: number;
}

/** A book of the API as `bookShown` gives it. */
export function bookTold(
  { bids, asks }: { readonly bids: readonly Level[]; readonly asks: readonly Level[] },
  levels = Number.POSITIVE_INFINITY,
): ShownBook {
  const text = ({ price, quantity, intentions }: Level): string => `${price} ${quantity} ${intentions}`;
  return { bids: bids.slice(0, levels).map(text), asks: asks.slice(0, levels).map(text) };
}

/** Each trade as `buy 10.30 100`: the taker's side, price and quantity; newest first. */
export async function tapeShown(page: Page): Promise<readonly string[]> {
  const rows = await cellsOf(page.getByRole('region', { name: 'Latest trades' }).locator('tbody tr'));
  return rows.map(([side = '', price, quantity]) => `${side.replace(/[▲▼\s]/g, '')} ${price} ${quantity}`);
}
