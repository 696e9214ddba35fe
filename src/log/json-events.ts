/** Batches as events in JSON, one after the other, and back: for logs whose unit is a message and not a frame. */
import { EventEncoder } from '../events/codec.generated.js';
import type { ByteCursor } from '../events/bytes.js';
import { appendEvent, eventFromJson, InvalidEventError } from '../events/event.js';
import type { EventBatch } from '../events/fold.js';
import { readEventJson, type ToldEvent } from '../events/json.generated.js';
import { HEADROOM_BYTES, type SealedBatch } from './port.js';

/** An event as a message carries it. */
export interface JsonEvent {
  readonly position: number;
  readonly stream: string;
  readonly type: string;
  /** The event's own fields as one JSON object, `type` and `version` among them. `eventFromJson` reads it. */
  readonly json: string;
}

/** The batch's events, the last one its BatchSealed. */
export function* jsonEventsOf(batch: SealedBatch, shard: number): Generator<JsonEvent, void, void> {
  const { firstPosition, count, buffer, start, end } = batch;
  const cursor: ByteCursor = { bytes: buffer, at: start, end };
  const told: ToldEvent = { type: '', stream: '' };
  for (let position = firstPosition; position < firstPosition + count; position++) {
    const json = readEventJson(cursor, shard, told);
    yield { position, stream: told.stream, type: told.type, json };
  }
}

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
