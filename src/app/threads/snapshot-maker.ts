import type { Worker } from 'node:worker_threads';
import type { Logger } from '../../resilience/logger.js';
import type { LogSettings } from '../logs/settings.js';
import { SnapshotPace } from './snapshot-pace.js';
import type { MadeSnapshot, SnapshotThreadData } from './snapshot-thread.js';
import { startThread } from './supervised-thread.js';

export interface SnapshotMakerOptions {
  readonly settings: LogSettings;
  /** A new one is made once the log has grown by so many events; 0: none ever; undefined: once a replay would take too long. */
  readonly everyEvents: number | undefined;
  /** Where the newest usable one stands; 0 where there is none. */
  readonly latest: number;
  readonly logger: Logger;
}

/** Has snapshots made in a thread of their own, one at a time; the shard never waits for one. A failed one is tried again later. */
export class SnapshotMaker {
  private latest: number;
  private worker: Worker | undefined;
  private readonly pace: SnapshotPace;

  constructor(private readonly options: SnapshotMakerOptions) {
    this.latest = options.latest;
    this.pace = new SnapshotPace(options.everyEvents);
  }

  /** To be called after each commit. */
  advance(durable: number): void {
    if (this.options.everyEvents === 0 || this.worker !== undefined) return;
    if (!this.pace.isDue(durable - this.latest, performance.now())) return;
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
    const worker = startThread(new URL('./snapshot-thread.js', import.meta.url), { name: 'snapshots', data, logger });
    worker.once('message', ({ position, cost }: MadeSnapshot) => {
      this.pace.made(cost, performance.now());
      logger.info({ position, ms: Math.round(cost.ms) }, 'snapshot made');
    });
    worker.once('error', (error) => logger.error({ err: error }, 'no snapshot could be made'));
    worker.once('exit', () => (this.worker = undefined));
    this.worker = worker;
  }
}
