import { setImmediate as nextTurn } from 'node:timers/promises';
import { foldBatch } from '../../src/events/fold.js';
import { messageOf } from '../../src/log/message-of.js';
import type { ShardLog } from '../../src/log/port.js';
import { Backoff } from '../../src/resilience/backoff.js';
import { Throttle } from '../store/throttle.js';
import type { ModelCheckpoints } from './checkpoints.js';
import { Models } from './models.js';
import type { ReadModel } from './read-model.js';

export interface ModelKeeperOptions {
  /** A checkpoint is made each time the log has grown by so many events; 250,000 unless said otherwise. */
  readonly everyEvents?: number;
  /** How much of its thread's time it takes; all of it unless said otherwise. */
  readonly pace?: Throttle;
  /** Called when the log cannot be read or a checkpoint not be written, with the reason. It goes on by itself. */
  readonly onTrouble?: (trouble: string) => void;
  /** How long after a failure it begins again, the first time; then twice as long each time, up to 30 s. 500 unless said otherwise. */
  readonly retryMs?: number;
}

const EVERY_EVENTS = 250_000;
/** A checkpoint takes as long as folding some events for each intention that is open; so many events must lie between two of them. */
const EVENTS_AN_INTENTION = 4;
const LAST_RETRY_MS = 30_000;
/** So much is folded before others have their turn. */
const STRETCH_MS = 10;

/**
 * Follows a log with a model, and makes checkpoints of it.
 *
 * 1. It begins where the newest usable checkpoint stands, and at the log's beginning where there is none; so what a start finds folded is
 *    folded once.
 * 2. A checkpoint stands at the end of a batch.
 */
export class ModelKeeper {
  private readonly options: Required<ModelKeeperOptions>;

  constructor(
    private readonly log: Pick<ShardLog, 'head' | 'read' | 'follow'>,
    private readonly checkpoints: Pick<ModelCheckpoints, 'nearest' | 'write'>,
    { everyEvents = EVERY_EVENTS, pace = new Throttle(1), onTrouble, retryMs = 500 }: ModelKeeperOptions = {},
  ) {
    this.options = { everyEvents, pace, onTrouble: onTrouble ?? (() => undefined), retryMs };
  }

  /** Follows until aborted. Never rejects: whatever fails is begun again. */
  async run(signal: AbortSignal): Promise<void> {
    const backoff = new Backoff({ firstMs: this.options.retryMs, lastMs: LAST_RETRY_MS });
    for (;;) {
      try {
        await this.follow(signal, () => backoff.reset());
      } catch (error) {
        if (!signal.aborted) this.options.onTrouble(messageOf(error));
      }
      if (signal.aborted) return;
      await backoff.wait(signal);
    }
  }

  private async follow(signal: AbortSignal, onWritten: () => void): Promise<void> {
    const model = await new Models(this.log, this.checkpoints).openModel(await this.log.head());
    let written = model.foldedTo;
    let busyMs = 0;
    for await (const batch of this.log.follow(model.foldedTo, signal)) {
      // Not since the batch before: waiting for a quiet log is no work.
      const startMs = performance.now();
      foldBatch(batch, model, model.foldedTo);
      if (model.foldedTo - written >= this.distanceFor(model)) {
        await this.checkpoints.write(model);
        written = model.foldedTo;
        onWritten();
      }
      busyMs += performance.now() - startMs;
      if (busyMs < STRETCH_MS) continue;
      await this.options.pace.rest(busyMs, { signal });
      await nextTurn();
      busyMs = 0;
    }
  }

  private distanceFor({ intentions }: ReadModel): number {
    return Math.max(this.options.everyEvents, EVENTS_AN_INTENTION * intentions.size);
  }
}
