import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { ParleyClient } from '../../../src/client/client.js';
import { describeWith } from '../../support/needs/suite.js';
import { SharedBrowser } from '../support/browser.js';
import { servedMarket } from '../support/served.js';
import { jump, ladderOn, standingOn } from '../support/shown.js';

/** Five deals at prices of their own, of which the last two come of an auction; carol’s buy of 90 rests. */
async function traded() {
  const { url, market } = await servedMarket();
  const client = new ParleyClient({ url });
  let posts = 0;
  const post = (participant: string, side: 'buy' | 'sell', price: string, quantity = '10') =>
    client.postIntention({
      ...{ clientIntentionId: `c-${++posts}`, instrument: 'ACME', participant, side, price, quantity },
    });
  const deal = async (price: string): Promise<void> => {
    await post('alice', 'sell', price);
    await post('bob', 'buy', price);
  };
  await post('carol', 'buy', '9.00', '90');
  for (const price of ['10.00', '10.10', '10.20']) await deal(price);
  await client.changePhase('ACME', 'call');
  await post('alice', 'sell', '10.30');
  await post('dave', 'sell', '10.30');
  await post('bob', 'buy', '10.40', '20');
  await client.uncross('ACME');
  return { url, market, client, post, deal, head: (await client.history.moment()).position };
}

const slider = (page: Page) => page.getByRole('slider');
const live = (page: Page) => page.getByRole('button', { name: 'Live' });

