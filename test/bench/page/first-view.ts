import type { Browser } from 'playwright-core';
import { median, rounded } from '../statistics.js';
import type { FirstView } from './page-probe.js';
import { until } from './until.js';
import { WatchedPage } from './watched-page.js';

const SLOWER = 4;

/** How long it takes from the navigation to the first row of the market list, with nothing cached and a processor a quarter as fast. */
export async function firstView(browser: Browser, probe: string, url: string, loads: number): Promise<object> {
  const views: FirstView[] = [];
  for (let load = 0; load < loads; load++) views.push(await viewOnce(browser, probe, url));
  const middle = (name: keyof FirstView): number => rounded(median(views.map((view) => view[name])));
  return {
    firstViewMs: middle('contentMs'),
    firstPaintMs: middle('firstPaintMs'),
    largestPaintMs: middle('largestPaintMs'),
    blockedMs: middle('blockedMs'),
    firstViewBytes: middle('bytes'),
  };
}

async function viewOnce(browser: Browser, probe: string, url: string): Promise<FirstView> {
  const watched = await WatchedPage.open(browser, probe);
  try {
    await watched.slowDown(SLOWER);
    await watched.page.goto(url, { waitUntil: 'commit' });
    return await until('the first view', () => watched.ask('firstView'));
  } finally {
    await watched.close();
  }
}
