import { ByteCursor } from '../../../src/events/bytes.js';
/** Real batches of real events, for tests of logs. */
import { createHash } from 'node:crypto';
import { EventEncoder, type Event } from '../../../src/events/codec.generated.js';
import { appendEvent, decodeEvent, streamOf, type RecordedEvent } from '../../../src/events/event.js';
import type { EventBatch } from '../../../src/events/fold.js';
import { HEADROOM_BYTES, type SealedBatch } from '../../../src/log/port.js';

/** Seals batches one after the other, each with the digest that chains it to the one before. */
export class Sealer {
  position: number;
  private revision = 0;
  private digest: Buffer = Buffer.alloc(32);

  /** `event`: what `sealSome` seals. */
  constructor(
    position = 0,
    private readonly event: (position: number) => Event = (byLots) => reduced(7, byLots),
  ) {
    this.position = position;
  }

  /** The next batch: these events and a BatchSealed. */
  seal(events: readonly Event[]): SealedBatch {
    const encoder = new EventEncoder(HEADROOM_BYTES + 256, HEADROOM_BYTES);
    for (const event of events) appendEvent(encoder, event);
    const bytes = encoder.bytes.subarray(HEADROOM_BYTES, encoder.at);
    this.digest = createHash('sha256').update(this.digest).update(bytes).digest();
    encoder.batchSealed({ revision: this.revision++, digest: this.digest });
    const batch = { buffer: encoder.bytes, start: HEADROOM_BYTES, end: encoder.at, count: encoder.count };
    const firstPosition = this.position;
    this.position += encoder.count;
    return { ...batch, firstPosition };
  }

  /** The next batch, of as many events as asked for, and a BatchSealed. */
  sealSome(count: number): SealedBatch {
    return this.seal(Array.from({ length: count }, (_, index) => this.event(this.position + index)));
  }
}

/** An event that needs nothing else to be there; `byLots` tells one from another. */
export function reduced(intentionId: number, byLots: number): Event {
  return { type: 'IntentionReduced', version: 1, intentionId, revision: 0, byLots, atMs: 1_700_000_000_000 };
}

/** An event that needs nothing else to be there, with a text of its own. */
export function named(name: string, participantId: number): Event {
  return { type: 'ParticipantAdmitted', version: 1, revision: 0, participantId, name, atMs: 1_700_000_000_000 };
}

/** Events of a thousand bytes and more: a log of so many bytes has fewer of them than of others. */
export function wordy(participantId: number): Event {
  return named('x'.repeat(1_000), participantId);
}

export function aborted(initiatorId: number, dealNumber: number): Event {
  const rest = { revision: 0, responderId: 9, reason: 'declined' } as const;
  return { type: 'DealAborted', version: 1, initiatorId, dealNumber, ...rest };
}

/** A batch as it was read, its bytes as hexadecimal: quick to compare, and safe to keep. */
export interface ReadBatch {
  readonly firstPosition: number;
  readonly count: number;
  readonly hex: string;
}

export function kept({ firstPosition, count, bytes }: EventBatch): ReadBatch {
  return { firstPosition, count, hex: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex') };
}

/** How a batch must be read. */
export function asRead({ firstPosition, count, buffer, start, end }: SealedBatch): ReadBatch {
  return kept({ firstPosition, count, bytes: buffer.subarray(start, end) });
}

/** All the batches, or the first `most` of them. */
export async function collect(batches: AsyncIterable<EventBatch>, most = Infinity): Promise<ReadBatch[]> {
  const collected: ReadBatch[] = [];
  for await (const batch of batches) {
    collected.push(kept(batch));
    if (collected.length >= most) break;
  }
  return collected;
}

/** The batch's events with their places. */
export function eventsOf(batch: ReadBatch, shard = 0): RecordedEvent[] {
  const bytes = Buffer.from(batch.hex, 'hex');
  const cursor = new ByteCursor(bytes);
  return Array.from({ length: batch.count }, (_, index) => {
    const event = decodeEvent(cursor);
    return { position: batch.firstPosition + index, stream: streamOf(event, shard), event };
  });
}
