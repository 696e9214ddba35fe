/**
 * Waits until a log may have grown. Owns a watch on the folder and its timers; wakes for nothing now and then, never too late by
 * more than the poll: 50 ms where the writer is another process (a folder's watch may miss things, or not be had at all), 1 s where
 * it is this one, which says so itself.
 */
import fs from 'node:fs';
import type { LiveWriter } from './claims/live-writers.js';

const FOREIGN_POLL_MS = 50;
const OWN_POLL_MS = 1000;

export class LogWatcher {
  private watcher: fs.FSWatcher | undefined;
  private wake: () => void = () => undefined;

  constructor(
    private readonly folder: string,
    private readonly signal: AbortSignal,
  ) {}

  /** Resolves when there may be more, or when it was aborted. `own` is the writer, where this process has it. */
  async wait(own: LiveWriter | undefined): Promise<void> {
    if (this.signal.aborted) return;
    if (own === undefined) this.watch();
    let quiet: () => void = () => undefined;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      timer = setTimeout(resolve, own === undefined ? FOREIGN_POLL_MS : OWN_POLL_MS);
      this.signal.addEventListener('abort', this.onAbort, { once: true });
      if (own !== undefined) quiet = own.onChange(resolve);
    });
    clearTimeout(timer);
    quiet();
    this.signal.removeEventListener('abort', this.onAbort);
  }

  close(): void {
    this.watcher?.close();
    this.watcher = undefined;
  }

  private readonly onAbort = (): void => this.wake();

  private watch(): void {
    if (this.watcher !== undefined) return;
    try {
      this.watcher = fs.watch(this.folder, { persistent: false }, () => this.wake());
      this.watcher.on('error', () => this.close());
    } catch {
      // No folder yet, or the system has no watch left: the poll is enough.
    }
  }
}
