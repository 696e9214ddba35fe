import { expect, it } from 'vitest';
import { describeWith } from '../../support/needs/suite.js';
import { told } from '../support/asking.js';
import { SharedBrowser } from '../support/browser.js';
import { bookShown, bookTold, tapeShown } from '../support/figures.js';
import { outcomeOn, ownOn, postBy } from '../support/post-form.js';
import { servedMarket } from '../support/served.js';

await describeWith('chromium', 'posting on the page', () => {
  const browser = SharedBrowser.forSuite();

  it('An intention that rests stands in the book and among the open ones, and its outcome leads to it', async () => {
    const { url } = await servedMarket();
    const page = await browser.open(`${url}/market/ACME`);
    await postBy(page, { participant: 'alice', side: 'sell', price: '10.30', quantity: '300' });
    await outcomeOn(page).getByText('Open: 300 to sell at 10.30.').waitFor();
    await expect.poll(() => bookShown(page)).toEqual({ bids: [], asks: ['10.30 300 1'] });
    expect(bookTold(await told(url, 'book/ACME'))).toEqual(await bookShown(page));
    await ownOn(page)
      .getByRole('row', { name: /sell 10\.30 300/ })
      .waitFor();
    await outcomeOn(page).getByRole('link', { name: 'Intention 1' }).click();
    await page.getByRole('heading', { name: 'Intention 1' }).waitFor();
    await page.getByRole('link', { name: 'alice' }).waitFor();
  });

  it('One that deals shows its deals, which lead to their views, and the trade is on the tape', async () => {
    const { url, market } = await servedMarket();
    const ask = { instrument: 'ACME', participant: 'alice', side: 'sell' } as const;
    await market.exchange.post({ ...ask, clientIntentionId: 's1', price: '10.30', quantity: '100' });
    await market.exchange.post({ ...ask, clientIntentionId: 's2', price: '10.31', quantity: '100' });
    const page = await browser.open(`${url}/market/ACME`);
    await postBy(page, { participant: 'bob', side: 'buy', price: '10.31', quantity: '150' });
    await outcomeOn(page)
      .getByText(/150 bought at 10\.30/)
      .waitFor();
    const deals = outcomeOn(page).getByRole('list', { name: 'Its deals' }).getByRole('listitem');
    expect(await deals.allInnerTexts()).toEqual(['1-1 100 at 10.30', '2-1 50 at 10.31']);
    await expect.poll(() => tapeShown(page)).toEqual(['buy 10.31 50', 'buy 10.30 100']);
    await expect.poll(() => bookShown(page)).toEqual({ bids: [], asks: ['10.31 50 1'] });
    await deals.first().getByRole('link').click();
    await page.getByRole('heading', { name: 'Deal 1-1' }).waitFor();
  });

  it('One at the market deals with what there is, and says what became of the rest', async () => {
    const { url, market } = await servedMarket();
    const ask = { instrument: 'ACME', participant: 'alice', side: 'sell' } as const;
    await market.exchange.post({ ...ask, clientIntentionId: 's1', price: '10.30', quantity: '100' });
    const page = await browser.open(`${url}/market/ACME`);
    await postBy(page, { participant: 'bob', side: 'buy', isMarket: true, quantity: '150' });
    await outcomeOn(page).getByText('Withdrawn: nobody was left to deal with; 100 bought at 10.30 of 150.').waitFor();
    await page.getByText('Nobody is here yet').waitFor();
  });

  it.each([
    ['outside of the band', '100.01', '1', 'Above the band: at most 100.00.'],
    ['off the tick', '10.305', '1', 'Not a multiple of the tick, 0.01: 10.30 or 10.31 would do.'],
    ['off the lot', '10.30', '0.5', 'Not a multiple of the lot, 1.'],
    ['not a number', 'ten', '1', 'Not a number.'],
  ])('What is %s is said at its field, and is not sent', async (_what, price, quantity, says) => {
    const { url, market } = await servedMarket();
    const page = await browser.open(`${url}/market/ACME`);
    await postBy(page, { participant: 'alice', side: 'buy', price, quantity });
    const wrong = page.locator('[aria-invalid=true]');
    await expect.poll(() => wrong.evaluate((input) => input === document.activeElement)).toBe(true);
    const id = (await wrong.getAttribute('aria-describedby')) ?? '';
    expect(await page.locator(`[id="${id.split(' ').at(-1) ?? ''}"]`).innerText()).toBe(says);
    expect(market.exchange.taken).toBe(0);
    await postBy(page, { price: '10.30', quantity: '1' });
    await outcomeOn(page).getByText('Open: 1 to buy at 10.30.').waitFor();
  });

  it('What the exchange refuses is said in its own words, with its code', async () => {
    const { url, market } = await servedMarket();
    await market.exchange.setLimits({ participant: 'alice', halted: true });
    const page = await browser.open(`${url}/market/ACME`);
    await postBy(page, { participant: 'alice', side: 'buy', price: '10.30', quantity: '1' });
    await outcomeOn(page).getByText('Refused.').waitFor();
    expect(await outcomeOn(page).locator('code').innerText()).toMatch(/HALTED/);
  });

  it('A price that is clicked in the ladder stands in the form', async () => {
    const { url, market } = await servedMarket();
    const post = { instrument: 'ACME', participant: 'alice', quantity: '100' } as const;
    await market.exchange.post({ ...post, clientIntentionId: 's1', side: 'sell', price: '10.30' });
    await market.exchange.post({ ...post, clientIntentionId: 'b1', side: 'buy', price: '10.20' });
    const page = await browser.open(`${url}/market/ACME`);
    const price = page.getByRole('textbox', { name: 'Price' });
    await page.getByRole('radio', { name: 'Market' }).check();
    await page.getByRole('button', { name: 'best bid 10.20: take it into the form' }).click();
    await expect.poll(() => price.inputValue()).toBe('10.20');
    await page.getByRole('button', { name: 'best ask 10.30: take it into the form' }).click();
    await expect.poll(() => price.inputValue()).toBe('10.30');
  });
});
