/**
 * A shard's writer: it owns the revision behind which it appends.
 *
 * 1. It appends nothing after an append that was not `appended`: whatever the outcome, the revision may not be its own any more.
 * 2. All that it has stored is there, and nothing behind it but what is under way: `verify` holds the stream to it.
 * 3. Its head moves once the last of a batch's chunks is stored, and by the whole batch.
 */
import { type AppendOutcome, LogLockedError, LogLostError, type SealedBatch } from '../../src/log/port.js';
import { SerialWriter } from '../../src/log/serial-writer.js';
import { chunksOf } from './chunks.js';
import { damaged } from './record.js';
import type { ShardStream } from './shard-stream.js';
import { store } from './storing.js';

/** What a writer's claim gave it. */
export interface Claim {
  /** Of its record. */
  readonly id: string;
  readonly epoch: number;
  readonly head: number;
  /** That of the claim. */
  readonly revision: number;
}

export class EventStoreWriter extends SerialWriter {
  readonly epoch: number;
  private ownHead: number;
  private revision: number;
  /** Of the record at that revision. */
  private id: string;
  /** How many records are on their way, and may be there. */
  private underWay = 0;

  constructor(
    private readonly stream: ShardStream,
    private readonly appendBytes: number,
    claim: Claim,
  ) {
    super();
    this.epoch = claim.epoch;
    this.ownHead = claim.head;
    this.revision = claim.revision;
    this.id = claim.id;
  }

  get head(): number {
    return this.ownHead;
  }

  async verify(): Promise<void> {
    const { revision, id, epoch, stream } = this;
    const { last } = await stream.look();
    if (last === undefined || last.revision < revision || last.epoch < epoch) {
      const end = last === undefined ? 'is empty' : `ends at revision ${last.revision}, epoch ${last.epoch}`;
      throw new LogLostError(`${stream.name}: it ${end}; the writer of epoch ${epoch} has stored up to ${revision}`);
    }
    if (last.epoch > epoch) throw new LogLockedError(`${stream.name}: a writer of epoch ${last.epoch} has claimed it`);
    const isOwn = last.revision === revision ? last.id === id : last.revision <= this.revision + this.underWay;
    if (!isOwn) throw damaged(stream.name, last.revision, `is not what the writer of epoch ${epoch} has stored`);
  }

  /** Nothing is left behind: the next writer's claim fences this one as it would a live one. */
  protected async release(): Promise<void> {
    // There is nothing to release.
  }

  protected async store(batch: SealedBatch): Promise<AppendOutcome> {
    for (const chunk of chunksOf(batch, this.epoch, this.appendBytes)) {
      this.underWay = chunk.length;
      const outcome = await store(this.stream, chunk, this.revision);
      if (outcome.kind === 'unknown') return this.end('unknown', outcome.failure);
      if (outcome.kind === 'taken') return this.end('fenced', undefined);
      this.revision += chunk.length;
      this.id = chunk.at(-1)?.id ?? this.id;
      this.underWay = 0;
    }
    this.ownHead += batch.count;
    return 'appended';
  }
}
