import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { ParleyClient } from '../../../src/client/client.js';
import { Serving } from '../../support/cli/serving.js';
import { removeFolder, temporaryFolder } from '../../support/log/temporary-folder.js';
import { describeWith } from '../../support/needs/suite.js';
import { Random } from '../../support/random.js';
import { SERVER_GONE, SharedBrowser } from '../support/browser.js';
import { servedMarket } from '../support/served.js';
import { ladderOn } from '../support/shown.js';

/** What a browser says of a server that is gone, or not ready yet. */
const GONE = new RegExp(`503|${SERVER_GONE.source}`);
const KILLS = 10;
const POSTS = 25;
const SYMBOL = 'ACME';

const presence = (page: Page) => page.locator('.presence');

/** A server that is killed and started again on its port and its folder. */
class Restarted {
  private constructor(
    private serving: Serving,
    private readonly data: string,
    private readonly port: string,
  ) {}

  static async begin(data: string): Promise<Restarted> {
    const serving = await Serving.start('--data', data);
    return new Restarted(serving, data, new URL(serving.url).port);
  }

  get url(): string {
    return this.serving.url;
  }

  end(signal: NodeJS.Signals): Promise<number> {
    return this.serving.end(signal);
  }

  async again(): Promise<void> {
    this.serving = await Serving.start('--data', this.data, '--port', this.port);
  }
}

/** Posts one intention after the other; each is sent again by its client id until it is answered, whatever happens to the server. */
class Poster {
  private readonly client: ParleyClient;
  private posts = 0;

  constructor(
    url: string,
    private readonly random: Random,
  ) {
    this.client = new ParleyClient({ url, retry: { attempts: 1_000, baseMs: 20, maxMs: 200 } });
  }

  async post(count: number): Promise<void> {
    for (let posts = 0; posts < count; posts++) {
      const side = this.random.chance(1, 2) ? 'buy' : 'sell';
      await this.client.postIntention({
        ...{ clientIntentionId: `p-${++this.posts}`, participant: this.random.pick(['alice', 'bob', 'carol']) },
        ...{ instrument: SYMBOL, side, price: String(this.random.between(95, 105)), quantity: '10' },
      });
    }
  }
}

