import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import type { PageProbe } from './page-probe.js';

const WIDTH = 1_440;
const HEIGHT = 900;

type Told<Name extends keyof PageProbe> = PageProbe[Name] extends (...args: never) => infer Value
  ? Awaited<Value>
  : PageProbe[Name];

/** What the browser counts of one page since that was opened; durations are seconds. */
export interface PageMetrics {
  readonly ScriptDuration: number;
  readonly LayoutDuration: number;
  readonly RecalcStyleDuration: number;
  readonly TaskDuration: number;
  readonly Timestamp: number;
  readonly JSHeapUsedSize: number;
  readonly Nodes: number;
  readonly JSEventListeners: number;
}

/** A page with a profile of its own, so that nothing of it is cached, and the probe in it. What goes wrong in it ends the measurement. */
export class WatchedPage {
  private failure: Error | undefined;

  private constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
    private readonly devTools: CDPSession,
  ) {
    page.on('pageerror', (error) => (this.failure ??= error));
  }

  static async open(browser: Browser, probe: string): Promise<WatchedPage> {
    const context = await browser.newContext({ viewport: { width: WIDTH, height: HEIGHT } });
    await context.addInitScript(probe);
    const page = await context.newPage();
    const devTools = await context.newCDPSession(page);
    await devTools.send('Performance.enable');
    return new WatchedPage(context, page, devTools);
  }

  /** Makes its processor so many times as slow. */
  async slowDown(times: number): Promise<void> {
    await this.devTools.send('Emulation.setCPUThrottlingRate', { rate: times });
  }

  /** What the probe says: the value of a field, or what a method comes to. */
  async ask<Name extends keyof PageProbe>(name: Name): Promise<Told<Name>> {
    if (this.failure !== undefined) throw this.failure;
    const isField = name === 'messages';
    return this.page.evaluate<Told<Name>>(`pageProbe.${name}${isField ? '' : '()'}`); // the script of the probe put it there
  }

  async metrics(): Promise<PageMetrics> {
    const { metrics } = await this.devTools.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value])) as unknown as PageMetrics; // Chromium has these and more
  }

  /** The same, once all that nobody holds is gone. */
  async metricsWithoutGarbage(): Promise<PageMetrics> {
    await this.devTools.send('HeapProfiler.collectGarbage');
    return this.metrics();
  }

  async close(): Promise<void> {
    await this.context.close();
    if (this.failure !== undefined) throw this.failure;
  }
}
