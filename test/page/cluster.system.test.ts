import type { Page } from 'playwright-core';
import { expect, it, onTestFinished } from 'vitest';
import type { Cluster } from '../../src/client/cluster-types.js';
import { startServer } from '../../src/server/server.js';
import type { Timeline } from '../../src/web/source/source.js';
import { openShards } from '../support/http/shards.js';
import { describeWith } from '../support/needs/suite.js';
import { told } from './support/asking.js';
import { SharedBrowser } from './support/browser.js';
import { cellsOf, plain } from './support/figures.js';
import { builtPage, servedMarket } from './support/served.js';

/** Of each shard: its number, its state, its writer’s epoch and the position of its end. */
async function shardsOn(page: Page): Promise<readonly string[]> {
  const rows = await cellsOf(page.locator('table.shards tbody tr'));
  return rows.map(([shard, state, epoch, head = '']) => [shard, state, epoch, head.split(' +')[0]].join(' '));
}

/** The same, as the API has it. */
async function shardsTold(url: string): Promise<readonly string[]> {
  const { shards } = await told<Cluster>(url, 'cluster');
  return shards.map(({ shard, state, epoch, position }) => [shard, state, epoch, position].join(' '));
}

await describeWith('chromium', 'the cluster on the page', () => {
  const browser = SharedBrowser.forSuite();

  it('One server alone is said to be that, with its shard, when its writer began, and how it does', async () => {
    const { url, market } = await servedMarket();
    const page = await browser.open(`${url}/cluster`);
    await page.getByText('One server, alone, has the one shard.').waitFor();
    const shards = page.getByRole('region', { name: 'Shards' });
    const head = async (): Promise<string> =>
      plain((await shards.locator('tbody td').nth(2).innerText()).split(' ')[0] ?? '');
    const position = async (): Promise<string> =>
      String((await told<Cluster>(url, 'cluster')).shards[0]?.position ?? '');
    await expect.poll(head).toBe(await position());
    await market.exchange.list({ symbol: 'GLOBEX', tickSize: '1', lotSize: '1' });
    await expect.poll(head).toBe(await position());
    const restarts = page.getByRole('region', { name: 'Take-overs and restarts' }).getByRole('listitem');
    expect(await restarts.allInnerTexts()).toEqual([expect.stringContaining('epoch 1')]);
    await expect
      .poll(() => page.getByRole('region', { name: 'The log' }).getByRole('group').first().innerText())
      .toMatch(/\d/);
  });

  it('Of several shards the time line is that of the one that the address names, also after a step', async () => {
    const shards = await openShards(3);
    await shards.list(2, 'GLOBEX');
    await shards.post(2, { instrument: 'GLOBEX', participant: 'alice', side: 'sell', price: '10', quantity: '3' });
    await shards.post(2, { instrument: 'GLOBEX', participant: 'bob', side: 'buy', price: '10', quantity: '1' });
    const server = await startServer({ ...shards.deps, port: 0, stopMs: 500, page: builtPage() });
    onTestFinished(() => server.stop());
    const page = await browser.open(`${server.url}/cluster?shard=2`);
    await expect.poll(() => shardsOn(page)).toEqual(await shardsTold(server.url));
    const slider = page.getByRole('slider', { name: 'Moment: position in the log' });
    const { position } = await told<Timeline>(server.url, 'timeline?shard=2');
    await expect.poll(() => slider.getAttribute('max')).toBe(String(position));
    await page.keyboard.press(',');
    await expect.poll(() => new URL(page.url()).search).toBe(`?shard=2&at=${position - 1}`);
    await page.getByText('What is here is of now, wherever the page stands').waitFor();
    await page.goto(`${server.url}/cluster?shard=1`);
    const other = await told<Timeline>(server.url, 'timeline?shard=1');
    await expect.poll(() => slider.getAttribute('max')).toBe(String(other.position));
    expect(other.position).not.toBe(position);
  });
});
