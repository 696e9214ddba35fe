import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ParleyClient } from '../../../src/client/client.js';
import { runInProcess } from '../../support/cli/in-process.js';
import { jsonLines } from '../../support/cli/parley.js';
import { Serving } from '../../support/cli/serving.js';
import { removeFolder, temporaryFolder } from '../../support/log/temporary-folder.js';
import { describeWith } from '../../support/needs/suite.js';
import { orderFlowFolder } from '../../support/needs/tools.js';
import { runs } from '../../support/property/runs.js';
import { Random } from '../../support/random.js';
import { SharedBrowser } from '../support/browser.js';
import { jump, ladderOn, positionsOn, standingOn, tapeOn } from '../support/shown.js';

const SYMBOL = '600519';
/** As many levels as the ladder has, and lines as the tape has. */
const [LEVELS, LINES] = [24, 50];
/** High enough for all levels. */
const SIZE = { width: 1_440, height: 1_800 };

const { numRuns } = runs(100);
const seed = Number(process.env.PARLEY_SEED ?? 20_230_207);

await describeWith(['chromium', 'orderflow'], 'the page and the command line', () => {
  const browser = SharedBrowser.forSuite();
  const folder = temporaryFolder();
  const data = path.join(folder, 'data');
  let serving: Serving | undefined;
  beforeAll(async () => {
    const day = path.join(orderFlowFolder, 'sse600519_20230207.txt.gz');
    expect((await runInProcess(['run', day, '--data', data])).code).toBe(0);
    serving = await Serving.start('--data', data);
  });
  afterAll(async () => {
    await serving?.end();
    removeFolder(folder);
  });

  const printed = async (at: number, ...args: readonly string[]): Promise<Record<string, unknown>[]> => {
    const { code, stdout, stderr } = await runInProcess([...args, '--at', String(at), '--data', data, '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return jsonLines(stdout);
  };

  const bookIsAsPrinted = async (page: Page, at: number): Promise<void> => {
    const [book = {}] = await printed(at, 'book', SYMBOL, '--depth', String(LEVELS));
    const { bids, asks } = book;
    await expect.poll(() => ladderOn(page)).toEqual({ bids, asks });
  };

  const tapeIsAsPrinted = async (page: Page, at: number): Promise<void> => {
    const deals = await printed(at, 'deals', '--limit', String(LINES));
    const lines = deals.map(({ takerSide, price, quantity, at: decidedAt }) => {
      return { takerSide, price, quantity, at: decidedAt };
    });
    await expect.poll(() => tapeOn(page)).toEqual(lines.reverse());
  };

  const positionsAreAsPrinted = async (page: Page, at: number): Promise<void> => {
    const positions = await printed(at, 'positions');
    const shown = async (): Promise<unknown> => (await positionsOn(page)).toSorted(byName);
    await expect.poll(shown).toEqual(positions.toSorted(byName));
  };

  it(`At ${numRuns} moments of a whole day in Shanghai (seed ${seed}) the page shows the book, deals and positions that the command line prints`, async () => {
    const url = serving?.url ?? '';
    const { position: head } = await new ParleyClient({ url }).history.moment({});
    const random = new Random(seed);
    const moments = Array.from({ length: numRuns }, () => random.between(1, head - 1));
    const market = await browser.open(`${url}/market/${SYMBOL}?at=${moments[0]}`, SIZE);
    const people = await browser.open(`${url}/participants?at=${moments[0]}`, SIZE);
    for (const at of moments) {
      for (const page of [market, people]) {
        await jump(page, at);
        await expect.poll(() => standingOn(page)).toBe(at);
      }
      await bookIsAsPrinted(market, at);
      await tapeIsAsPrinted(market, at);
      await positionsAreAsPrinted(people, at);
    }
    // The same moments by the way back.
    for (const at of moments.slice(0, -1).reverse().slice(0, 5)) {
      await market.goBack();
      await expect.poll(() => standingOn(market)).toBe(at);
      await bookIsAsPrinted(market, at);
    }
  });
});

function byName(one: object, other: object): number {
  return JSON.stringify(one).localeCompare(JSON.stringify(other));
}
