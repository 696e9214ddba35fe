/** The page in a real browser, watched: whatever it complains of fails the test. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { launchBrowser } from '../../support/needs/launch-browser.js';
import { PATIENCE_MS } from '../../support/patience.js';

/** What a browser says of a server that ended, before, while or after it was asked. */
export const SERVER_GONE =
  /ERR_(CONNECTION_(REFUSED|RESET|CLOSED|ABORTED)|EMPTY_RESPONSE|INCOMPLETE|SOCKET_NOT_CONNECTED)|WebSocket connection/;

/** One browser for all tests of a file; each page has a profile of its own. */
export class SharedBrowser {
  private browser: Browser | undefined;

  static forSuite(): SharedBrowser {
    const shared = new SharedBrowser();
    beforeAll(async () => {
      shared.browser = await launchBrowser();
    });
    afterAll(async () => shared.browser?.close());
    return shared;
  }

  /** Opens an address. When the test is over, nothing may have been complained of but what `allowed` fits. */
  async open(url: string, options: PageOptions = {}): Promise<Page> {
    if (this.browser === undefined) throw new Error('the browser has not been started');
    const { context, page, problems } = await openWatched(this.browser, options);
    onTestFinished(async () => {
      await context.close();
      expect(problems.filter((each) => options.allowed?.test(each) !== true)).toEqual([]);
    });
    await page.goto(url);
    return page;
  }
}

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly isDark?: boolean;
  /** Complaints that the test expects. */
  readonly allowed?: RegExp;
}

interface Watched {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors of scripts and of the console, and reports of the policy, as they come. */
  readonly problems: readonly string[];
}

export async function openWatched(
  browser: Browser,
  { width = 1_440, height = 900, isDark = false }: PageOptions = {},
): Promise<Watched> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: isDark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', ({ message }) => problems.push(`error: ${message}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(`console: ${message.text()}`);
  });
  await page.exposeFunction('toldOfViolation', (what: string) => problems.push(`policy: ${what}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      (globalThis as unknown as { toldOfViolation: (what: string) => void }).toldOfViolation(
        `${violatedDirective} ${blockedURI}`,
      ); // exposed above
    });
  });
  return { context, page, problems };
}
