import { ByteCursor } from '../../../src/events/bytes.js';
import { EventEncoder } from '../../../src/events/codec.generated.js';
import { appendEvent, decodeEvent, type Event } from '../../../src/events/event.js';
import { HEADROOM_BYTES, type SealedBatch } from '../../../src/log/port.js';
import { MemoryLog } from '../../support/log/memory-log.js';

/** Events that say when a writer came or a batch ended; they carry times and digests, and nothing of the protocol. */
const bookkeeping = new Set(['ShardStarted', 'BatchSealed']);

/** What an event means, whenever and in whichever run of its shard it was written: two histories with the same meanings are one. */
export function meaningOf(event: Event): string {
  const parts = Object.entries(event).filter(([name]) => name !== 'atMs' && !isShardRevision(event, name));
  return parts.map(([, value]) => String(value)).join(' ');
}

const ofShard = new Set(['ParticipantAdmitted', 'SwitchSet', 'SwitchLapsed', 'LimitsSet', 'PostRefused']);

/** The shard's own stream counts bookkeeping too. */
function isShardRevision(event: Event, name: string): boolean {
  return name === 'revision' && ofShard.has(event.type);
}

/** The events of the protocol among bytes of a log. */
export function protocolEvents(bytes: Uint8Array, from: number, until: number): Event[] {
  const cursor = new ByteCursor(bytes, from, until);
  const events: Event[] = [];
  while (cursor.at < until) {
    const event = decodeEvent(cursor);
    if (!bookkeeping.has(event.type)) events.push(event);
  }
  return events;
}

function batchOf(events: readonly Event[]): SealedBatch {
  const encoder = new EventEncoder(HEADROOM_BYTES + 64 * events.length, HEADROOM_BYTES);
  for (const event of events) appendEvent(encoder, event);
  const { bytes: buffer, count, at: end } = encoder;
  return { firstPosition: 0, count, buffer, start: HEADROOM_BYTES, end };
}

/** A log that holds these events, as one batch. */
export async function logHolding(shard: number, events: readonly Event[]): Promise<MemoryLog> {
  const log = new MemoryLog({ shard });
  if (events.length > 0) await (await log.open()).append(batchOf(events));
  return log;
}
