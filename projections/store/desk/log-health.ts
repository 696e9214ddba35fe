import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../../src/log/message-of.js';

const LONGEST_RETRY_MS = 5_000;

/** The log, and not the store, is what failed. */
export class UnreadableLogError extends Error {}

/** The log can be read, and is not what the store was made from. */
export class OtherLogError extends UnreadableLogError {}

/** Tells what the log throws from what the store does. It may fail long before somebody looks. */
export function fromLog<Value>(reading: Promise<Value>): Promise<Value> {
  const told = reading.catch((error: unknown) => {
    throw new UnreadableLogError(messageOf(error), { cause: error });
  });
  told.catch(() => undefined);
  return told;
}

/** Whether the log can be read, and when it is to be asked again while it cannot. Tells of each change once. */
export class LogHealth {
  private saying: string | undefined;
  private failures = 0;

  constructor(
    private readonly tell: (trouble: string | undefined) => void,
    private readonly retryMs: number,
  ) {}

  /** What the log said when it could not be read, for as long as it cannot be. */
  get trouble(): string | undefined {
    return this.saying;
  }

  /** Waits until it is time to ask again: twice as long each time, up to 5 s. */
  async failed(trouble: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    if (this.saying === undefined) {
      this.saying = trouble;
      this.tell(trouble);
    }
    const mostMs = Math.min(this.retryMs * 2 ** this.failures++, LONGEST_RETRY_MS);
    // Half of it by chance, so that all who lost one broker do not come back to it at one moment.
    await delay(mostMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
  }

  isOver(): void {
    this.failures = 0;
    if (this.saying === undefined) return;
    this.saying = undefined;
    this.tell(undefined);
  }
}
