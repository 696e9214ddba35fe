/**
 * Follows a shard's log over connections that come and go. Owns how far it has got.
 *
 * 1. It gives every position from the one that it was asked for on, each once, in order, or throws.
 * 2. What it has seen must still be there whenever it connects again: a log that is shorter, or another, is lost, and is never followed
 *    from its start as if it were the same.
 */
import type { EventBatch } from '../../../src/events/fold.js';
import { isAborted } from '../../../src/log/aborted.js';
import { Backoff } from '../../../src/resilience/backoff.js';
import { pause } from '../../../src/resilience/pause.js';
import type { KafkaClient, PartitionName } from '../protocol/client.js';
import { typeOf } from '../connection.js';
import { EventReader } from './event-reader.js';
import { RecordAssembler } from './record-reading.js';
import { type Chunk, Partition } from '../protocol/partition.js';

const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 2_000;
const FOLLOW_WAIT_MS = 500;
const QUIET_FETCHES = 10;
const MISSING_POLL_MS = 200;
/** A topic that was there and is not for so long has been deleted. */
const MISSING_MS = 10_000;

export class Follower {
  /** After what was given last; 0 before. */
  private seen = 0;
  private topicId: string | undefined;

  constructor(
    private readonly place: PartitionName,
    /** Everything before it was given, or not asked for. */
    private position: number,
  ) {}

  get hasSeenAny(): boolean {
    return this.seen > 0;
  }

  /** Goes on when brokers go away and come back. `mustPass` throws for a failure that does not pass by itself. */
  async *follow(
    client: KafkaClient,
    signal: AbortSignal,
    mustPass: (error: unknown) => void,
  ): AsyncGenerator<EventBatch, void, void> {
    const backoff = new Backoff({ firstMs: FIRST_PAUSE_MS, lastMs: LAST_PAUSE_MS });
    while (!isAborted(signal)) {
      try {
        for await (const batch of this.grow(client, signal)) {
          backoff.reset();
          yield batch;
          if (isAborted(signal)) return;
        }
      } catch (error) {
        if (isAborted(signal)) return;
        mustPass(error);
        await backoff.wait(signal);
      }
    }
  }

  /** From where it stands on, as the log grows; waits for a topic and for a position that are not there yet. */
  private async *grow(client: KafkaClient, signal: AbortSignal): AsyncGenerator<EventBatch, void, void> {
    const reader = new EventReader(new Partition(client, this.place));
    await this.untilMade(reader, signal);
    if (isAborted(signal)) return;
    const ends = await reader.partition.ends();
    const end = await reader.end(ends);
    await this.mustGoOn(client, reader, end.position);
    const entry = (await reader.find(this.position, ends)) ?? end;
    const assembler = new RecordAssembler(entry.position);
    for (let { offset } = entry, quiet = 0; !isAborted(signal);) {
      const { batches, nextOffset } = await chunkAt(reader, offset);
      quiet = nextOffset > offset ? 0 : quiet + 1;
      // A leader that was replaced and cut off shows nothing new, and does not say so: this finds the next one.
      if (quiet === QUIET_FETCHES) {
        await reader.partition.ends();
        quiet = 0;
      }
      for (const batch of batches) {
        for (const whole of reader.assembled(batch, assembler)) {
          const next = whole.firstPosition + whole.count;
          if (next <= this.position) continue;
          this.position = next;
          this.seen = next;
          yield whole;
        }
      }
      offset = nextOffset;
    }
  }

  private async untilMade(reader: EventReader, signal: AbortSignal): Promise<void> {
    const startedAt = performance.now();
    while (!isAborted(signal) && !(await reader.partition.exists())) {
      if (this.seen > 0 && performance.now() - startedAt > MISSING_MS) throw reader.lost('is gone');
      await pause(MISSING_POLL_MS, signal);
    }
  }

  private async mustGoOn(client: KafkaClient, reader: EventReader, head: number): Promise<void> {
    const topicId = await client.topicId(this.place);
    const isOther = this.topicId !== undefined && topicId !== undefined && topicId !== this.topicId;
    if (this.seen > head) throw reader.lost(`was read up to position ${this.seen}, and ends at ${head} now`);
    if (isOther && this.seen > 0) throw reader.lost('is another topic than the one that was read');
    this.topicId = topicId ?? this.topicId;
  }
}

async function chunkAt(reader: EventReader, offset: number): Promise<Chunk> {
  try {
    return await reader.partition.chunk(offset, FOLLOW_WAIT_MS);
  } catch (error) {
    if (typeOf(error) !== 'OFFSET_OUT_OF_RANGE') throw error;
    const ends = await reader.partition.ends();
    if (ends.first > 0) throw await reader.withoutFront(ends);
    throw reader.lost(`was read up to offset ${offset}, and ends at ${ends.end} now`);
  }
}
