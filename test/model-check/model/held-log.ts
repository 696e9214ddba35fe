import type { Event } from '../../../src/events/event.js';
import type { AppendOutcome, LogWriter, SealedBatch, ShardLog } from '../../../src/log/port.js';
import type { MemoryLog } from '../../support/log/memory-log.js';
import { protocolEvents } from './event-log.js';

/**
 * A log whose writer is held at its first append until it is released, and whose appends then have the outcome that `release` names. Unlike
 * SilentLog it tells what it holds, because the model goes on from each outcome that the append may have.
 */
export class HeldLog implements ShardLog {
  private held: { readonly batch: SealedBatch; readonly go: () => void } | undefined;
  private hasStarted = false;
  private outcome: AppendOutcome = 'appended';
  private isFenced = false;

  constructor(private readonly medium: MemoryLog) {}

  get shard(): number {
    return this.medium.shard;
  }

  get isHolding(): boolean {
    return this.held !== undefined;
  }

  /** Whether its appends do not succeed: a shard that stops then is right. */
  get isRefusing(): boolean {
    return this.isFenced || this.outcome === 'unknown';
  }

  heldEvents(): Event[] {
    return this.held === undefined
      ? []
      : protocolEvents(this.held.batch.buffer, this.held.batch.start, this.held.batch.end);
  }

  release(outcome: AppendOutcome): void {
    this.outcome = outcome;
    this.hasStarted = true;
    this.held?.go();
    this.held = undefined;
  }

  /** A newer writer opens the log. */
  async fence(): Promise<void> {
    this.isFenced = true;
    await this.medium.again().open();
  }

  async open(): Promise<LogWriter> {
    const writer = await this.medium.open();
    const append = async (batch: SealedBatch): Promise<AppendOutcome> => {
      if (!this.hasStarted) {
        await new Promise<void>((go) => {
          this.held = { batch, go };
        });
      }
      return this.outcome === 'unknown' ? 'unknown' : writer.append(batch);
    };
    return {
      epoch: writer.epoch,
      get head() {
        return writer.head;
      },
      append,
      failure: undefined,
      close: () => writer.close(),
    };
  }

  head(): Promise<number> {
    return this.medium.head();
  }
  read(from: number): ReturnType<ShardLog['read']> {
    return this.medium.read(from);
  }
  follow(from: number, signal: AbortSignal): ReturnType<ShardLog['follow']> {
    return this.medium.follow(from, signal);
  }
  readStream(stream: string, from?: number): ReturnType<ShardLog['readStream']> {
    return this.medium.readStream(stream, from);
  }
}
