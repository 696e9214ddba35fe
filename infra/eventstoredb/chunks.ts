/** Cuts a batch into as many appends as it needs. */
import { randomUUID } from 'node:crypto';
import type { EventData } from '@eventstore/db-client';
import type { Event } from '../../src/events/event.js';
import { eventsOfBatch } from '../../src/events/fold.js';
import { PLAIN } from '../../src/events/json-text.js';
import type { SealedBatch } from '../../src/log/port.js';
import { proposedRecord } from './record.js';

/** What a record takes besides its event: its metadata. */
const PLACE_BYTES = 90;
const NUMBER_BYTES = 16;
/** A character that does not stand for itself in JSON takes no more, be it a control character as \u0000. */
const CHARACTER_BYTES = 6;

/** The batch's records in order, in chunks that come to at most so many bytes each, or hold a single record. */
export function* chunksOf(batch: SealedBatch, epoch: number, mostBytes: number): Generator<EventData[], void, void> {
  const { firstPosition, count, buffer, start, end } = batch;
  let chunk: EventData[] = [];
  let bytes = 0;
  for (const { position, event } of eventsOfBatch({ firstPosition, count, bytes: buffer.subarray(start, end) })) {
    const eventBytes = mostBytesOf(event) + PLACE_BYTES;
    if (chunk.length > 0 && bytes + eventBytes > mostBytes) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    bytes += eventBytes;
    chunk.push(proposedRecord(randomUUID(), event.type, { ...event }, { position, batch: firstPosition, epoch }));
  }
  yield chunk;
}

/** At least what the event and its type take, without making its JSON. */
function mostBytesOf(event: Event): number {
  let bytes = 2 + 2 * event.type.length;
  for (const [name, value] of Object.entries(event)) {
    bytes += name.length + 4 + (typeof value === 'string' ? textBytes(value) : NUMBER_BYTES);
  }
  return bytes;
}

function textBytes(text: string): number {
  return 2 + (PLAIN.test(text) ? text.length : CHARACTER_BYTES * text.length);
}
