import { createHash } from 'node:crypto';
import { EventEncoder } from '../../events/codec.generated.js';
import { DIGEST_BYTES } from '../../events/bytes.js';
import type { Recorder } from '../../domain/recorder.js';
import { GENESIS_DIGEST } from '../../log/digest-chain.js';
import type { Scheduler } from './scheduler.js';
import { HEADROOM_BYTES, type LogWriter } from '../../log/port.js';

const OPEN_BYTES = 1 << 20;
const CONGESTED_BYTES = 4 << 20;

/** What a commit came to. `durable` is the position after the last durable event. */
export interface CommitResult {
  readonly durable: number;
  readonly events: number;
  readonly bytes: number;
  /** From handing the batch to the log until it was durable. */
  readonly tookMs: number;
}

/**
 * When the open batch is closed. `grouped`: as soon as no append is in flight. `asked`: when somebody asks to be told that it is durable,
 * at that very event, and never otherwise; where batches are cut then depends on who asks alone, and not on how fast the log is.
 */
export type CommitMode = 'grouped' | 'asked';

export interface CommitterOptions {
  readonly writer: LogWriter;
  readonly recorder: Recorder;
  /** Of the log as it stands: where the chain goes on. */
  readonly digest: Uint8Array;
  readonly scheduler: Scheduler;
  /** `grouped` unless said otherwise. */
  readonly mode?: CommitMode;
  /** After each commit, before the answers that waited for it. */
  committed(result: CommitResult): void;
  /** The log did not take a batch: nothing more is durable, and nothing that waits will be answered. */
  failed(reason: string, cause: Error | undefined): void;
}

/** A batch with its digest, and who waits for it. */
interface Sealed {
  readonly batch: EventEncoder;
  readonly firstPosition: number;
  readonly answers: (() => void)[];
}

/**
 * Group commit. Turns write into the open batch; when it is closed, it is sealed with its digest and appended, while turns go on
 * writing into the next one. Whatever arrives during an append goes into one batch after it: the slower the disk, the larger the
 * batches. There are no timers. In the mode `asked`, the asking closes batches, and those that are closed during an append wait for it.
 *
 * 1. At most one append is in flight, and batches are appended in order.
 * 2. What was handed to `whenDurable` runs once everything recorded before it is durable, in order, and never otherwise.
 * 3. After a failure nothing is appended any more.
 */
export class Committer {
  private open = new EventEncoder(OPEN_BYTES, HEADROOM_BYTES);
  private readonly spare: EventEncoder[] = [];
  private readonly options: CommitterOptions;
  private readonly recorder: Recorder;
  private readonly mode: CommitMode;
  private digest: Uint8Array;
  private openFrom: number;
  private waiting: (() => void)[] = [];
  /** Closed and not yet durable, in order; the first one's append is in flight. */
  private readonly sealed: Sealed[] = [];
  private isScheduled = false;
  private hasFailed = false;
  durable: number;
  /** Of the batch that ends where the log is durable; the log's own as it was opened, until there is one. */
  readonly durableDigest: Uint8Array;

  constructor(options: CommitterOptions) {
    const { recorder, digest, mode = 'grouped' } = options;
    this.options = options;
    this.recorder = recorder;
    this.mode = mode;
    this.digest = digest;
    this.openFrom = recorder.position;
    this.durable = recorder.position;
    this.durableDigest = digest.slice();
    recorder.journal = this.open;
  }

  get isIdle(): boolean {
    return this.sealed.length === 0 && this.open.count === 0;
  }

  /** So much waits that producers should pause. */
  get isCongested(): boolean {
    return this.open.at > CONGESTED_BYTES || this.hasFailed;
  }

  /** Runs `answer` once all that has been recorded so far is durable. In the mode `asked` this closes the open batch. */
  whenDurable(answer: () => void): void {
    if (this.open.count > 0) {
      this.waiting.push(answer);
      if (this.mode === 'asked') this.commit();
      return;
    }
    const last = this.sealed.at(-1);
    if (last !== undefined) last.answers.push(answer);
    else if (!this.hasFailed) answer();
  }

  /** To be called when something may have been recorded: closes the batch at the end of this round of the event loop. */
  schedule(): void {
    if (this.mode === 'asked' || this.isScheduled || this.sealed.length > 0 || this.open.count === 0) return;
    this.isScheduled = true;
    this.options.scheduler.soon(() => {
      this.isScheduled = false;
      if (this.sealed.length === 0) this.commit();
    });
  }

  /** Nothing is appended any more: what has been recorded since the last commit may not be what was applied. */
  halt(): void {
    this.hasFailed = true;
  }

  /** Closes the open batch, and appends it unless another one's append is in flight. */
  private commit(): void {
    if (this.open.count === 0 || this.hasFailed) return;
    const batch = this.open;
    this.seal(batch);
    this.sealed.push({ batch, firstPosition: this.openFrom, answers: this.waiting });
    this.waiting = [];
    this.open = this.spare.pop() ?? new EventEncoder(OPEN_BYTES, HEADROOM_BYTES);
    this.open.at = HEADROOM_BYTES;
    this.open.count = 0;
    this.openFrom = this.recorder.position;
    this.recorder.journal = this.open;
    if (this.sealed.length === 1) this.appendFirst();
  }

  private appendFirst(): void {
    const [first] = this.sealed;
    if (first === undefined || this.hasFailed) return;
    const { batch, firstPosition } = first;
    const { bytes, at, count } = batch;
    const beganMs = performance.now();
    this.options.writer
      .append({ firstPosition, count, buffer: bytes, start: HEADROOM_BYTES, end: at })
      .then((outcome) => {
        if (outcome === 'appended') this.release(first, performance.now() - beganMs);
        else this.fail(outcome);
      })
      .catch((error: unknown) => this.fail('unknown', error instanceof Error ? error : new Error(String(error))));
  }

  /** Ends the batch with the chain's next digest: over the digest before it and the bytes of the batch’s other events. */
  private seal(batch: EventEncoder): void {
    const eventsEnd = batch.at;
    this.recorder.batchSealed(GENESIS_DIGEST);
    const chain = createHash('sha256').update(this.digest);
    this.digest = chain.update(batch.bytes.subarray(HEADROOM_BYTES, eventsEnd)).digest();
    batch.bytes.set(this.digest, batch.at - DIGEST_BYTES);
  }

  private release({ batch, firstPosition, answers }: Sealed, tookMs: number): void {
    const { at, count } = batch;
    this.durable = firstPosition + count;
    this.durableDigest.set(batch.bytes.subarray(at - DIGEST_BYTES, at));
    this.sealed.shift();
    this.spare.push(batch);
    // First, so that the disk is busy while the answers go out.
    if (this.sealed.length > 0) this.appendFirst();
    else if (this.mode === 'grouped') this.commit();
    this.options.committed({ durable: this.durable, events: count, bytes: at - HEADROOM_BYTES, tookMs });
    for (const answer of answers) answer();
    this.schedule();
  }

  private fail(outcome: string, cause = this.options.writer.failure): void {
    this.hasFailed = true;
    this.options.failed(outcome, cause);
  }
}
