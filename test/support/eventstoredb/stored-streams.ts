/**
 * What the stand-in server keeps: streams of records, as EventStoreDB keeps them as far as the adapter can tell.
 *
 * 1. An append is stored whole behind the revision that it expects, or not at all.
 * 2. One that expects an older revision, behind which just its own ids stand in its order, was stored before: it succeeds and changes
 *    nothing. Ids are compared, contents are not. A server that `forgets` calls it a wrong revision instead.
 */
import { EventEmitter } from 'node:events';

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
  | { readonly kind: 'wrong revision'; readonly current: number | undefined };

export class StoredStreams {
  forgets = false;
  private readonly streams = new Map<string, KeptRecord[]>();
  private readonly growth = new EventEmitter().setMaxListeners(0);

  get names(): string[] {
    return [...this.streams.keys()];
  }

  records(name: string): readonly KeptRecord[] | undefined {
    return this.streams.get(name);
  }

  append(name: string, expected: Expected, records: readonly KeptRecord[]): AppendResult {
    const stream = this.streams.get(name) ?? [];
    const last = stream.length - 1;
    const after = expected === 'any' || expected === 'stream_exists' ? last : expected === 'no_stream' ? -1 : expected;
    if (expected === 'stream_exists' && last < 0) return { kind: 'wrong revision', current: undefined };
    if (after !== last) {
      const isRepeated = !this.forgets && records.every(({ id }, index) => stream[after + 1 + index]?.id === id);
      if (isRepeated) return { kind: 'stored', revision: after + records.length };
      return { kind: 'wrong revision', current: last < 0 ? undefined : last };
    }
    for (const record of records) stream.push(record);
    this.streams.set(name, stream);
    this.growth.emit(name);
    return { kind: 'stored', revision: stream.length - 1 };
  }

  /** Calls back after each append to the stream. Returns what ends that. */
  onGrowth(name: string, wake: () => void): () => void {
    this.growth.on(name, wake);
    return () => this.growth.off(name, wake);
  }
}