await describeWith('chromium', 'the time line', () => {
  const browser = SharedBrowser.forSuite();

  /** Opens the page and waits until it knows the log. */
  const opened = async (url: string, head: number, allowed?: RegExp): Promise<Page> => {
    const page = await browser.open(url, allowed === undefined ? {} : { allowed });
    await expect.poll(() => slider(page).getAttribute('max')).toBe(String(head));
    return page;
  };

  it('Dragged, the page goes along, and its address changes once it is let go', async () => {
    const { url, head, client } = await traded();
    const page = await opened(`${url}/market/ACME`, head);
    const { x, y, width, height } = (await slider(page).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.move(x + width - 4, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.7, y + height / 2, { steps: 5 });
    await page.locator('.time-line.standing').waitFor();
    await page.mouse.move(x + width * 0.4, y + height / 2, { steps: 5 });
    expect(standingOn(page)).toBeUndefined();
    const at = Number(await slider(page).inputValue());
    expect(at).toBeGreaterThan(0.3 * head);
    expect(at).toBeLessThan(0.5 * head);
    const { bids, asks } = await client.market.book('ACME', { at });
    await expect.poll(() => ladderOn(page)).toEqual({ bids, asks });
    await page.mouse.up();
    await expect.poll(() => standingOn(page)).toBe(at);
    await expect.poll(() => ladderOn(page)).toEqual({ bids, asks });
  });

  it('A moment for which the exchange has no time at first is shown once it has', async () => {
    const { url, head, client } = await traded();
    const page = await opened(url, head, /503/);
    let refusals = 0;
    await page.route('**/v1/book/**', (route) => {
      if (++refusals > 2) return route.continue();
      const problem = { status: 503, code: 'OVERLOADED', detail: 'too many looks at once' };
      return route.fulfill({ status: 503, contentType: 'application/problem+json', json: problem });
    });
    const at = head - 2;
    await page.goto(`${url}/market/ACME?at=${at}`);
    await page.getByText('Too many looks at once.').first().waitFor();
    const { bids, asks } = await client.market.book('ACME', { at });
    await expect.poll(() => ladderOn(page)).toEqual({ bids, asks });
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(refusals).toBeGreaterThan(2);
  });

  it('The arrow keys move the slider, each to another moment; back and forward go through them', async () => {
    const { url, head } = await traded();
    const page = await opened(url, head);
    await slider(page).focus();
    const moments = [head - 1, head - 2, 0, 1];
    for (const [index, key] of ['ArrowLeft', 'ArrowLeft', 'Home', 'ArrowRight'].entries()) {
      await page.keyboard.press(key);
      await expect.poll(() => standingOn(page)).toBe(moments[index]);
    }
    for (const at of [0, head - 2, head - 1, undefined]) {
      await page.goBack();
      await expect.poll(() => standingOn(page)).toBe(at);
      await expect.poll(() => slider(page).inputValue()).toBe(String(at ?? head));
    }
    for (const at of moments) {
      await page.goForward();
      await expect.poll(() => slider(page).inputValue()).toBe(String(at));
    }
    await page.keyboard.press('End');
    await expect.poll(() => standingOn(page)).toBeUndefined();
  });

  it('A step by event, batch or deal goes where the exchange says, up to the end, where the page is live again', async () => {
    const { url, head, client } = await traded();
    const page = await opened(url, head);
    const press = (unit: string, way: string) => page.getByRole('button', { name: `One ${unit} ${way}` }).click();
    for (const [unit, back, on] of [
      ['batch', 'previousBatch', 'nextBatch'],
      ['deal', 'previousDeal', 'nextDeal'],
    ] as const) {
      await page.getByLabel('What a step is').selectOption(unit);
      let at = head;
      for (let steps = 0; steps < 3; steps++) {
        const to = (await client.history.moment({ at }))[back];
        await press(unit, 'back');
        await expect.poll(() => standingOn(page)).toBe(to);
        at = to ?? -1;
      }
      while (standingOn(page) !== undefined) {
        const to = (await client.history.moment({ at }))[on];
        await press(unit, 'on');
        const isEnd = to === undefined || to >= head;
        await expect.poll(() => standingOn(page)).toBe(isEnd ? undefined : to);
        at = to ?? -1;
      }
    }
    await page.getByLabel('What a step is').selectOption('event');
    await press('event', 'back');
    await press('event', 'back');
    await expect.poll(() => standingOn(page)).toBe(head - 2);
    await press('event', 'on');
    await press('event', 'on');
    await expect.poll(() => standingOn(page)).toBeUndefined();
  });

  it('The keys step from where the log ends by now, not from where it ended when the page was opened', async () => {
    const { url, head, deal, client } = await traded();
    const page = await opened(url, head);
    await client.changePhase('ACME', 'continuous');
    await deal('10.50');
    const { position: now, previousDeal } = await client.history.moment();
    await expect.poll(() => slider(page).getAttribute('max')).toBe(String(now));
    await page.keyboard.press(',');
    await expect.poll(() => standingOn(page)).toBe(now - 1);
    await page.keyboard.press('l');
    await expect.poll(() => standingOn(page)).toBeUndefined();
    await page.keyboard.press('[');
    await expect.poll(() => standingOn(page)).toBe(previousDeal);
    await page.keyboard.press('.');
    await expect.poll(() => standingOn(page)).toBe((previousDeal ?? 0) + 1);
  });

  it('Deals, restarts and auctions are marked where they are', async () => {
    const { url, head, client } = await traded();
    const page = await opened(url, head);
    const { marks } = await client.history.timeline();
    expect(marks.map(({ kind }) => kind)).toEqual(['restart', 'auction']);
    const drawn = page.locator('.density-mark');
    await expect.poll(() => drawn.count()).toBe(marks.length);
    const places = await drawn.evaluateAll((lines) => lines.map((line) => Number(line.getAttribute('x1'))));
    expect(places).toEqual(marks.map(({ position }) => (1_000 * position) / head));
    expect(await drawn.last().textContent()).toContain('Auction of ACME: 20 at');
    const bars = (await page.locator('.density-bars').getAttribute('d')) ?? '';
    expect(bars.match(/M/g)).toHaveLength(
      (await client.history.timeline({ buckets: 240 })).deals.filter(Boolean).length,
    );
  });

  it('One can go to a position and to a time; what lies beyond the head, or is neither, is said', async () => {
    const { url, head, client } = await traded();
    const page = await opened(url, head, /409/);
    await jump(page, 5);
    await expect.poll(() => standingOn(page)).toBe(5);
    const [, , deal] = await client.deals();
    await jump(page, deal?.at ?? '');
    const { position } = await client.history.moment({ atTime: deal?.at });
    await expect.poll(() => standingOn(page)).toBe(position);
    await jump(page, head + 1);
    const alert = page.locator('.jump').getByRole('alert');
    await expect.poll(() => alert.textContent()).toContain(String(head));
    await page.getByLabel('Position or time').fill('yesterday');
    await page.keyboard.press('Enter');
    await expect.poll(() => alert.textContent()).toContain('A position such as');
    expect(standingOn(page)).toBe(position);
    await page.keyboard.press('Escape');
    await live(page).click();
    await expect.poll(() => standingOn(page)).toBeUndefined();
  });

  it('At a moment each view shows what there was then, and live what there is', async () => {
    const { url, head, client } = await traded();
    const [first, second] = await client.deals();
    const at = (first?.position ?? 0) + 1;
    const page = await opened(`${url}/?at=${at}`, head);
    const row = page.getByRole('row', { name: 'ACME' });
    await expect.poll(() => row.textContent()).toContain('10.00');
    await row.getByRole('link', { name: 'ACME' }).click();
    const { bids, asks } = await client.market.book('ACME', { at });
    await expect.poll(() => ladderOn(page)).toEqual({ bids, asks });
    await expect.poll(() => page.locator('.tape tbody tr').count()).toBe(1);
    await page.getByRole('link', { name: 'Participants' }).click();
    await page.getByRole('link', { name: 'bob', exact: true }).click();
    await expect.poll(() => page.locator('table.own-deals tbody tr').count()).toBe(1);
    expect(await page.locator('table.positions .net').textContent()).toContain('10');
    await page.getByRole('link', { name: first?.id ?? '', exact: true }).click();
    await page.getByText('confirmed', { exact: true }).waitFor();
    expect(standingOn(page)).toBe(at);
    await page.getByRole('link', { name: `intention ${first?.buyerIntention ?? ''}`, exact: true }).click();
    await page.getByText('filled', { exact: true }).first().waitFor();
    await live(page).click();
    await page.getByRole('link', { name: 'Participants' }).click();
    await page.getByRole('link', { name: 'bob', exact: true }).click();
    await expect.poll(() => page.locator('table.own-deals tbody tr').count()).toBe(5);
    const later = await browser.open(`${url}/deals/${second?.id ?? ''}?at=${at}`, { allowed: /404/ });
    await later.getByRole('alert').getByText('UNKNOWN_DEAL').waitFor();
  });
});
