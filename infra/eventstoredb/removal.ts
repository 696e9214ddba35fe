/**
 * What tells that records of a stream are gone, or will be: where it begins, and its metadata, which stands in a stream of its own. The
 * server stores appends all the same, so it is looked at before and while a stream is written and read. What metadata hides comes back
 * once it is taken back, unless the server has scavenged meanwhile; a tombstone is permanent.
 */
import type { RecordedEvent } from '@eventstore/db-client';
import { LogLostError } from '../../src/log/port.js';
import { damaged, type StoredRecord } from './record.js';

/** The `$tb` of a stream that was deleted: the largest number of the server, and none of JavaScript. */
const DELETED = '9223372036854775807';
/** What lets a server hide records, permanently or until it is taken back. */
const LIMITS = ['$tb', '$maxCount', '$maxAge'] as const;

/** The type of what ends a subscription to a tombstoned stream. */
export const TOMBSTONE = '$streamDeleted';

/** A stream's metadata as it was last written. */
export interface StreamMetadata {
  /** That of its record in the metadata's own stream; undefined where there is none. */
  readonly revision: number | undefined;
  /** What hides records, for people: `$tb 6, $maxCount 4`. Empty where nothing does. */
  readonly hides: string;
}

/** A stream's two ends as readers find them, and its metadata. */
export interface StreamEnds {
  readonly first: StoredRecord | undefined;
  readonly last: StoredRecord | undefined;
  readonly metadata: StreamMetadata;
}

/** `event`: the last record of the metadata's own stream. */
export function metadataOf(event: RecordedEvent | undefined): StreamMetadata {
  if (event === undefined) return { revision: undefined, hides: '' };
  const said = saidBy(event);
  const hides = LIMITS.filter((limit) => (said[limit] ?? 0) !== 0).map((limit) => `${limit} ${valueOf(said[limit])}`);
  return { revision: Number(event.revision), hides: hides.join(', ') };
}

/** Throws DamagedLogError, or LogLostError where no record is left, for a stream of which something is hidden, will be, or is gone. */
export function mustBeWhole(stream: string, { first, last, metadata }: StreamEnds): void {
  if (metadata.hides !== '') throw hidden(stream, first, metadata);
  if (first !== undefined && first.revision > 0) {
    const lost = `revisions 0 to ${first.revision - 1} are gone from the server`;
    throw damaged(stream, first.revision, `is the first record left: ${lost}. Put back a backup of it that holds them`);
  }
  if (first === undefined && last !== undefined) {
    throw damaged(stream, last.revision, 'is the last record, and there is no first');
  }
}

/** What a stream is called whose metadata hides something of it. `first`: the first record left. */
export function hidden(stream: string, first: StoredRecord | undefined, { hides, revision }: StreamMetadata): Error {
  const says = `${hides.includes(DELETED) ? 'it has been deleted, and ' : ''}its metadata says ${hides}`;
  const where = `revision ${revision} of $$${stream}`;
  const way = 'Write metadata without that, and all records return, unless the server has scavenged since';
  if (first === undefined) {
    return new LogLostError(`${stream}: none of its records can be read: ${says} (${where}). ${way}`);
  }
  const what = first.revision === 0 ? 'is the first record, and not for long' : 'is the first record left';
  return damaged(stream, first.revision, `${what}: ${says} (${where}). ${way}`);
}

/** What a stream is called that is gone for good. */
export function tombstoned(stream: string): LogLostError {
  const way = 'Put back a backup of the server, or begin a new log under another prefix';
  return new LogLostError(
    `${stream}: it has a tombstone: the server never shows or takes a record of it again. ${way}`,
  );
}

/** A server takes no notice of metadata that it cannot read. */
function saidBy(event: RecordedEvent): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = event.isJson ? event.data : JSON.parse(Buffer.from(event.data).toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function valueOf(value: unknown): string {
  return Number(value) >= Number(DELETED) ? DELETED : JSON.stringify(value);
}
