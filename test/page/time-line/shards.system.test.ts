import { expect, it } from 'vitest';
import { describeWith } from '../../support/needs/suite.js';
import { SharedBrowser } from '../support/browser.js';
import { servedShards, type ServedShards } from '../support/served-shards.js';
import { ladderOn, positionsOn, standingOn } from '../support/shown.js';

const shardOn = (url: string): string | null => new URL(url).searchParams.get('shard');
const chooser = 'Shard whose log the time line is of';

/** Each shard deals four times, one after the other: their logs are of different length, and hold different times at the same position. */
async function traded(): Promise<ServedShards & { readonly heads: readonly [number, number] }> {
  const served = await servedShards();
  await served.deal(0, 100);
  for (let price = 200; price < 204; price++) await served.deal(1, price);
  for (let price = 101; price < 103; price++) await served.deal(0, price);
  const { history } = served.client;
  const heads = [(await history.moment({ shard: 0 })).position, (await history.moment({ shard: 1 })).position] as const;
  return { ...served, heads };
}

await describeWith('chromium', 'the page of an exchange of several shards', () => {
  const browser = SharedBrowser.forSuite();

  it('Standing at a position of one shard, its things are as of that position, and all others as of the time then', async () => {
    const { url, client, symbols, heads } = await traded();
    const at = Math.floor(heads[1] / 2);
    const { at: atTime } = await client.history.moment({ at, shard: 1 });
    for (const [symbol, moment] of [
      [symbols[1], { at }],
      [symbols[0], { atTime }],
    ] as const) {
      const { bids, asks } = await client.market.book(symbol, { ...moment, depth: 24 });
      expect(bids.length).toBeGreaterThan(0);
      const page = await browser.open(`${url}/market/${symbol}?at=${at}&shard=1`, { height: 1_800 });
      await expect.poll(() => ladderOn(page)).toEqual({ bids, asks });
    }
    const people = await browser.open(`${url}/participants?at=${at}&shard=1`);
    const positions = await client.positions({ atTime, limit: 100 });
    expect(positions).toHaveLength(4);
    await expect.poll(async () => (await positionsOn(people)).toSorted(byText)).toEqual(positions.toSorted(byText));
  });

  it('The list of markets, the deals of a participant and the doubts of all shards are there at a moment of one', async () => {
    const { url, client, symbols, heads } = await traded();
    const at = heads[1] - 3;
    const { at: atTime } = await client.history.moment({ at, shard: 1 });
    const markets = await browser.open(`${url}/?at=${at}&shard=1`);
    for (const symbol of symbols) {
      const { last = '' } = await client.market.ticker(symbol, { atTime });
      await expect.poll(() => markets.getByRole('row', { name: symbol }).textContent()).toContain(last);
    }
    const alice = await browser.open(`${url}/participants/alice?at=${at}&shard=1`);
    const deals = await client.deals({ participant: 'alice', atTime });
    await expect.poll(() => alice.locator('table.own-deals tbody tr').count()).toBe(deals.length);
    const doubts = await browser.open(`${url}/doubts?at=${at}&shard=1`);
    await doubts
      .getByText('Nothing is in doubt')
      .or(doubts.getByText(/no .*promise/i))
      .first()
      .waitFor();
    expect(await doubts.getByRole('alert').count()).toBe(0);
  });

  it('The time line is that of the shard that is chosen; standing, the page goes to the same time of the other one', async () => {
    const { url, client, heads } = await traded();
    const page = await browser.open(url);
    const slider = page.getByRole('slider');
    await expect.poll(() => slider.getAttribute('max')).toBe(String(heads[0]));
    await page.getByLabel(chooser).selectOption('1');
    expect(shardOn(page.url())).toBe('1');
    await expect.poll(() => slider.getAttribute('max')).toBe(String(heads[1]));
    const at = Math.floor(heads[1] / 2);
    await page.goto(`${url}/?at=${at}&shard=1`);
    await page.locator('.time-where time').waitFor();
    const { at: atTime } = await client.history.moment({ at, shard: 1 });
    const { position } = await client.history.moment({ atTime, shard: 0 });
    expect(position).not.toBe(at);
    await page.getByLabel(chooser).selectOption('0');
    await expect.poll(() => standingOn(page)).toBe(position);
    expect(shardOn(page.url())).toBe('0');
    await page.goBack();
    await expect.poll(() => [standingOn(page), shardOn(page.url())]).toEqual([at, '1']);
    await page.getByRole('button', { name: 'One deal back' }).click();
    const { previousDeal } = await client.history.moment({ at, shard: 1 });
    await expect.poll(() => standingOn(page)).toBe(previousDeal);
  });

  it('A position of a deal, or in the reasons of an intention, leads to that moment of its own shard', async () => {
    const { url, client, symbols } = await traded();
    const [deal] = await client.deals({ instrument: symbols[1], limit: 1 });
    const page = await browser.open(`${url}/deals/${deal?.id ?? ''}`);
    const facts = page.locator('.deal-head .position');
    const position = Number(await facts.textContent());
    const events = page.getByRole('region', { name: 'Events' }).getByRole('listitem');
    await expect.poll(() => events.count()).toBe(7);
    await facts.click();
    expect([standingOn(page), shardOn(page.url())]).toEqual([position + 1, '1']);
    await page.getByText('confirmed', { exact: true }).waitFor();
    await page.goto(`${url}/intentions/${deal?.buyerIntention ?? ''}`);
    await page.getByRole('region', { name: 'Why' }).locator('.position').first().click();
    expect(shardOn(page.url())).toBe('1');
    await page.getByRole('heading', { name: /^Intention/ }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});

function byText(one: object, other: object): number {
  return JSON.stringify(one).localeCompare(JSON.stringify(other));
}