await describeWith('chromium', 'the page while its server is away', () => {
  const browser = SharedBrowser.forSuite();
  const folder = temporaryFolder();
  let server: Restarted | undefined;
  afterEach(async () => {
    await server?.end('SIGKILL');
    server = undefined;
    removeFolder(folder);
  });

  const begin = async (): Promise<{ server: Restarted; client: ParleyClient }> => {
    server = await Restarted.begin(path.join(folder, 'data'));
    const client = new ParleyClient({ url: server.url, retry: { attempts: 1_000, baseMs: 20, maxMs: 200 } });
    await client.putInstrument(SYMBOL, { tickSize: '1', lotSize: '1' });
    return { server, client };
  };

  it(`Its server is killed ${KILLS} times while a program posts: it says so, keeps what it has, comes back, and misses no event`, async () => {
    const { server: own, client } = await begin();
    const poster = new Poster(own.url, new Random(7));
    await poster.post(POSTS);
    const log = await browser.open(`${own.url}/log`, { allowed: GONE });
    const market = await browser.open(`${own.url}/market/${SYMBOL}`, { allowed: GONE, height: 1_800 });
    await expect.poll(() => log.locator('.log-rows li').count()).toBeGreaterThan(0);
    await expect.poll(() => market.locator('.ladder tr.level').count()).toBeGreaterThan(0);
    for (let kills = 0; kills < KILLS; kills++) {
      const posting = poster.post(POSTS);
      const before = await client.history.moment();
      await expect.poll(async () => (await client.history.moment()).position).toBeGreaterThan(before.position + 5);
      await own.end('SIGKILL');
      for (const page of [log, market]) await expect.poll(() => presence(page).textContent()).toBe('away');
      await log.getByRole('alert').getByText('The exchange does not answer.').waitFor();
      expect(await log.locator('.log-rows li').count()).toBeGreaterThan(0);
      expect(await market.locator('.ladder tr.level').count()).toBeGreaterThan(0);
      await own.again();
      await posting;
      for (const page of [log, market]) await expect.poll(() => presence(page).textContent()).toBe('live');
      const { bids, asks } = await client.market.book(SYMBOL, { depth: 24 });
      await market.bringToFront(); // what is behind another page is not drawn
      await expect.poll(() => ladderOn(market)).toEqual({ bids, asks });
      const { position } = await client.history.moment();
      await log.bringToFront();
      await expect.poll(() => lastShown(log)).toBe(position - 1);
    }
    const { position: head } = await client.history.moment();
    await log.getByRole('button', { name: 'Following' }).click();
    const shown = await shownPositions(log);
    const [first = -1] = shown;
    expect(first).toBeLessThan(POSTS * 5);
    expect(shown).toEqual(Array.from({ length: head - first }, (_, index) => first + index));
  });

  it('A server that is stopped as it should be and started again is away and back in the same way', async () => {
    const { server: own, client } = await begin();
    const page = await browser.open(`${own.url}/market/${SYMBOL}`, { allowed: GONE, height: 1_800 });
    await page.getByText('Nobody is here yet').waitFor();
    await own.end('SIGTERM');
    await expect.poll(() => presence(page).textContent()).toBe('away');
    await own.again();
    await new Poster(own.url, new Random(3)).post(5);
    await expect.poll(() => presence(page).textContent()).toBe('live');
    const { bids, asks } = await client.market.book(SYMBOL, { depth: 24 });
    await expect.poll(() => ladderOn(page)).toEqual({ bids, asks });
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('A server that is there and still opens its log is said to be starting, and the page begins when it has', async () => {
    let isStarting = true;
    const { url } = await servedMarket({ starting: () => isStarting });
    const page = await browser.open(url, { allowed: /503/ });
    await expect.poll(() => presence(page).textContent()).toBe('starting');
    await page.getByRole('alert').getByText('The exchange is starting').waitFor();
    isStarting = false;
    await page.getByRole('row', { name: 'ACME' }).waitFor();
    expect(await presence(page).textContent()).toBe('live');
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('While the store is behind its log, what is shown stays and the page says that it waits; then it goes on', async () => {
    const { url, market } = await servedMarket({ catchUpMs: 100 });
    const page = await browser.open(`${url}/participants`, { allowed: /503/ });
    await page
      .getByText(/nobody|no participant/i)
      .first()
      .waitFor();
    market.store.hold();
    const post = { instrument: 'ACME', price: '10.30', quantity: '100' } as const;
    await market.exchange.post({ ...post, clientIntentionId: 's1', participant: 'alice', side: 'sell' });
    await expect.poll(() => presence(page).textContent()).toBe('starting');
    market.store.release();
    await expect.poll(() => presence(page).textContent()).toBe('live');
    await page.getByRole('link', { name: 'alice' }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});

async function lastShown(page: Page): Promise<number> {
  const text = await page.locator('.log-rows li .log-position').last().textContent();
  return Number(text?.replace(/\D/g, '') ?? -1);
}

/** All positions that the paused log holds, from its first to its last, gathered while it is scrolled back from its end. */
async function shownPositions(page: Page): Promise<readonly number[]> {
  const scroller = page.locator('.log-scroller');
  const rows = page.locator('.log-rows li .log-position');
  const held = Number(
    /^([\d\u202f]+) events/.exec((await page.locator('.log-held').textContent()) ?? '')?.[1]?.replace(/\D/g, ''),
  );
  const pieces: number[][] = [];
  let isFirst = false;
  while (!isFirst) {
    const positions = await rows.evaluateAll((all) => all.map((row) => Number(row.textContent.replace(/\D/g, ''))));
    pieces.unshift(positions);
    // Each piece is gathered once: what stands before the rows that are in the document is scrolled to next.
    isFirst = await scroller.evaluate((element) => {
      const isTop = element.scrollTop === 0;
      element.scrollTop -= element.clientHeight / 2;
      return isTop;
    });
    await expect.poll(() => scroller.evaluate(isCovered)).toBe(true);
  }
  expect(held).toBeGreaterThan(0);
  return joined(pieces);
}

/** Whether the rows in the document reach over all that is seen of their list: they are drawn a moment after a scroll. */
function isCovered(scroller: Element): boolean {
  const box = (selector: string): DOMRect =>
    scroller.querySelector(selector)?.getBoundingClientRect() ?? new DOMRect(0, 0, 0, 0);
  const { top, bottom } = scroller.getBoundingClientRect();
  const [head, foot] = [box('.log-end.head'), box('.log-end.foot')];
  const [first, last] = [box('.log-rows li:first-child'), box('.log-rows li:last-child')];
  return first.top <= Math.max(top, head.bottom) + 1 && last.bottom >= Math.min(bottom, foot.top) - 1;
}

/** Pieces that overlap, as one; each must be without a gap, and hold nothing twice. */
function joined(pieces: readonly (readonly number[])[]): readonly number[] {
  const all: number[] = [];
  for (const piece of pieces) {
    expect(piece).toEqual(piece.map((_, index) => (piece[0] ?? 0) + index));
    all.push(...piece.filter((position) => position > (all.at(-1) ?? -1)));
  }
  return all;
}
