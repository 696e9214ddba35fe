/**
 * What the stand-in server keeps: streams of records, as EventStoreDB keeps them as far as the adapter can tell.
 *
 * 1. An append is stored whole behind the revision that it expects, or not at all.
 * 2. One that expects an older revision, behind which just its own ids stand in its order, was stored before: it succeeds and changes
 *    nothing. Ids are compared, contents are not. A server that `forgets` calls it a wrong revision instead.
 * 3. Metadata is the last record of `$$<stream>`. It hides records from readers, and moves no revision.
 * 4. A deleted stream has no records for readers, and takes an append that expects its last revision or none: behind its last, and from
 *    there on it is there again. A tombstoned one takes and gives nothing ever again, and neither does its metadata.
 */
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { limitsOf, METADATA, NO_MORE, truncatedBefore } from './stream-metadata.js';

export interface KeptRecord {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** A revision, or what an append may expect in its place. */
export type Expected = number | 'any' | 'no_stream' | 'stream_exists';

export type AppendResult =
  | { readonly kind: 'stored'; readonly revision: number }
  | { readonly kind: 'wrong revision'; readonly current: number | undefined }
  | { readonly kind: 'deleted' };

/** What readers find: nothing, what says that it is gone for good, or the records from one revision on. */
export type View =
  { readonly kind: 'none' } | { readonly kind: 'deleted' } | { readonly kind: 'there'; readonly from: number };

interface Kept {
  readonly records: KeptRecord[];
  readonly storedAtMs: number[];
  /** Revisions below are gone from the disk. */
  scavengedBefore: number;
  isTombstoned: boolean;
}

export class StoredStreams {
  forgets = false;
  private readonly streams = new Map<string, Kept>();
  private readonly growth = new EventEmitter().setMaxListeners(0);

  get names(): string[] {
    return [...this.streams.keys()];
  }

  /** All that were ever stored, hidden or not. */
  records(name: string): readonly KeptRecord[] | undefined {
    return this.streams.get(name)?.records;
  }

  view(name: string): View {
    if (this.isTombstoned(name)) return { kind: 'deleted' };
    const stream = this.streams.get(name);
    const { truncateBefore, maxCount, maxAgeMs, isDeleted } = this.limits(name);
    if (stream === undefined || isDeleted) return { kind: 'none' };
    const count = stream.records.length;
    const young = stream.storedAtMs.findIndex((storedAtMs) => storedAtMs > Date.now() - maxAgeMs);
    return {
      kind: 'there',
      from: Math.max(stream.scavengedBefore, truncateBefore, count - maxCount, young < 0 ? count : young),
    };
  }

  append(name: string, expected: Expected, records: readonly KeptRecord[]): AppendResult {
    if (this.isTombstoned(name)) return { kind: 'deleted' };
    const stream = this.streams.get(name) ?? none();
    const last = stream.records.length - 1;
    const { isDeleted } = this.limits(name);
    if (!this.holds(name, expected)) {
      const after = expected === 'no_stream' ? -1 : expected;
      const isRepeated = typeof after === 'number' && !this.forgets && stands(stream.records, after, records);
      if (isRepeated) return { kind: 'stored', revision: after + records.length };
      return { kind: 'wrong revision', current: last < 0 ? undefined : last };
    }
    if (isDeleted) this.truncate(name, BigInt(last + 1));
    for (const record of records) {
      stream.records.push(record);
      stream.storedAtMs.push(Date.now());
    }
    this.streams.set(name, stream);
    this.growth.emit(name);
    return { kind: 'stored', revision: stream.records.length - 1 };
  }

  /** Hides all records, until the metadata is taken back. */
  delete(name: string, expected: Expected): AppendResult {
    if (this.isTombstoned(name)) return { kind: 'deleted' };
    const last = this.lastOf(name);
    if (!this.holds(name, expected)) return { kind: 'wrong revision', current: last };
    this.truncate(name, NO_MORE);
    return { kind: 'stored', revision: last ?? -1 };
  }

  /** Permanently. */
  tombstone(name: string, expected: Expected): AppendResult {
    if (this.isTombstoned(name)) return { kind: 'deleted' };
    const last = this.lastOf(name);
    if (!this.holds(name, expected)) return { kind: 'wrong revision', current: last };
    const stream = this.streams.get(name) ?? none();
    stream.isTombstoned = true;
    this.streams.set(name, stream);
    this.growth.emit(name);
    return { kind: 'stored', revision: last ?? -1 };
  }

  /** Replaces a stream's metadata: JSON. */
  setMetadata(name: string, json: string): void {
    const data = Buffer.from(json, 'utf8');
    const record = { id: randomUUID(), type: '$metadata', contentType: 'application/json', data };
    this.append(METADATA + name, 'any', [{ ...record, metadata: new Uint8Array() }]);
  }

  /** Removes from the disk what is hidden, but for the stream's last record. */
  scavenge(name: string): void {
    const stream = this.streams.get(name);
    if (stream === undefined) return;
    const view = this.view(name);
    const hiddenBefore = view.kind === 'there' ? view.from : stream.records.length;
    stream.scavengedBefore = Math.max(0, Math.min(hiddenBefore, stream.records.length - 1));
  }

  /** As if there had never been such a stream: the server has another disk. */
  forget(name: string): void {
    this.streams.delete(name);
    this.streams.delete(METADATA + name);
  }

  /** Calls back after each append to the stream, and when it is gone. Returns what ends that. */
  onGrowth(name: string, wake: () => void): () => void {
    this.growth.on(name, wake);
    return () => this.growth.off(name, wake);
  }

  private holds(name: string, expected: Expected): boolean {
    const last = this.lastOf(name);
    const { isDeleted } = this.limits(name);
    if (expected === 'any') return true;
    if (expected === 'stream_exists') return last !== undefined && !isDeleted;
    if (expected === 'no_stream') return last === undefined || isDeleted;
    return last === expected;
  }

  private truncate(name: string, before: bigint): void {
    this.setMetadata(name, truncatedBefore(this.records(METADATA + name)?.at(-1), before));
  }

  private limits(name: string) {
    return limitsOf(name.startsWith(METADATA) ? undefined : this.records(METADATA + name)?.at(-1));
  }

  private isTombstoned(name: string): boolean {
    const stream = name.startsWith(METADATA) ? name.slice(METADATA.length) : name;
    return this.streams.get(stream)?.isTombstoned === true;
  }

  private lastOf(name: string): number | undefined {
    const count = this.records(name)?.length ?? 0;
    return count === 0 ? undefined : count - 1;
  }
}

function none(): Kept {
  return { records: [], storedAtMs: [], scavengedBefore: 0, isTombstoned: false };
}

/** Whether just these records stand behind a revision. */
function stands(stream: readonly KeptRecord[], after: number, records: readonly KeptRecord[]): boolean {
  return records.every(({ id }, index) => stream[after + 1 + index]?.id === id);
}
