import type { Evidence } from '../log/port.js';
import type { Answers } from './answers.js';
import type { Shard } from './shard/shard.js';

/** An exchange’s log, as the program that runs the exchange looks after it. */
export class ExchangeLog {
  constructor(
    private readonly shardOf: Shard,
    private readonly answers: Answers,
  ) {}

  get shard(): number {
    return this.shardOf.market.shard;
  }

  /** Number of its writer as the log's claims count them: an imported log may have brought higher ones along. */
  get writerEpoch(): number {
    return this.shardOf.writerEpoch;
  }

  /** All events before this position are durable. */
  get durable(): number {
    return this.shardOf.durable;
  }

  /** What this process knows of the log, for the process that opens it next. */
  get evidence(): Evidence {
    return this.shardOf.evidence;
  }

  /** Whether commands are still taken. */
  get isTaking(): boolean {
    return this.shardOf.admission.isTaking;
  }

  /** Resolves once all that has been recorded so far is durable; rejects when the log fails before that. */
  flushed(): Promise<void> {
    return this.answers.flushed();
  }

  /** Looks whether the log still is what was appended to it; stops where it is not. */
  verify(): Promise<void> {
    return this.shardOf.verify();
  }

  /** Calls back when the shard has stopped; `isFenced`: because another writer has opened its log. */
  onStopped(listener: (reason: string, isFenced: boolean) => void): void {
    this.shardOf.admission.onStopped(listener);
  }

  /** Calls back after each commit; returns how to end that. */
  onDurable(listener: (durable: number) => void): () => void {
    return this.shardOf.onDurable(listener);
  }
}
