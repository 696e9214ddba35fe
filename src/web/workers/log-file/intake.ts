import { toHex } from '../../../events/bytes.js';
import { EventEncoder } from '../../../events/codec.generated.js';
import { appendEvent, type Event, InvalidEventError, streamOf } from '../../../events/event.js';
import { type EventLine, parseEventLine } from '../../../events/event-line.js';
import { foldBatch } from '../../../events/fold.js';
import { DigestChain } from '../../../log/digest-chain.js';
import { messageOf } from '../../../log/message-of.js';
import type { MakeSha256 } from '../../../log/sha256.js';
import { BatchStore } from './batch-store.js';
import { LogFileError } from './file-error.js';
import { FileFold } from './file-fold.js';
import { KeptModels } from './kept-models.js';

/** What was noticed while a file was read. */
export interface Intake {
  readonly shard: number;
  /** Position after its last event. */
  readonly head: number;
  readonly batches: number;
  /** How many events at its end had no BatchSealed behind them and were sealed now: the export had been cut short. */
  readonly eventsSealed: number;
  /** The line within which it was cut, which is left out. */
  readonly cutLine?: number;
  /** How many batches are sealed with another digest than that of their events and all before them, and the first one’s position. */
  readonly wrongSeals: number;
  readonly firstWrongSeal?: number;
}

const FIRST_BYTES = 1 << 16;
/** A running exchange seals far below; what has no seal for so long is not one of its logs. */
const MOST_BATCH_BYTES = 256e6;

/**
 * Makes a log in memory of exported lines: positions without gaps, batches that end with their seals, as `parley log import` makes it. In
 * the same pass it is folded.
 *
 * 1. A batch with a wrong seal is kept and counted; its chain goes on from what the seal says, as the audit's does.
 */
export class LogIntake {
  readonly store = new BatchStore();
  readonly fold = new FileFold();
  private readonly batch = new EventEncoder(FIRST_BYTES);
  private readonly chain: DigestChain;
  private position = 0;
  private shard: number | undefined;
  private shardRevision = 0;
  private batches = 0;
  private wrongSeals = 0;
  private firstWrongSeal: number | undefined;

  constructor(
    sha256: MakeSha256,
    readonly models = new KeptModels(),
  ) {
    this.chain = new DigestChain(sha256);
    this.batch.at = 0;
  }

  /** Takes the next line, which is not empty. Throws LogFileError for one that cannot be it. */
  add(text: string, line: number): void {
    const event = this.parse(text, line);
    const eventsEnd = this.batch.at;
    appendEvent(this.batch, event);
    this.position++;
    if (event.type !== 'BatchSealed') {
      if (this.batch.at > MOST_BATCH_BYTES) throw new LogFileError('BATCH_TOO_LARGE', 'no batch ends up to here', line);
      return;
    }
    const digest = this.chain.next(this.batch.bytes.subarray(0, eventsEnd));
    if (toHex(digest) !== event.digest) {
      this.wrongSeals++;
      this.firstWrongSeal ??= this.position - 1;
    }
    this.take(line);
  }

  /** To be called after the last line: what is left is sealed as a batch of its own. Throws LogFileError where there was no event. */
  finish(cutLine: number | undefined): Intake {
    const eventsSealed = this.batch.count;
    if (eventsSealed > 0) {
      const digest = this.chain.next(this.batch.bytes.subarray(0, this.batch.at));
      this.batch.batchSealed({ revision: this.shardRevision, digest });
      this.position++;
      this.take(undefined);
    }
    if (this.position === 0) {
      if (cutLine !== undefined) throw new LogFileError('LINE_INVALID', 'the line is not JSON', cutLine);
      throw new LogFileError('FILE_EMPTY', 'the file holds no event');
    }
    this.store.finish();
    const { position: head, batches, wrongSeals, firstWrongSeal, shard = 0 } = this;
    return {
      ...{ shard, head, batches, eventsSealed, wrongSeals },
      ...(cutLine !== undefined && { cutLine }),
      ...(firstWrongSeal !== undefined && { firstWrongSeal }),
    };
  }

  private parse(text: string, line: number): Event {
    const { position, stream, event } = parseLine(text, line);
    if (position !== this.position) {
      throw new LogFileError('POSITION_GAP', gap(this.position, position), line);
    }
    const expected = this.streamOf(event, stream);
    if (stream !== expected) {
      throw new LogFileError('STREAM_DIFFERS', `its stream is ${expected}, not ${JSON.stringify(stream)}`, line);
    }
    if (expected.startsWith('shard-') && 'revision' in event) {
      this.shardRevision = Math.min(event.revision + 1, Number.MAX_SAFE_INTEGER);
    }
    return event;
  }

  /** Where the event must stand. The first that stands in a shard’s stream says which shard it is. */
  private streamOf(event: Event, stream: unknown): string {
    const expected = streamOf(event, this.shard ?? 0);
    if (this.shard !== undefined || !expected.startsWith('shard-')) return expected;
    this.shard = shardIn(stream) ?? 0;
    return streamOf(event, this.shard);
  }

  private take(line: number | undefined): void {
    const { at, bytes, count } = this.batch;
    const batch = { firstPosition: this.position - count, count, bytes: bytes.subarray(0, at) };
    try {
      foldBatch(batch, this.fold);
    } catch (cause) {
      const what = `the events cannot have happened so: ${messageOf(cause)}`;
      throw new LogFileError('HISTORY_BROKEN', what, line, { cause });
    }
    this.store.append(batch);
    this.chain.advance(this.fold.sealDigest);
    this.batch.at = 0;
    this.batch.count = 0;
    this.batches++;
    this.models.consider(this.fold);
  }
}

function gap(expected: number, position: unknown): string {
  const found = `the line has ${position === undefined ? 'none' : JSON.stringify(position)}`;
  if (expected > 0) return `position ${expected} is missing: ${found}`;
  return `a log begins at position 0, and ${found}: a part of a log cannot be folded`;
}

function shardIn(stream: unknown): number | undefined {
  const digits = typeof stream === 'string' ? /^shard-(0|[1-9]\d{0,6})$/.exec(stream)?.[1] : undefined;
  return digits === undefined ? undefined : Number(digits);
}

function parseLine(text: string, line: number): EventLine {
  try {
    return parseEventLine(text);
  } catch (cause) {
    if (cause instanceof InvalidEventError) throw new LogFileError('LINE_INVALID', cause.message, line, { cause });
    throw cause;
  }
}
