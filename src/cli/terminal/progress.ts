import type { SingleBar } from 'cli-progress';
import type { TextStream } from './output.js';

const SHOWN_AFTER_MS = 400;
const REDRAWN_EACH_MS = 100;

/** A bar on stderr, where that is a terminal and the work turns out to be long; otherwise nothing. */
export class Progress {
  private readonly startedMs = performance.now();
  private drawnMs = 0;
  private bar: SingleBar | undefined;
  private isLoading = false;
  private isStopped = false;

  constructor(
    private readonly stream: TextStream,
    private readonly what: string,
    private readonly unit: string,
  ) {}

  /** May be called as often as one likes. */
  update(done: number, total: number | undefined): void {
    if (this.stream.isTTY !== true || total === undefined) return;
    const nowMs = performance.now();
    if (nowMs - this.startedMs < SHOWN_AFTER_MS || nowMs - this.drawnMs < REDRAWN_EACH_MS) return;
    this.drawnMs = nowMs;
    if (this.bar === undefined) void this.start(total);
    this.bar?.setTotal(total);
    this.bar?.update(done);
  }

  /** Takes the bar away until the next update, so that a line can be written in its place. */
  clear(): void {
    this.bar?.stop();
    this.bar = undefined;
  }

  /** Takes the bar away. */
  stop(): void {
    this.isStopped = true;
    this.clear();
  }

  /** Most work is over before there is anything to draw, so what draws it is loaded only now. */
  private async start(total: number): Promise<void> {
    if (this.isLoading) return;
    this.isLoading = true;
    const { SingleBar } = (await import('cli-progress')).default;
    this.isLoading = false;
    if (this.isStopped) return;
    this.bar = new SingleBar({
      format: `${this.what} {bar} {percentage}% | {value}/{total} ${this.unit} | {eta_formatted} left`,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 30,
      clearOnComplete: true,
      hideCursor: true,
      stream: this.stream,
      // Bars are drawn when there is news, so that a busy event loop does not matter.
      noTTYOutput: false,
    });
    this.bar.start(total, 0);
  }
}
