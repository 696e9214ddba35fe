import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runInProcess } from '../../support/cli/in-process.js';
import { jsonLines } from '../../support/cli/parley.js';
import { Serving } from '../../support/cli/serving.js';
import { removeFolder, temporaryFolder } from '../../support/log/temporary-folder.js';
import { describeWith } from '../../support/needs/suite.js';
import { Random } from '../../support/random.js';
import { SERVER_GONE, SharedBrowser } from '../support/browser.js';
import { tradeInto } from '../support/demo-folder.js';
import { jump, ladderOn, standingOn } from '../support/shown.js';

const seed = Number(process.env.PARLEY_SEED ?? 11);

await describeWith('chromium', 'a log that is looked at as a file', () => {
  const browser = SharedBrowser.forSuite();
  const folder = temporaryFolder();
  const [data, exported] = [path.join(folder, 'data'), path.join(folder, 'log.ndjson')];
  let serving: Serving | undefined;
  let head = 0;
  beforeAll(async () => {
    await tradeInto(data, 2);
    expect((await runInProcess(['log', 'export', exported, '--data', data])).code).toBe(0);
    head = readFileSync(exported, 'utf8').trimEnd().split('\n').length;
    serving = await Serving.start('--data', data);
  });
  afterAll(async () => {
    await serving?.end();
    removeFolder(folder);
  });

  /** What the command line says of the log as it was exported, in JSON. */
  const told = async (...args: readonly string[]): Promise<Record<string, unknown>> => {
    const { stdout } = await runInProcess([...args, '--at', String(head), '--data', data, '--json']);
    return jsonLines(stdout)[0] ?? {};
  };

  const openFile = async (page: Page, file = exported): Promise<void> => {
    await page.getByLabel('Choose an exported log').setInputFiles(file);
    await page.getByRole('region', { name: 'The open file' }).getByText('Digest of the state').waitFor();
  };

  it('Its digests are those of a replay on the command line, its audit that of the command line, gzipped or not', async () => {
    const imported = path.join(folder, 'imported');
    expect((await runInProcess(['log', 'import', exported, '--data', imported])).code).toBe(0);
    const [replayed] = jsonLines((await runInProcess(['replay', '--data', imported, '--json'])).stdout);
    const audit = jsonLines((await runInProcess(['audit', '--data', imported, '--json'])).stdout).at(-1);
    const zipped = `${exported}.gz`;
    writeFileSync(zipped, gzipSync(readFileSync(exported)));
    const page = await browser.open(`${serving?.url ?? ''}/file`);
    for (const file of [exported, zipped]) {
      await openFile(page, file);
      const digests = page.locator('.file-digests code');
      expect(await digests.nth(0).textContent()).toBe(replayed?.stateDigest);
      expect(await digests.nth(1).textContent()).toBe(replayed?.batchDigest);
      await expect.poll(() => page.locator('.file-audit').textContent()).toContain('all is well');
      await page.getByRole('link', { name: 'what was looked at, and the findings' }).click();
      const figures = page.locator('.audit-result .figures');
      const { events, batches, intentions, deals, violations, notes, digest, anchor } = audit ?? {};
      for (const [name, count] of Object.entries({ events, batches, intentions, deals, violations, notes })) {
        const figure = figures.locator('div', { has: page.getByText(new RegExp(`^${name}$`, 'i')) }).locator('dd');
        expect((await figure.textContent())?.replace(/\D/g, '')).toBe(String(count));
      }
      const shown = page.locator('.audit-result .digest code');
      expect(await shown.allTextContents()).toEqual([digest, anchor]);
      await page.goBack();
    }
  });

  it(`Its books at random moments (seed ${seed}), a chart and the reasons are those of the server of the same log`, async () => {
    const url = serving?.url ?? '';
    const page = await browser.open(`${url}/file`, { height: 1_800 });
    const sent: string[] = [];
    await openFile(page);
    page.on('request', (request) => {
      if (request.method() !== 'GET' || request.postData() !== null) sent.push(`${request.method()} ${request.url()}`);
      const { pathname } = new URL(request.url());
      if (!/^\/(assets\/|v1\/(moment|caller)$)/.test(pathname)) sent.push(pathname);
    });
    await page.getByRole('navigation', { name: 'Views of the file' }).getByRole('link', { name: 'Market' }).click();
    await page.getByRole('row', { name: 'ACME' }).getByRole('link', { name: 'ACME' }).click();
    const random = new Random(seed);
    for (let moments = 0; moments < 5; moments++) {
      const at = random.between(100, head - 1);
      await jump(page, at);
      await expect.poll(() => standingOn(page)).toBe(at);
      const printed = await runInProcess([
        'book',
        'ACME',
        '--depth',
        '24',
        '--at',
        String(at),
        '--data',
        data,
        '--json',
      ]);
      const [{ bids, asks } = {}] = jsonLines(printed.stdout);
      await expect.poll(() => ladderOn(page)).toEqual({ bids, asks });
    }
    await page.getByRole('button', { name: 'End' }).click();
    const deals = jsonLines((await runInProcess(['deals', '--at', String(head), '--data', data, '--json'])).stdout);
    const { id, buyerIntention } = random.pick(deals);
    const served = await browser.open(`${url}/deals/${String(id)}?at=${head}`);
    await search(page, String(id));
    await expect.poll(() => rowsOf(page)).toEqual(await rowsOnce(served));
    await search(page, String(buyerIntention));
    await served.goto(`${url}/intentions/${String(buyerIntention)}?at=${head}`);
    const why = (of: Page) => of.getByRole('region', { name: 'Why' });
    await why(served).waitFor();
    await expect.poll(() => why(page).textContent()).toBe(await why(served).textContent());
    expect(await why(page).textContent()).toContain((await told('why', String(buyerIntention))).summary);
    expect(sent).toEqual([]);
  });

  it('With the server gone since the page was loaded, all views of a file are there', async () => {
    const own = await Serving.start('--data', path.join(folder, 'other'));
    const page = await browser.open(`${own.url}/file`, { allowed: SERVER_GONE });
    await openFile(page);
    await expect.poll(() => notLoaded(page)).toEqual([]);
    await own.end('SIGKILL');
    await page.getByRole('navigation', { name: 'Views of the file' }).getByRole('link', { name: 'Market' }).click();
    await page.getByRole('row', { name: 'ACME' }).getByRole('link', { name: 'ACME' }).click();
    await expect.poll(async () => (await ladderOn(page))?.bids.length).toBeGreaterThan(0);
    await page.locator('.chart-panel canvas').waitFor();
    for (const [link, heading] of [
      ['Log', 'Log'],
      ['In doubt', 'In doubt'],
      ['Participants', 'Participants'],
      ['Audit', 'Audit'],
    ] as const) {
      await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: link }).click();
      await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
    }
    await page.getByRole('status').getByText('All is well').waitFor();
    await search(page, '1');
    await page.getByRole('region', { name: 'Why' }).waitFor();
    await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Log' }).click();
    await expect.poll(() => page.locator('.log-rows li').count()).toBeGreaterThan(5);
    await page
      .locator('.log-stream', { hasText: /^deal / })
      .first()
      .click();
    await page.getByRole('heading', { name: /^Deal / }).waitFor();
    expect(await rowsOnce(page)).not.toEqual([]);
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('What is no whole log is said in words, with its line', async () => {
    const lines = readFileSync(exported, 'utf8').split('\n');
    const page = await browser.open(`${serving?.url ?? ''}/file`);
    const bytes = readFileSync(exported);
    const broken = {
      'empty.ndjson': [Buffer.alloc(0), /FILE_EMPTY/],
      'words.ndjson': [Buffer.from(`${lines.slice(0, 3).join('\n')}\nthis is no event\n`), /line 4: .*LINE_INVALID/is],
      'gap.ndjson': [Buffer.from([...lines.slice(0, 20), ...lines.slice(21)].join('\n')), /line 21: .*POSITION_GAP/is],
      'begins-late.ndjson': [Buffer.from(lines.slice(10).join('\n')), /line 1: .*POSITION_GAP/is],
      'cut.ndjson.gz': [gzipSync(bytes).subarray(0, 5_000), /line \d+: .*GZIP_DAMAGED/is],
      'picture.png': [Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe, 0, 1]), /line 1: .*NOT_TEXT/is],
    } as const;
    for (const [name, [buffer, says]] of Object.entries(broken)) {
      await page.getByLabel('Choose an exported log').setInputFiles({ name, mimeType: '', buffer });
      const alert = page.getByRole('alert').filter({ hasText: name });
      await alert.waitFor();
      expect(await alert.textContent()).toMatch(says);
    }
    const cut = bytes.subarray(0, bytes.indexOf('\n', bytes.length / 2) - 5);
    const last = cut.toString().split('\n').length;
    await page.getByLabel('Choose an exported log').setInputFiles({ name: 'cut.ndjson', mimeType: '', buffer: cut });
    await page.getByText(`The file ends within line ${last}, which is left out.`).waitFor();
  });
});

/** The modules of views that the browser does not have yet. */
async function notLoaded(page: Page): Promise<readonly string[]> {
  const loaded = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
  return ['other-views', 'candle-plot'].filter((module) => !loaded.some((name) => name.includes(`/assets/${module}-`)));
}

async function search(page: Page, text: string): Promise<void> {
  await page.getByLabel(/^Search:/).fill(text);
  await page.keyboard.press('Enter');
}

function rowsOf(page: Page): Promise<readonly (string | null)[]> {
  const rows = page.getByRole('listbox').getByRole('option');
  return rows.evaluateAll((all) => all.map((row) => row.getAttribute('aria-label')));
}

async function rowsOnce(page: Page): Promise<readonly (string | null)[]> {
  await page.getByRole('listbox').getByRole('option').first().waitFor();
  return rowsOf(page);
}
