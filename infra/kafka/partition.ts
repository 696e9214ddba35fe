import type { KafkaClient, PartitionName } from './client.js';
import { type InBatch, type InRecord, readBatches } from './record-batch.js';
import type { FetchedPartition } from './responses.js';

/** A record batch of a committed transaction, with where it begins. */
export interface CommittedBatch {
  readonly baseOffset: number;
  readonly nextOffset: number;
  readonly count: number;
  records(): Generator<InRecord, void, void>;
}

/** What one fetch brought: the committed batches, and where to fetch next. */
export interface Chunk {
  readonly batches: readonly CommittedBatch[];
  readonly nextOffset: number;
}

const FETCH_BYTES = 4 << 20;
const PROBE_BYTES = 1;
const SETTLE_MS = 1_000;
const SETTLE_POLL_MS = 3;

/**
 * A partition, as those see it who read committed records only. Transaction markers and aborted records have offsets too, so offsets
 * have gaps, and the highest one need not be a record's.
 */
export class Partition {
  constructor(
    private readonly client: KafkaClient,
    readonly name: PartitionName,
  ) {}

  async exists(): Promise<boolean> {
    return (await this.client.partitionCount(this.name.topic)) > this.name.partition;
  }

  /**
   * First offset that is kept, and the offset after the last record whose transaction has ended. A transaction whose commit was
   * answered may be a few milliseconds from being seen by readers; this waits for those that are under way, but not for long.
   */
  async ends(): Promise<{ readonly first: number; readonly end: number }> {
    const before = await this.client.ends(this.name);
    let { stable } = before;
    const givenUpAt = performance.now() + (this.client.connection.patienceMs ?? SETTLE_MS);
    while (stable < before.end && performance.now() < givenUpAt) {
      await new Promise((resolve) => setTimeout(resolve, SETTLE_POLL_MS));
      stable = (await this.client.ends(this.name)).stable;
    }
    return { first: before.first, end: stable };
  }

  /** The committed batches from the one that holds `offset` on, as many as a fetch brings; waits so long for the first of them. */
  async chunk(offset: number, maxWaitMs = 0, maxBytes = FETCH_BYTES): Promise<Chunk> {
    const fetched = await this.client.fetch(this.name, offset, { maxBytes, maxWaitMs });
    return committed(fetched, offset);
  }

  /** The first committed batch at or after `offset` and before `end`. */
  async firstBatch(offset: number, end: number): Promise<CommittedBatch | undefined> {
    for (let at = offset; at < end;) {
      const { batches, nextOffset } = await this.chunk(at, 0, PROBE_BYTES);
      const [first] = batches;
      if (first !== undefined) return first.baseOffset < end ? first : undefined;
      if (nextOffset <= at) return undefined;
      at = nextOffset;
    }
    return undefined;
  }

  /** The last committed batch before `end` that is wanted; any, unless said otherwise. */
  async lastBatch(
    first: number,
    end: number,
    isWanted: (batch: CommittedBatch) => boolean = () => true,
  ): Promise<CommittedBatch | undefined> {
    for (let back = 2; ; back *= 4) {
      const from = Math.max(first, end - back);
      let last: CommittedBatch | undefined;
      for await (const batch of this.batches(from, end)) if (isWanted(batch)) last = batch;
      if (last !== undefined || from === first) return last;
    }
  }

  /** The committed batches from the one that holds `from` on, as far as they begin before `end`. */
  async *batches(from: number, end: number): AsyncGenerator<CommittedBatch, void, void> {
    for (let at = from; at < end;) {
      const { batches, nextOffset } = await this.chunk(at);
      yield* batches.filter(({ baseOffset }) => baseOffset < end);
      if (nextOffset <= at) return;
      at = nextOffset;
    }
  }
}

/** Leaves out markers and what was aborted, as the protocol has it: a list of aborted transactions comes with what was fetched. */
function committed({ bytes, aborted }: FetchedPartition, offset: number): Chunk {
  const waiting = [...aborted].sort((one, other) => one.firstOffset - other.firstOffset);
  const aborting = new Set<bigint>();
  const batches: CommittedBatch[] = [];
  let nextOffset = offset;
  for (const batch of readBatches(bytes)) {
    nextOffset = Math.max(nextOffset, batch.nextOffset);
    while (waiting[0] !== undefined && waiting[0].firstOffset < batch.nextOffset) {
      aborting.add(waiting[0].producerId);
      waiting.shift();
    }
    if (isRead(batch, aborting) && batch.nextOffset > offset) batches.push(batch);
  }
  return { batches, nextOffset };
}

function isRead(batch: InBatch, aborting: Set<bigint>): boolean {
  if (batch.isControl) {
    if (batch.isAbort) aborting.delete(batch.producerId);
    return false;
  }
  return !(batch.isTransactional && aborting.has(batch.producerId));
}
