/** Batches out of events in JSON, one after the other: for logs whose unit is a message and not a frame. */
import { EventEncoder } from '../events/codec.generated.js';
import { appendEvent, eventFromJson, InvalidEventError } from '../events/event.js';
import type { EventBatch } from '../events/fold.js';
import { HEADROOM_BYTES } from './port.js';

const FIRST_BYTES = 1 << 16;

/**
 * Puts batches together again from their events. A batch ends with its BatchSealed, so nothing but the events themselves says where
 * one begins; their canonical bytes, and so the digests, come out as they went in.
 */
export class BatchAssembler {
  private readonly encoder = new EventEncoder(FIRST_BYTES, HEADROOM_BYTES);

  /** `position` is that of the first event that will be added: where some batch begins. */
  constructor(private position: number) {}

  /** Position of the event that must come next. */
  get next(): number {
    return this.position + this.encoder.count;
  }

  /**
   * Takes the next event: the value that its JSON stands for. Returns the batch that ends with it, whose memory is used again for the
   * next one. Throws InvalidEventError for what is no event, or not the one at this position.
   */
  add(position: number, value: unknown): EventBatch | undefined {
    const { encoder } = this;
    if (position !== this.next) throw new InvalidEventError(`position ${position} follows ${this.next - 1}`);
    const event = eventFromJson(value);
    appendEvent(encoder, event);
    if (event.type !== 'BatchSealed') return undefined;
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
