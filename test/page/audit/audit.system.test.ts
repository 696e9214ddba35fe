import path from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it, onTestFinished } from 'vitest';
import { auditLog } from '../../../projections/audit/audit-log.js';
import type { Event, RecordedEvent } from '../../../src/events/event.js';
import { runInProcess } from '../../support/cli/in-process.js';
import { jsonLines } from '../../support/cli/parley.js';
import { Serving } from '../../support/cli/serving.js';
import { deskOf, FedQueries } from '../../support/http/fed-queries.js';
import { keyFile } from '../../support/http/key-file.js';
import { listen, openMarket } from '../../support/http/market.js';
import { temporaryFolder, removeFolder } from '../../support/log/temporary-folder.js';
import { Sealer } from '../../support/log/batches.js';
import { MemoryLog } from '../../support/log/memory-log.js';
import { describeWith } from '../../support/needs/suite.js';
import { eventsIn } from '../../support/reference/exchange-harness.js';
import { SharedBrowser } from '../support/browser.js';
import { tradeInto } from '../support/demo-folder.js';
import { builtPage } from '../support/served.js';
import { standingOn } from '../support/shown.js';

const audit = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Start the audit' }).click();
  await page.locator('.audit-verdict').waitFor();
};

/** Events, batches, intentions, deals, violations, notes. */
const figuresOn = async (page: Page): Promise<readonly number[]> => {
  const texts = await page.locator('.audit-result .figures dd').allTextContents();
  return texts.map((text) => Number(text.replace(/\D/g, '')));
};

await describeWith('chromium', 'the view of the audit', () => {
  const browser = SharedBrowser.forSuite();

  it('Of a log that is served, it finds what the audit of the command line finds', async () => {
    const data = path.join(temporaryFolder(), 'data');
    onTestFinished(() => removeFolder(path.dirname(data)));
    await tradeInto(data, 2);
    const serving = await Serving.start('--data', data);
    onTestFinished(async () => {
      await serving.end();
    });
    const page = await browser.open(`${serving.url}/audit`);
    await audit(page);
    const summary = jsonLines((await runInProcess(['audit', '--data', data, '--json'])).stdout).at(-1);
    expect(await page.locator('.audit-verdict h2').textContent()).toBe('All is well');
    const { digest, anchor, events, batches, intentions, deals, violations, notes } = summary ?? {};
    expect(await page.locator('.audit-result .digest code').allTextContents()).toEqual([digest, anchor]);
    expect(await figuresOn(page)).toEqual([events, batches, intentions, deals, violations, notes]);
    await page.getByLabel('Compare with a digest or an anchor').fill(String(anchor));
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByText('✓ The same.').waitFor();
  });

  it('A deal at another price than the rules give is found, and its position leads to the log at that moment', async () => {
    const market = await openMarket();
    const post = { instrument: 'ACME', price: '10.30', quantity: '100' } as const;
    await market.exchange.post({ ...post, clientIntentionId: 's1', participant: 'alice', side: 'sell' });
    await market.exchange.post({ ...post, clientIntentionId: 'b1', participant: 'bob', side: 'buy' });
    const log = await altered(await eventsIn(market.log));
    const store = new FedQueries(log);
    onTestFinished(() => store.end());
    const stores = deskOf(new Map([[0, store]]));
    const { url } = await listen(market, { page: builtPage(), logs: [log], stores });
    const page = await browser.open(`${url}/audit`);
    await audit(page);
    expect(await page.locator('.audit-verdict h2').textContent()).toBe('The log breaks its rules');
    const places = page.getByRole('list', { name: 'Findings' }).getByRole('link');
    const found = (await places.allTextContents()).map((text) => Number(text.replace(/\D/g, '')));
    const promised = (await eventsIn(log)).find(({ event }) => event.type === 'ProposalMade');
    const position = promised?.position ?? -1;
    expect(found).toContain(position);
    const { violationCount, noteCount } = await auditLog(log);
    expect((await figuresOn(page)).slice(-2)).toEqual([violationCount, noteCount]);
    const place = places.nth(found.indexOf(position));
    await place.click();
    await expect.poll(() => standingOn(page)).toBe(position + 1);
    const marked = page.locator('.log-row.marked');
    await marked.waitFor();
    expect(await marked.textContent()).toContain('ProposalMade');
    await page.goBack();
    await page.locator('.audit-verdict').waitFor();
  });

  it('An audit that runs can be stopped, and begun again', async () => {
    const market = await openMarket();
    const { url } = await listen(market, { page: builtPage() });
    const page = await browser.open(`${url}/audit`);
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    await page.context().route('**/v1/events**', async (route) => {
      await held;
      await route.continue().catch(() => undefined); // it was given up
    });
    await page.getByRole('button', { name: 'Start the audit' }).click();
    await page.getByRole('progressbar').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText(/^Stopped after/).waitFor();
    letGo();
    await page.getByRole('button', { name: 'Audit again' }).click();
    await expect.poll(() => page.locator('.audit-verdict h2').textContent()).toBe('All is well');
  });

  it('A participant is not offered it: not in the navigation, and not at its address', async () => {
    const market = await openMarket();
    const file = await keyFile();
    const { url } = await listen(market, { page: builtPage(), keyFile: file });
    const page = await browser.open(url, { allowed: /401/ });
    await page.evaluate(() => sessionStorage.setItem('parley-key', 'alices-key'));
    await page.goto(`${url}/audit`);
    await page.getByText('An audit needs the whole log').waitFor();
    expect(await page.getByRole('button', { name: /audit/i }).count()).toBe(0);
    const views = page.getByRole('navigation', { name: 'Views' });
    await views.getByRole('link', { name: 'Participants' }).waitFor();
    expect(await views.getByRole('link', { name: 'Audit' }).count()).toBe(0);
  });
});

/** The same batches, sealed again over what was changed in them. */
async function altered(events: readonly RecordedEvent[]): Promise<MemoryLog> {
  const log = new MemoryLog();
  const writer = await log.open();
  const sealer = new Sealer();
  const batch: Event[] = [];
  for (const { event } of events) {
    if (event.type !== 'BatchSealed') batch.push(changed(event));
    else await writer.append(sealer.seal(batch.splice(0)));
  }
  await writer.close();
  return log;
}

/** The first promise is another price than its intentions allow. */
function changed(event: Event): Event {
  return event.type === 'ProposalMade' ? { ...event, priceTicks: event.priceTicks + 500 } : event;
}
