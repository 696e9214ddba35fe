import { setTimeout as delay } from 'node:timers/promises';

const SLICE_MS = 5;
const REST_MS = 5;

/**
 * Work in slices: after SLICE_MS at a stretch all that share one rest for as long, so that whatever else is on this thread has its turn,
 * and the exchange has the processor.
 */
export class WorkSlices {
  private workingSinceMs: number | undefined;
  private resting: Promise<void> | undefined;

  /** Resolves when there may be work; true where it came to a rest. */
  async turn(): Promise<boolean> {
    if (this.resting === undefined && performance.now() - (this.workingSinceMs ?? Infinity) > SLICE_MS) {
      this.resting = delay(REST_MS).then(() => {
        this.resting = undefined;
        this.workingSinceMs = undefined;
      });
    }
    const { resting } = this;
    if (resting !== undefined) await resting;
    this.workingSinceMs ??= performance.now();
    return resting !== undefined;
  }

  /** The thread has had its turn: what comes begins a slice. */
  begin(): void {
    if (this.resting === undefined) this.workingSinceMs = undefined;
  }
}
