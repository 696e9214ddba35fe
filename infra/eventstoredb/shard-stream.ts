/** Reads a shard's stream: its ends, the place of a position, and all records of a stretch, page by page. */
import {
  BACKWARDS,
  END,
  ErrorType,
  FORWARDS,
  metastreamOf,
  type ReadStreamOptions,
  type RecordedEvent,
  START,
} from '@eventstore/db-client';
import type { Connection } from './connection.js';
import { SilentServerError, typeOf } from './failures.js';
import { damaged, headAfter, recordOf, resumeAfter, type StoredRecord } from './record.js';
import { metadataOf, mustBeWhole, type StreamEnds, type StreamMetadata, tombstoned } from './removal.js';

const PAGE = 2_000;
const FIRST = { direction: FORWARDS, fromRevision: START, maxCount: 1 } as const;
const LAST = { direction: BACKWARDS, fromRevision: END, maxCount: 1 } as const;

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

  /**
   * The stream's ends as they stand. Throws DamagedLogError or LogLostError when something of it is hidden or gone. A stream counts as
   * empty only when it was found so and its metadata, which hides nothing, is the same before and after.
   */
  async look(): Promise<StreamEnds> {
    let before: StreamMetadata | undefined;
    for (;;) {
      const [[first], [last], metadata] = await Promise.all([this.page(FIRST), this.page(LAST), this.metadata()]);
      const ends = { first, last, metadata };
      const isBeginning = (first === undefined) !== (last === undefined) && before === undefined;
      if (metadata.hides !== '' || (last !== undefined && !isBeginning)) {
        mustBeWhole(this.name, ends);
        return ends;
      }
      if (first === undefined && before !== undefined) {
        const after = await this.metadata();
        if (after.revision === before.revision) return ends;
      }
      before = metadata;
    }
  }

  /** Why a record is not there although later ones were. Rejects with what else is wrong with the stream, if anything is. */
  async gap(revision: number): Promise<Error> {
    await this.look();
    return damaged(this.name, revision, 'is missing, although later records were there');
  }

  /** The error as the log's users know it. */
  named(error: unknown): unknown {
    return typeOf(error) === ErrorType.STREAM_DELETED ? tombstoned(this.name) : this.connection.named(error);
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
        if (record.revision !== next) throw await this.gap(next);
        next++;
        yield record;
      }
      if (page.length < maxCount) throw await this.gap(next);
    }
  }

  /** The record at a revision. Undefined where the stream ends before it. */
  async find(revision: number): Promise<StoredRecord | undefined> {
    const [record] = await this.page({ direction: FORWARDS, fromRevision: revisionOf(revision), maxCount: 1 });
    return record?.revision === revision ? record : undefined;
  }

  private async at(revision: number): Promise<StoredRecord> {
    const record = await this.find(revision);
    if (record === undefined) throw await this.gap(revision);
    return record;
  }

  private async metadata(): Promise<StreamMetadata> {
    const [last] = await this.connection.patiently(() => this.eventsOnce(metastreamOf(this.name), LAST));
    return metadataOf(last);
  }

  /** Empty where there is no such stream. Of a cluster, its leader is asked: what was once stored is there. */
  private async page(options: ReadStreamOptions): Promise<StoredRecord[]> {
    return (await this.connection.patiently(() => this.eventsOnce(this.name, options))).map(recordOf);
  }

  private async eventsOnce(name: string, options: ReadStreamOptions): Promise<RecordedEvent[]> {
    const { clients, answerMs, closed } = this.connection;
    const stream = clients.reading.readStream(name, { ...options, requiresLeader: true });
    stream.on('error', ignore); // also what comes when nobody iterates any more
    const stop = (): unknown => stream.destroy();
    const silence = setTimeout(() => stream.destroy(new SilentServerError(answerMs)), answerMs);
    closed.addEventListener('abort', stop);
    const events: RecordedEvent[] = [];
    try {
      for await (const { event } of stream) {
        silence.refresh();
        if (event !== undefined) events.push(event);
      }
    } catch (error) {
      if (typeOf(error) === ErrorType.STREAM_DELETED) throw tombstoned(this.name);
      if (typeOf(error) !== ErrorType.STREAM_NOT_FOUND) throw error;
    } finally {
      clearTimeout(silence);
      closed.removeEventListener('abort', stop);
      stream.cancel().catch(ignore);
    }
    return events;
  }
}

/** A revision as the client takes it. */
export function revisionOf(revision: number): bigint | typeof START {
  return revision === 0 ? START : BigInt(revision);
}

export function ignore(): void {
  // What ends a call that is over already is nobody's concern.
}
