/** Reads a shard's stream: its last record, the place of a position, and all records of a stretch, page by page. */
import { BACKWARDS, END, ErrorType, FORWARDS, type ReadStreamOptions, START } from '@eventstore/db-client';
import type { Connection } from './connection.js';
import { SilentServerError, typeOf } from './failures.js';
import { damaged, headAfter, recordOf, resumeAfter, type StoredRecord } from './record.js';

const PAGE = 2_000;

/** Where a batch begins. */
export interface BatchStart {
  readonly revision: number;
  readonly position: number;
}

export class ShardStream {
  constructor(
    readonly connection: Connection,
    readonly name: string,
  ) {}

  async last(): Promise<StoredRecord | undefined> {
    const [last] = await this.page({ direction: BACKWARDS, fromRevision: END, maxCount: 1 });
    return last;
  }

  head(last: StoredRecord | undefined): number {
    return last === undefined ? 0 : headAfter(last);
  }

  /**
   * The beginning of the batch that holds `from`, or of the one that comes next where there is none. `last`: the stream's last record.
   *
   * The valid record at `from` stands at a revision from `from` up to `from` plus what last's revision is ahead of its position. Of
   * those revisions, the last one whose batch begins at or before `from` belongs to the batch that is looked for: void batches and
   * claims come before the valid batch that begins where they do.
   */
  async locate(from: number, last: StoredRecord | undefined): Promise<BatchStart> {
    if (last === undefined) return { revision: 0, position: 0 };
    const head = headAfter(last);
    if (from >= head) return { revision: resumeAfter(last), position: head };
    let low = await this.at(from);
    let above = Math.min(from + last.revision - last.position, last.revision) + 1;
    while (low.revision + 1 < above) {
      const middle = await this.at(Math.floor((low.revision + above) / 2));
      if (middle.batch <= from) low = middle;
      else above = middle.revision;
    }
    return { revision: low.revision - (low.position - low.batch), position: low.batch };
  }

  /** All records from one revision up to and with another, both of which are there. */
  async *records(from: number, to: number): AsyncGenerator<StoredRecord, void, void> {
    let next = from;
    while (next <= to) {
      const maxCount = Math.min(PAGE, to - next + 1);
      const page = await this.page({ direction: FORWARDS, fromRevision: revisionOf(next), maxCount });
      for (const record of page) {
        if (record.revision !== next) throw damaged(this.name, next, `is missing, ${record.revision} comes next`);
        next++;
        yield record;
      }
      if (page.length < maxCount) throw damaged(this.name, next, 'is missing, although later records were there');
    }
  }

  /** The record at a revision. Undefined where the stream ends before it. */
  async find(revision: number): Promise<StoredRecord | undefined> {
    const [record] = await this.page({ direction: FORWARDS, fromRevision: revisionOf(revision), maxCount: 1 });
    return record?.revision === revision ? record : undefined;
  }

  private async at(revision: number): Promise<StoredRecord> {
    const record = await this.find(revision);
    if (record === undefined) throw damaged(this.name, revision, 'is missing, although later records were there');
    return record;
  }

  /** Empty where there is no such stream. Of a cluster, its leader is asked: what was once stored is there. */
  private page(options: ReadStreamOptions): Promise<StoredRecord[]> {
    return this.connection.patiently(() => this.pageOnce(options));
  }

  private async pageOnce(options: ReadStreamOptions): Promise<StoredRecord[]> {
    const { reading, answerMs, closed } = this.connection;
    const stream = reading.readStream(this.name, { ...options, requiresLeader: true });
    stream.on('error', ignore); // also what comes when nobody iterates any more
    const stop = (): unknown => stream.destroy();
    const silence = setTimeout(() => stream.destroy(new SilentServerError(answerMs)), answerMs);
    closed.addEventListener('abort', stop);
    const records: StoredRecord[] = [];
    try {
      for await (const { event } of stream) {
        silence.refresh();
        if (event !== undefined) records.push(recordOf(event));
      }
    } catch (error) {
      if (typeOf(error) !== ErrorType.STREAM_NOT_FOUND) throw error;
    } finally {
      clearTimeout(silence);
      closed.removeEventListener('abort', stop);
      stream.cancel().catch(ignore);
    }
    return records;
  }
}

/** A revision as the client takes it. */
export function revisionOf(revision: number): bigint | typeof START {
  return revision === 0 ? START : BigInt(revision);
}

export function ignore(): void {
  // What ends a call that is over already is nobody's concern.
}
