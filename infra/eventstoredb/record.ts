/** What stands in a shard's stream: events and claims, each with its place in its metadata. */
import type { EventData, RecordedEvent } from '@eventstore/db-client';
import { DamagedLogError } from '../../src/log/port.js';

/** The type of the record that fences all older writers. It is no event: it has no position of its own. */
export const CLAIM = 'WriterClaimed';
const SEAL = 'BatchSealed';

/** A record's metadata. */
export interface RecordPlace {
  /** Of a claim: that of the event that comes next. */
  readonly position: number;
  /** Where its batch begins. */
  readonly batch: number;
  readonly epoch: number;
}

export interface StoredRecord extends RecordPlace {
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  /** What its JSON stands for. */
  readonly value: unknown;
}

/** What is to be stored: one record, as the client takes it. */
export function proposedRecord(id: string, type: string, data: Record<string, unknown>, place: RecordPlace): EventData {
  return { id, contentType: 'application/json', type, data, metadata: { ...place } };
}

/** Throws DamagedLogError for a record that no writer of this log can have stored. */
export function recordOf(event: RecordedEvent): StoredRecord {
  const { id, type, data: value, metadata } = event;
  const revision = Number(event.revision);
  if (!event.isJson || !isPlace(metadata)) throw damaged(event.streamId, revision, `${type} does not say its place`);
  const { position, batch, epoch } = metadata;
  if (position < batch || position > revision) throw damaged(event.streamId, revision, `${position} cannot stand here`);
  return { revision, id, type, value, position, batch, epoch };
}

/** Where the log ends when this record is the stream's last. */
export function headAfter({ type, position, batch }: StoredRecord): number {
  return type === SEAL ? position + 1 : batch;
}

/** Where a reader must begin to come upon the batch that follows, when this record is the stream's last. */
export function resumeAfter({ type, revision, position, batch }: StoredRecord): number {
  return type === SEAL || type === CLAIM ? revision + 1 : revision - (position - batch);
}

/** A stream's records have no bytes to point at: the revision tells the place. */
export function damaged(stream: string, revision: number, what: string): DamagedLogError {
  return new DamagedLogError(what, { file: stream, byte: 0, frame: revision });
}

function isPlace(metadata: unknown): metadata is RecordPlace {
  if (typeof metadata !== 'object' || metadata === null) return false;
  const { position, batch, epoch } = metadata as Partial<RecordPlace>; // any object can be asked for them
  return [position, batch, epoch].every((number) => Number.isSafeInteger(number) && Number(number) >= 0);
}
