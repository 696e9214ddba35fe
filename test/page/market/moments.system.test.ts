import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { Candle, Trade } from '../../../src/client/market/market-types.js';
import type { Book } from '../../../src/client/types.js';
import { cutBatches } from '../../support/history/cut-log.js';
import { serverOfLog } from '../../support/http/growing-server.js';
import { describeWith } from '../../support/needs/suite.js';
import { playDay } from '../../support/orderflow/recorded-day.js';
import { Random } from '../../support/random.js';
import { growingLog } from '../../unit/projections/folding.js';
import { told } from '../support/asking.js';
import { SharedBrowser } from '../support/browser.js';
import { bookShown, bookTold, cellsOf, plain, tapeShown } from '../support/figures.js';
import { builtPage, servedMarket } from '../support/served.js';

/** High enough for as many levels a side as are ever shown. */
const window = { width: 1_440, height: 1_600 };
const LEVELS = 24;
const TRADES = 50;
/** So many events of the recorded day, and positions in them. */
const PLAYED = 20_000;
const MOMENTS = 20;

/** Takes the page to a position by its time line. */
async function standAt(page: Page, position: number): Promise<void> {
  const where = page.getByRole('textbox', { name: 'Position or time' });
  if (!(await where.isVisible())) await page.getByTitle('Go to a position or a time').click();
  await where.fill(String(position));
  await where.press('Enter');
  await page.waitForURL((url) => url.searchParams.get('at') === String(position));
}

/** Both are what the API says of this moment. */
async function expectAsTold(page: Page, url: string, symbol: string, at: number): Promise<void> {
  const book = bookTold(await told<Book>(url, `book/${symbol}?depth=${LEVELS}&at=${at}`));
  await expect.poll(() => bookShown(page), { message: `the book at ${at}` }).toEqual(book);
  const { trades } = await told<{ trades: Trade[] }>(url, `trades/${symbol}?limit=${TRADES}&at=${at}`);
  const tape = trades.map(({ takerSide, price, quantity }) => `${takerSide} ${price} ${quantity}`).reverse();
  await expect.poll(() => tapeShown(page), { message: `the tape at ${at}` }).toEqual(tape);
}

async function traded() {
  const served = await servedMarket();
  const { exchange } = served.market;
  const post = { instrument: 'ACME', price: '10.30' } as const;
  await exchange.post({ ...post, clientIntentionId: 's1', participant: 'alice', side: 'sell', quantity: '300' });
  await exchange.post({ ...post, clientIntentionId: 'b1', participant: 'bob', side: 'buy', quantity: '100' });
  const then = await served.market.log.head();
  await exchange.post({ ...post, clientIntentionId: 'b2', participant: 'bob', side: 'buy', quantity: '50' });
  await exchange.post({
    ...post,
    clientIntentionId: 'b3',
    participant: 'bob',
    side: 'buy',
    quantity: '2',
    price: '10',
  });
  return { ...served, then };
}

await describeWith('chromium', 'an instrument at a moment', () => {
  const browser = SharedBrowser.forSuite();

  it('Book and tape are those of then, and nothing is offered that changes anything', async () => {
    const { url, then } = await traded();
    const page = await browser.open(`${url}/market/ACME`, window);
    await page.getByLabel('Participant', { exact: true }).fill('alice');
    await standAt(page, then);
    await expectAsTold(page, url, 'ACME', then);
    await page.locator('.own-panel').getByRole('link', { name: '1', exact: true }).waitFor();
    const acts = page.locator('main').getByRole('button', { name: /post|buy|sell|change|withdraw|call|cross|take/i });
    expect(await acts.evaluateAll((all) => all.map((act) => act.textContent))).toEqual([]);
    expect(await page.getByRole('region', { name: 'Post an intention' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Live', exact: true }).click();
    await page.getByRole('region', { name: 'Post an intention' }).waitFor();
    await expect.poll(() => tapeShown(page)).toEqual(['buy 10.30 50', 'buy 10.30 100']);
    expect(bookTold(await told(url, 'book/ACME'))).toEqual(await bookShown(page));
  });

  it('The candles as a table are those of the API', async () => {
    const { url } = await traded();
    const page = await browser.open(`${url}/market/ACME`);
    await page.getByRole('button', { name: 'As a table' }).click();
    const { candles } = await told<{ candles: Candle[] }>(url, 'candles/ACME?interval=1m');
    const rows = page.getByRole('region', { name: 'Candles' }).locator('tbody tr');
    const figures = candles
      .map(({ open, high, low, close, volume, deals }) => [open, high, low, close, volume, String(deals)])
      .reverse();
    const shown = async (): Promise<string[][]> =>
      (await cellsOf(rows)).map((cells) => cells.slice(1).map((cell) => plain(cell.replace(/[▲▼]/, ''))));
    await expect.poll(shown).toEqual(figures);
    const begun = await rows.locator('time').evaluateAll((all) => all.map((time) => time.getAttribute('datetime')));
    expect(begun).toEqual(candles.map(({ start }) => start).reverse());
  });
});

await describeWith(['chromium', 'orderflow'], 'a recorded day on the page', () => {
  const browser = SharedBrowser.forSuite();

  it('At moments drawn at random, ladder and tape are the book and the trades of the API', async () => {
    const day = await playDay('sse600519_20230207.txt.gz');
    const { log } = await growingLog(cutBatches(day.batches, Math.min(PLAYED, day.head)));
    const { url } = await serverOfLog(log, { page: builtPage() });
    const page = await browser.open(`${url}/market/600519`, window);
    const head = await log.head();
    const random = new Random(20_261_129);
    for (let moment = 0; moment < MOMENTS; moment++) {
      const at = random.between(100, head - 1);
      await standAt(page, at);
      await expectAsTold(page, url, '600519', at);
    }
  });
});
