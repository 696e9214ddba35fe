import type { Worker } from 'node:worker_threads';
import type { Logger } from '../../resilience/logger.js';
import type { LogSettings } from '../logs/settings.js';
import type { SnapshotThreadData } from './snapshot-thread.js';
import { startThread } from './supervised-thread.js';

export interface SnapshotMakerOptions {
  readonly settings: LogSettings;
  /** A new one is made once the log has grown by so many events, and by a quarter; 0: none ever. */
  readonly everyEvents: number;
  /** Where the newest usable one stands; 0 where there is none. */
  readonly latest: number;
  readonly logger: Logger;
}

/** A snapshot grows with the log, so the longer that is, the further apart they are. */
const GROWTH = 0.25;

/** Has snapshots made in a thread of their own, one at a time; the shard never waits for one. A failed one is tried again later. */
export class SnapshotMaker {
  private latest: number;
  private worker: Worker | undefined;

  constructor(private readonly options: SnapshotMakerOptions) {
    this.latest = options.latest;
  }

  /** To be called after each commit. */
  advance(durable: number): void {
    const { everyEvents } = this.options;
    const due = Math.max(everyEvents, this.latest * GROWTH);
    if (everyEvents === 0 || this.worker !== undefined || durable - this.latest < due) return;
    // Whether it succeeds or fails, the next try is as far away.
    this.latest = durable;
    this.start(durable);
  }

  /** Gives up the one that is being made. */
  async end(): Promise<void> {
    await this.worker?.terminate();
  }

  private start(durable: number): void {
    const { settings, logger } = this.options;
    const data: SnapshotThreadData = { settings, durable };
    const startedMs = performance.now();
    const worker = startThread(new URL('./snapshot-thread.js', import.meta.url), { name: 'snapshots', data, logger });
    worker.once('message', (position: number) => {
      logger.info({ position, ms: Math.round(performance.now() - startedMs) }, 'snapshot made');
    });
    worker.once('error', (error) => logger.error({ err: error }, 'no snapshot could be made'));
    worker.once('exit', () => (this.worker = undefined));
    this.worker = worker;
  }
}
