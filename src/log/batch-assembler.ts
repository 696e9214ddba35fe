/** Batches out of single events, one after the other: for logs whose unit is a message and not a frame. */
import { type ByteCursor, DamagedEventError } from '../events/bytes.js';
import { EventEncoder, type EventKey, skipEvent } from '../events/codec.generated.js';
import { type AppendJson, appendFromJson, InvalidEventError } from '../events/event.js';
import type { EventBatch } from '../events/fold.js';
import { SEAL_CODE } from '../events/seal.js';
import { HEADROOM_BYTES } from './port.js';

const FIRST_BYTES = 1 << 16;

/**
 * Puts batches together again from their events. A batch ends with its BatchSealed, so nothing but the events themselves says where
 * one begins; their canonical bytes, and so the digests, come out as they went in.
 */
export class BatchAssembler {
  private readonly encoder = new EventEncoder(FIRST_BYTES, HEADROOM_BYTES);
  private readonly key: EventKey = { stream: 'shard', first: 0, second: 0 };

  /** `position` is that of the first event that will be added: where some batch begins. */
  constructor(
    private position: number,
    /** `appendJson` is faster, and larger. */
    private readonly append: AppendJson = appendFromJson,
  ) {}

  /** Position of the event that must come next. */
  get next(): number {
    return this.position + this.encoder.count;
  }

  /**
   * Takes the next event: the value that its JSON stands for. Returns the batch that ends with it, whose memory is used again for the
   * next one. Throws InvalidEventError for what is no event, or not the one at this position.
   */
  add(position: number, value: unknown): EventBatch | undefined {
    this.mustFollow(position);
    return this.append(this.encoder, value) === 'BatchSealed' ? this.sealed() : undefined;
  }

  /**
   * The same of an event's canonical bytes, which begin at the cursor and must end at `end`. Looks how long the event is, and at nothing
   * in it: whoever reads the batch does. Throws DamagedEventError too.
   */
  addBytes(position: number, cursor: ByteCursor, end: number): EventBatch | undefined {
    this.mustFollow(position);
    const start = cursor.at;
    skipEvent(cursor, this.key);
    if (cursor.at !== end) throw new DamagedEventError(`an event of ${end - start} bytes ends elsewhere`, cursor.at);
    this.encoder.raw(cursor.bytes, start, end);
    return cursor.bytes[start] === SEAL_CODE ? this.sealed() : undefined;
  }

  private mustFollow(position: number): void {
    if (position !== this.next) throw new InvalidEventError(`position ${position} follows ${this.next - 1}`);
  }

  private sealed(): EventBatch {
    const { encoder } = this;
    const batch = {
      firstPosition: this.position,
      count: encoder.count,
      bytes: encoder.bytes.subarray(HEADROOM_BYTES, encoder.at),
    };
    this.position += encoder.count;
    encoder.at = HEADROOM_BYTES;
    encoder.count = 0;
    return batch;
  }
}
