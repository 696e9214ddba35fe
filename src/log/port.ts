/**
 * The log port: all that Parley asks of a durable log. Every adapter (embedded, Kafka, EventStoreDB) passes the one contract
 * suite in test/contract.
 *
 * 1. A shard's log is one sequence of events. Positions count from 0 without gaps and never change.
 * 2. A batch is appended whole or not at all, at the head and nowhere else.
 * 3. `open` fences: once it has returned, no older writer's append can ever return `appended`.
 * 4. `appended` means durable. `fenced` means that it is not in the log. `unknown` means that it may be: the writer can then no longer
 *    be used: open the log again and replay.
 * 5. Readers see whole batches, in order, only durable ones, and need no lock.
 */
import type { EventBatch } from '../events/fold.js';
import type { RecordedEvent } from '../events/event.js';

export type AppendOutcome = 'appended' | 'fenced' | 'unknown';

/**
 * A batch ready to be appended. The events' canonical bytes stand in `buffer` from `start` to `end`. The bytes before `start` (at
 * least HEADROOM_BYTES of them) are scratch space in which an adapter may build its frame's header, so that nothing is copied.
 */
export interface SealedBatch {
  readonly firstPosition: number;
  readonly count: number;
  readonly buffer: Uint8Array;
  readonly start: number;
  readonly end: number;
}

export const HEADROOM_BYTES = 64;

/** Throws RangeError for what no writer may be handed: a batch that does not begin at the head, or that is none. */
export function mustBeNext({ firstPosition, count, start, end, buffer }: SealedBatch, head: number): void {
  if (firstPosition !== head) throw new RangeError(`a batch from ${firstPosition} on; the head is ${head}`);
  if (count < 1 || start < HEADROOM_BYTES || end <= start || end > buffer.length) {
    throw new RangeError(`not a batch: ${count} events in bytes ${start} to ${end} of ${buffer.length}`);
  }
}

export interface LogWriter {
  /** 1 for a log's first writer, then one more for each. */
  readonly epoch: number;
  /** The position that the next event gets. */
  readonly head: number;
  /** One at a time: the next may be appended once the promise of the last has settled. Never rejects for reasons of the log. */
  append(batch: SealedBatch): Promise<AppendOutcome>;
  /** After `unknown`: what the log said. */
  readonly failure: Error | undefined;
  /**
   * Looks whether the log still ends with what this writer appended. Rejects with DamagedLogError or LogLostError when somebody has
   * changed it from outside, with LogLockedError when a newer writer has claimed it, with anything else when it cannot be told just now.
   * May be called while an append is under way.
   */
  verify?(): Promise<void>;
  close(): Promise<void>;
}

/** One thing that is known of a log beside its events: by a writer's claim, by a snapshot, by a store that was made from it. */
export interface Evidence {
  /** Who knows it, for people: `snapshot-00000000000000000068.bin`. */
  readonly source: string;
  /** The log held every event before this position. */
  readonly position: number;
  /** Of the batch that ended there, as 64 lower-case hexadecimal digits; undefined where only the position is known. */
  readonly digest?: string | undefined;
  /** What must be there, whatever the positions say, and is not: a segment. */
  readonly missing?: string | undefined;
  /** It held what stood from `position` up to here; undefined where nobody knows how far it went. */
  readonly missingUntil?: number | undefined;
}

/**
 * Called with a log that is about to be claimed. What it throws ends the opening, with nothing changed.
 */
export type Admit = (found: FoundLog) => Promise<void>;

/** A log as its next writer finds it. */
export interface FoundLog {
  readonly log: Pick<ShardLog, 'shard' | 'head' | 'read'>;
  readonly head: number;
  /** The newest writer's; 0 where there was none. */
  readonly epoch: number;
  /** What the medium knew of it when its head was looked for. */
  readonly evidence: readonly Evidence[];
}

export interface ShardLog {
  readonly shard: number;
  /**
   * Fences every earlier writer and returns the new one. Where the medium can, `admit` is called first, when the log's end is known and
   * nobody has been claimed yet; the head may be further once it is. Throws LogLockedError, DamagedLogError or what the medium throws.
   */
  open(admit?: Admit): Promise<LogWriter>;
  /** Position after the last durable event. */
  head(): Promise<number>;
  /** Whole batches, in order, from the one that holds `from` (or the head, when there is none) to the head as it stands. */
  read(from: number): AsyncIterable<EventBatch>;
  /** Like `read`, and goes on as the log grows, until aborted. */
  follow(from: number, signal: AbortSignal): AsyncIterable<EventBatch>;
  /** The events of one stream, in order, looking no further back than `from`. */
  readStream(stream: string, from?: number): AsyncIterable<RecordedEvent>;
  /** What the medium knows of the log's past beside its events: its writers' claims. None where it knows nothing. */
  evidence?(): Promise<readonly Evidence[]>;
}

/** What the log's errors have in common: a code that never changes, and the name of their class. */
abstract class LogError extends Error {
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Another live process writes this log. */
export class LogLockedError extends LogError {
  readonly code = 'LOG_LOCKED';

  /** `newestEpoch`: the newest that another has claimed, where that could be seen; 0 where none has. */
  constructor(
    message: string,
    readonly newestEpoch?: number,
  ) {
    super(message);
  }
}

/** The log holds something that no writer of it can have written. Nothing has been changed. */
export class DamagedLogError extends LogError {
  readonly code = 'LOG_DAMAGED';
  /** File, byte offset within it and number of the frame in it, as far as the medium has such a thing. */
  readonly file: string;
  readonly byte: number;
  readonly frame: number;

  constructor(what: string, { file, byte, frame }: { file: string; byte: number; frame: number }) {
    super(`${file}: frame ${frame} at byte ${byte}: ${what}`);
    this.file = file;
    this.byte = byte;
    this.frame = frame;
  }
}

/** The log is not what it was: something beside it knows of events that it does not hold. Nothing has been changed. */
export class LogLostError extends LogError {
  readonly code = 'LOG_LOST';

  /** `evidence`: what knows of them, as far as the log contradicts it. */
  constructor(
    message: string,
    readonly evidence: readonly Evidence[] = [],
  ) {
    super(message);
  }
}

/**
 * Another process holds back the log's end, or the right to write it, and has claimed nothing: where the log ends cannot be known.
 * Nothing has been changed; once the other releases it, trying again succeeds.
 */
export class LogHeldError extends LogError {
  readonly code = 'LOG_HELD';
}

/** Nobody answers where the log should be, or no longer. Nothing is known of what was under way. */
export class LogUnreachableError extends LogError {
  readonly code = 'LOG_UNREACHABLE';
}

/** The log's server, or its folder, is there and says no: credentials, rights, or a set-up that does not fit. Trying again changes nothing. */
export class LogRefusedError extends LogError {
  readonly code = 'LOG_REFUSED';
}
