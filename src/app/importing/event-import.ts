import { DigestChain } from '../../log/digest-chain.js';
import { nodeSha256 } from '../../log/node-sha256.js';
import { toHex } from '../../events/bytes.js';
import { EventEncoder } from '../../events/codec.generated.js';
import { appendEvent, type Event, InvalidEventError, streamOf } from '../../events/event.js';
import { type EventLine, parseEventLine } from '../../events/event-line.js';
import { HEADROOM_BYTES } from '../../log/port.js';
import type { ImportTarget } from './import-target.js';
import { ExitCode, Failure, usage } from '../exit.js';

const FIRST_BYTES = 1 << 16;

export interface ImportReport {
  readonly events: number;
  readonly batches: number;
  /** Of the last batch, in hexadecimal. */
  readonly digest: string;
  /** How many events had no BatchSealed behind them and were sealed now: the export had been cut short. */
  readonly eventsSealed: number;
}

/**
 * Makes the batches of a log again from exported lines.
 *
 * 1. A batch is what ends with a BatchSealed; it is appended as one, so positions and digests are those of the log that was exported.
 * 2. Before it is appended, its digest is computed again. One that differs ends the import: Failure, naming the position.
 */
export class EventImport {
  private readonly batch = new EventEncoder(FIRST_BYTES, HEADROOM_BYTES);
  private readonly chain = new DigestChain(nodeSha256);
  private position = 0;
  private shardRevision = 0;
  private batches = 0;

  constructor(
    private readonly target: ImportTarget,
    private readonly shard: number,
  ) {}

  get events(): number {
    return this.position;
  }

  /** Takes the next line. `place` names it, as `file:line`. */
  async add(line: string, place: string): Promise<void> {
    const event = this.parse(line, place);
    const eventsEnd = this.batch.at;
    appendEvent(this.batch, event);
    if (streamOf(event, this.shard).startsWith('shard-') && 'revision' in event)
      this.shardRevision = event.revision + 1;
    this.position++;
    if (event.type !== 'BatchSealed') return;
    const digest = this.digestTo(eventsEnd);
    if (toHex(digest) !== event.digest) {
      throw new Failure(
        ExitCode.Violated,
        `position ${this.position - 1}: the digest is ${event.digest}, but the events give ${toHex(digest)} (${place})`,
      );
    }
    await this.append(digest);
  }

  /** To be called after the last line: what is left is sealed as a batch of its own. */
  async finish(): Promise<ImportReport> {
    const eventsSealed = this.batch.count;
    if (eventsSealed > 0) {
      const digest = this.digestTo(this.batch.at);
      this.batch.batchSealed({ revision: this.shardRevision, digest });
      this.position++;
      await this.append(digest);
    }
    return { events: this.position, batches: this.batches, digest: this.chain.hex, eventsSealed };
  }

  private parse(line: string, place: string): Event {
    const { position, stream, event } = parseLine(line, place);
    if (position !== this.position) {
      const found = JSON.stringify(position);
      throw new Failure(ExitCode.Violated, `position ${this.position} is missing: the line has ${found} (${place})`);
    }
    const expected = streamOf(event, this.shard);
    if (stream === expected) return event;
    throw usage(`${place}: its stream is ${expected}, not ${JSON.stringify(stream)}`);
  }

  private digestTo(end: number): Uint8Array {
    return this.chain.next(this.batch.bytes.subarray(HEADROOM_BYTES, end));
  }

  private async append(digest: Uint8Array): Promise<void> {
    const { bytes, at, count } = this.batch;
    const firstPosition = this.position - count;
    await this.target.append({ firstPosition, count, buffer: bytes, start: HEADROOM_BYTES, end: at });
    this.chain.advance(digest);
    this.batch.at = HEADROOM_BYTES;
    this.batch.count = 0;
    this.batches++;
  }
}

function parseLine(line: string, place: string): EventLine {
  try {
    return parseEventLine(line);
  } catch (cause) {
    if (cause instanceof InvalidEventError) throw usage(`${place}: ${cause.message}`, cause);
    throw cause;
  }
}
