import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { say } from '../../support/rig.js';
import { openWatched } from '../support/browser.js';
import { contactSheet } from './contact-sheet.js';
import type { Exchanges, Facts } from './exchanges.js';
import type { Shot } from './shots.js';
import { smaller } from './smaller-png.js';

const WIDTHS = [390, 1_440];
const HEIGHTS: Readonly<Record<number, number>> = { 390: 844, 1_440: 900, 2_560: 1_440 };
const THEMES = ['light', 'dark'] as const;
type Theme = (typeof THEMES)[number];
/** What moves has come to rest by then; of a picture nobody is harmed where it has not. */
const REST_MS = 500;
const PATIENCE_MS = 10_000;

/** What is not there is asked for too. */
const EXPECTED = /Failed to load resource|WebSocket connection/;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** One that is taken in a size of its own, and not in the usual ones. */
export interface SizedShot extends Shot {
  readonly size?: Size;
}

/** Takes pictures: NAME-WIDTH-THEME.png, or NAME-THEME.png of those that have a size of their own. */
export class Photographer {
  constructor(
    private readonly browser: Browser,
    private readonly exchanges: Exchanges,
    private readonly folder: string,
  ) {}

  /** All of them, in each size and theme; what goes wrong is said, and the others are taken. */
  async take(shots: readonly SizedShot[]): Promise<void> {
    const taken: (readonly [string, readonly string[]])[] = [];
    for (const shot of shots) {
      const names: string[] = [];
      for (const { width, height } of sizesOf(shot))
        for (const theme of THEMES) {
          const name = shot.size === undefined ? `${shot.name}-${width}-${theme}.png` : `${shot.name}-${theme}.png`;
          const problems = await this.takeOne(shot, { width, height }, theme, name);
          names.push(name);
          for (const problem of problems) say(`${name}: ${problem}`);
        }
      taken.push([shot.name, names]);
    }
    if (shots.every(({ size }) => size === undefined))
      writeFileSync(path.join(this.folder, 'index.html'), contactSheet(taken));
  }

  /** Takes one; what the page complained of. */
  private async takeOne(shot: SizedShot, size: Size, theme: Theme, name: string): Promise<readonly string[]> {
    const facts = await this.exchanges.factsOf(shot.of ?? 'busy');
    const { context, page, problems } = await openWatched(this.browser, { ...size, isDark: theme === 'dark' });
    try {
      await show(page, shot, facts);
      if (shot.isKilled === true) {
        await this.exchanges.kill(shot.of ?? 'busy');
        await page.getByRole('alert').first().waitFor();
      }
      await atRest(page);
      const file = path.join(this.folder, name);
      // What was pressed may be further down.
      await page.evaluate(() => scrollTo(0, 0));
      await page.screenshot({ path: file, fullPage: shot.isWhole === true });
      writeFileSync(file, smaller(readFileSync(file)));
      return problems.filter((problem) => !EXPECTED.test(problem));
    } catch (error) {
      return [error instanceof Error ? error.message : String(error)];
    } finally {
      await context.close();
    }
  }
}

function sizesOf({ size, alsoWidths = [] }: SizedShot): readonly Size[] {
  if (size !== undefined) return [size];
  return [...WIDTHS, ...alsoWidths].map((width) => ({ width, height: HEIGHTS[width] ?? 900 }));
}

async function show(page: Page, { address, key, before }: Shot, facts: Facts): Promise<void> {
  page.setDefaultTimeout(PATIENCE_MS);
  const own = key?.(facts);
  if (own !== undefined) await page.addInitScript((text) => sessionStorage.setItem('parley-key', text), own);
  await page.goto(`${facts.url}${typeof address === 'string' ? address : address(facts)}`);
  await page.locator('main > *').first().waitFor();
  await atRest(page);
  await before?.(page, facts);
}

/** Nothing is being loaded, and what moves has come to rest. */
async function atRest(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('main .loading') === null);
  await page.waitForTimeout(REST_MS);
}
