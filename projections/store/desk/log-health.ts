import { messageOf } from '../../../src/log/message-of.js';
import { Backoff } from '../../../src/resilience/backoff.js';

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
  private readonly backoff: Backoff;

  constructor(
    private readonly tell: (trouble: string | undefined) => void,
    retryMs: number,
  ) {
    this.backoff = new Backoff({ firstMs: retryMs, lastMs: LONGEST_RETRY_MS });
  }

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
    await this.backoff.wait(signal);
  }

  isOver(): void {
    this.backoff.reset();
    if (this.saying === undefined) return;
    this.saying = undefined;
    this.tell(undefined);
  }
}
