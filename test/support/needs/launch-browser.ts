/** Chromium without a window, for tests and for the benchmark. */
import { type Browser, chromium } from 'playwright-core';
import { PATIENCE_MS } from '../patience.js';
import { chromiumPath } from './browser.js';

/** Without these a browser that has no network tries to reach its maker, again and again. */
const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath() ?? '', args, timeout: PATIENCE_MS });
}
