/**
 * The log on EventStoreDB, or KurrentDB as it is called from version 25 on. It owns the stream `<prefix>_shard-<n>`, and nothing else.
 * The server's categories end at the first dash, so `$ce-parley_shard` is just the shards' streams, whatever else the server keeps.
 *
 * 1. A record is an event or a claim. Its metadata says its `position`, the position at which its `batch` begins, and the `epoch` of
 *    its writer; a claim has the position of the event that comes next. Records are only ever added, each append behind the revision
 *    that its writer takes for the last.
 * 2. The server checks an expected revision against the stream that is appended to and no other, so what fences a writer has to stand
 *    in the shard's own stream: `open` puts a claim behind the last record. An older writer expects the revision that the claim has
 *    taken, so nothing of it is stored from then on, not even what was under way. Claims count the epochs.
 * 3. So a revision is not a position. Going along the stream, revision minus position never falls and `batch` never falls; a position
 *    is found by halving the few revisions that it can have, with no other index.
 * 4. A batch is its writer's records from `batch` on, up to BatchSealed. One that is too large for a single append (servers refuse
 *    more than 1 MiB) goes in several. Readers wait for its seal. A claim behind an unfinished batch makes it void permanently, and its
 *    positions are given again: it was never in the log.
 * 5. An append whose outcome is unclear is repeated with the same ids behind the same revision, which the server stores once. When the
 *    server says that the revision is another, the record that stands in its place says whose append it was.
 * 6. Nothing of the stream is ever removed. The server lets operators do so, and goes on taking appends: a stream of which something is
 *    hidden or gone is neither opened nor read, but called damaged, or lost where nothing is left.
 */
import type { EventBatch } from '../../src/events/fold.js';
import type { RecordedEvent } from '../../src/events/event.js';
import type { Admit, LogWriter, ShardLog } from '../../src/log/port.js';
import { eventsOfStream } from '../../src/log/stream-scan.js';
import type { Logger } from '../../src/resilience/logger.js';
import { batchesOf } from './batches.js';
import { Connection } from './connection.js';
import { followRecords } from './following.js';
import { type Opening, openForWriting } from './opening.js';
import { headAfter } from './record.js';
import { ShardStream } from './shard-stream.js';

const DEFAULT_PATIENCE_MS = 10_000;
/** One shard of those in a row may not have been opened yet. */
const ABSENT_IN_A_ROW = 2;
const DEFAULT_ANSWER_MS = 10_000;
/** Below the 1 MiB that a server takes unless it is configured otherwise. */
const DEFAULT_APPEND_BYTES = 900_000;

export interface EventStoreLogOptions {
  /** `esdb://[user:password@]host[:port][,…][?option=value&…]`, or `esdb+discover://` for a cluster behind one name. */
  readonly connection: string;
  /** What the stream's name begins with; without a dash. */
  readonly prefix: string;
  readonly shard: number;
  readonly log?: Logger;
  /** How long a server that does not answer is asked again before it counts as unreachable. Defaults to 10 s. */
  readonly patienceMs?: number;
  /**
   * How long a call that reads may go on without an answer before it counts as unanswered. Defaults to 10 s, as does the time for an
   * append, which is the connection's own option `defaultDeadline`.
   */
  readonly answerMs?: number;
  /** Most bytes in one append, in JSON with its metadata: the server's `MaxAppendSize` and a little less. Defaults to 900,000. */
  readonly appendBytes?: number;
}

export class EventStoreLog implements ShardLog {
  readonly shard: number;
  private readonly connection: Connection;
  private readonly stream: ShardStream;
  private readonly ownClaims = new Set<string>();

  /** Throws RangeError for a connection or a prefix that cannot be one. Nothing is connected to yet. */
  constructor(private readonly options: EventStoreLogOptions) {
    const { connection, prefix, patienceMs = DEFAULT_PATIENCE_MS, answerMs = DEFAULT_ANSWER_MS } = options;
    this.shard = options.shard;
    this.connection = new Connection(connection, patienceMs, answerMs);
    this.stream = new ShardStream(this.connection, shardStreamName(prefix, this.shard));
  }

  /**
   * Throws LogUnreachableError, LogRefusedError, DamagedLogError or LogLostError. May be called again after that, and after a writer's
   * `unknown`: nothing is kept of what was before.
   */
  open(admit?: Admit): Promise<LogWriter> {
    const { stream, ownClaims } = this;
    const { appendBytes = DEFAULT_APPEND_BYTES, log } = this.options;
    const admitted: Opening['admit'] = async (found) => admit?.({ log: this, evidence: [], ...found });
    return openForWriting({ stream, appendBytes, log, ownClaims, admit: admitted });
  }

  async head(): Promise<number> {
    const { last } = await this.stream.look();
    return last === undefined ? 0 : headAfter(last);
  }

  async *read(from: number): AsyncGenerator<EventBatch, void, void> {
    const { last } = await this.stream.look();
    if (last === undefined) return;
    const start = await this.stream.locate(from, last);
    const records = this.stream.records(start.revision, last.revision);
    yield* batchesOf(records, this.stream.name, start.position, from);
  }

  /**
   * Goes on by itself, behind what it gave last, when the server drops it or is away. Throws DamagedLogError or LogLostError when records
   * are hidden or removed meanwhile.
   */
  async *follow(from: number, signal: AbortSignal): AsyncGenerator<EventBatch, void, void> {
    if (signal.aborted) return;
    const { last } = await this.stream.look();
    const start = await this.stream.locate(from, last);
    const until = AbortSignal.any([signal, this.connection.closed]);
    const { log } = this.options;
    const records = followRecords({ stream: this.stream, from: start.revision, last, signal: until, log });
    yield* batchesOf(records, this.stream.name, start.position, from);
  }

  readStream(stream: string, from = 0): AsyncIterable<RecordedEvent> {
    return eventsOfStream(this.read(from), stream, this.shard, from);
  }

  /** Ends what is under way and disconnects. Followers of this log end, its writers can no longer be used. */
  close(): Promise<void> {
    return this.connection.close();
  }
}

/** The category is what stands before the first dash. */
export function shardCategory(prefix: string): string {
  if (!/^[^-$@\s][^-@\s]*$/.test(prefix)) throw new RangeError(`${prefix} cannot be the beginning of a stream's name`);
  return `${prefix}_shard`;
}

export function shardStreamName(prefix: string, shard: number): string {
  return `${shardCategory(prefix)}-${shard}`;
}

/**
 * How many shards there are by their streams, from 0 on, until two in a row are not there; one past the highest that is. Rejects with
 * LogUnreachableError or LogRefusedError, with LogLostError for a stream that was deleted, and with RangeError for a connection or a prefix that cannot be one.
 */
export async function countShards(
  connection: string,
  prefix: string,
  patienceMs = DEFAULT_PATIENCE_MS,
): Promise<number> {
  const connected = new Connection(connection, patienceMs, patienceMs);
  try {
    let count = 0;
    for (let shard = 0; shard < count + ABSENT_IN_A_ROW; shard++) {
      const { last } = await new ShardStream(connected, shardStreamName(prefix, shard)).look();
      if (last !== undefined) count = shard + 1;
    }
    return count;
  } finally {
    await connected.close();
  }
}
