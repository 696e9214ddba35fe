import type { AppendOutcome, LogWriter, SealedBatch } from '../../../src/log/port.js';
import { type Gate, gate } from '../gate.js';
import { MemoryLog, type PlannedFailure } from './memory-log.js';

/** A stand-in for a log that falls silent: what is appended then is neither taken nor refused until it speaks again. */
export class SilentLog extends MemoryLog {
  #silence: Gate | undefined;
  #failure: PlannedFailure | undefined;

  constructor() {
    super({ plan: () => this.#failure });
  }

  /** Whether an append waits. */
  isAwaited = false;

  fallSilent(): void {
    this.#silence ??= gate();
  }

  /** Carries out what waits, or fails it. */
  speak(failure?: PlannedFailure): void {
    this.#failure = failure;
    this.#silence?.open();
    this.#silence = undefined;
  }

  override async open(): Promise<LogWriter> {
    const writer = await super.open();
    const append = async (batch: SealedBatch): Promise<AppendOutcome> => {
      this.isAwaited = this.#silence !== undefined;
      await this.#silence?.wait();
      this.isAwaited = false;
      return writer.append(batch);
    };
    return {
      epoch: writer.epoch,
      get head() {
        return writer.head;
      },
      get failure() {
        return writer.failure;
      },
      append,
      close: () => writer.close(),
    };
  }
}
