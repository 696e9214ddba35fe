/** What the benchmark measures within the page: bundled by itself, and run there before anything of the page is. */
import type { Dragged, FirstView, PageProbe } from '../../bench/page/page-probe.js';

/** The first row of the market list that has an instrument in it. */
const FIRST_CONTENT = '.market-list tbody th.instrument';
/** Of the log: “200 events of positions 1 to 200”. */
const LOG_HELD = '.log-held';
const LADDER = '.ladder';
/** What a task takes beyond this holds up whoever types or clicks, as the web’s measure of blocking has it. */
const BLOCKING_MS = 50;
const PATIENCE_MS = 30_000;

class Probe implements PageProbe {
  private contentMs: number | undefined;
  private largestMs = 0;
  private blockedMs = 0;
  private intervals: number[] = [];
  private readonly bookMs: number[] = [];
  private drag: Dragging | undefined;
  messages = 0;

  constructor() {
    new PerformanceObserver((list) => {
      for (const { startTime } of list.getEntries()) this.largestMs = startTime;
    }).observe({ type: 'largest-contentful-paint', buffered: true });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) this.blockedMs += Math.max(0, duration - BLOCKING_MS);
    }).observe({ type: 'longtask', buffered: true });
    new PerformanceObserver((list) => {
      for (const { name, duration } of list.getEntries()) if (name.includes('/v1/book/')) this.bookMs.push(duration);
    }).observe({ type: 'resource' });
    this.watchForContent();
    this.watchDrags();
    this.countMessages();
  }

  firstView(): FirstView | undefined {
    const { contentMs } = this;
    const firstPaint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime;
    if (contentMs === undefined || firstPaint === undefined) return undefined;
    const transfers = [
      ...performance.getEntriesByType('navigation'),
      ...performance.getEntriesByType('resource'),
    ] as PerformanceResourceTiming[]; // entries of navigations are those too
    const needed = transfers.filter(({ responseEnd }) => responseEnd <= contentMs);
    return {
      contentMs,
      firstPaintMs: firstPaint,
      largestPaintMs: this.largestMs,
      blockedMs: this.blockedMs,
      bytes: needed.reduce((sum, { transferSize }) => sum + transferSize, 0),
    };
  }

  beginFrames(): void {
    this.intervals = [];
    const { intervals } = this;
    let before = performance.now();
    const frame = (now: number): void => {
      if (intervals !== this.intervals) return;
      intervals.push(now - before);
      before = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame((now) => {
      before = now;
      requestAnimationFrame(frame);
    });
  }

  endFrames(): readonly number[] {
    const { intervals } = this;
    this.intervals = [];
    return intervals;
  }

  position(): number {
    return shownPosition();
  }

  levels(): readonly string[] {
    return [...document.querySelectorAll<HTMLTableRowElement>(`${LADDER} .level`)].map((level) =>
      [level.querySelector('.ladder-price'), level.cells[1]].map((cell) => digitsOf(cell)).join(' '),
    );
  }

  dragged(): Promise<Dragged> {
    const endMs = performance.now() + PATIENCE_MS;
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const { drag } = this;
        if (drag?.shownMs !== undefined) resolve({ ms: drag.shownMs - drag.fromMs, position: drag.position });
        else if (performance.now() < endMs) requestAnimationFrame(look);
        else reject(new Error(`dragged to ${drag?.position ?? 'nowhere'}, the ladder is at ${shownPosition()}`));
      };
      look();
    });
  }

  forgetDrag(): void {
    this.drag = undefined;
  }

  bookRequestsMs(): readonly number[] {
    return this.bookMs.splice(0);
  }

  private watchForContent(): void {
    const observer = new MutationObserver(() => {
      if (document.querySelector(FIRST_CONTENT) === null) return;
      observer.disconnect();
      // The frame that is made next shows it.
      requestAnimationFrame(() => setTimeout(() => (this.contentMs = performance.now())));
    });
    observer.observe(document, { childList: true, subtree: true });
  }

  /** From an event of the slider to the frame in which the ladder has the book of that moment. */
  private watchDrags(): void {
    const input = ({ target, timeStamp }: Event): void => {
      if (!(target instanceof HTMLInputElement) || target.type !== 'range') return;
      const drag: Dragging = { position: Number(target.value), fromMs: timeStamp, shownMs: undefined };
      this.drag = drag;
      const look = (): void => {
        if (this.drag !== drag) return;
        if (shownPosition() === drag.position) drag.shownMs = performance.now();
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    };
    document.addEventListener('input', input, { capture: true });
  }

  private countMessages(): void {
    const count = (): void => {
      this.messages++;
    };
    globalThis.WebSocket = class extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        this.addEventListener('message', count);
      }
    };
  }
}

interface Dragging {
  readonly position: number;
  readonly fromMs: number;
  shownMs: number | undefined;
}

function shownPosition(): number {
  const ladder = document.querySelector<HTMLElement>(LADDER);
  if (ladder !== null) return Number(ladder.dataset.position);
  const [last = '-1'] = /[\d,\u202f]+$/.exec(document.querySelector(LOG_HELD)?.textContent ?? '') ?? [];
  return Number(last.replace(/[^\d-]/g, ''));
}

function digitsOf(cell: Element | null | undefined): string {
  return cell?.textContent.replace(/[^\d.]/g, '') ?? '';
}

Object.assign(globalThis, { pageProbe: new Probe() });
