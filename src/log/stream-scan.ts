/** Finds one stream's events in batches. Events of other streams are stepped over without being decoded. */
import { ByteCursor } from '../events/bytes.js';
import type { StreamKind } from '../events/catalogue.js';
import { type EventKey, skipEvent } from '../events/codec.generated.js';
import { decodeEvent, type RecordedEvent } from '../events/event.js';
import type { EventBatch } from '../events/fold.js';

interface StreamName {
  readonly kind: StreamKind;
  /** The values of its key fields. */
  readonly key: readonly number[];
}

/** Undefined for what is no stream's name. */
function parseStream(stream: string): StreamName | undefined {
  const match = /^(?:(intention)-(\d+)|(deal)-(\d+)-(\d+)|(shard)-(\d+))$/.exec(stream);
  if (match === null) return undefined;
  const [kind, ...numbers] = match.slice(1).filter((part: string | undefined) => part !== undefined);
  return { kind: kind as StreamKind, key: numbers.map(Number) }; // the expression names these kinds alone
}

/** The events of `stream` among the batches, from position `from` on. `shard` is the number of the shard they come from. */
export async function* eventsOfStream(
  batches: AsyncIterable<EventBatch>,
  stream: string,
  shard: number,
  from: number,
): AsyncGenerator<RecordedEvent, void, void> {
  const name = parseStream(stream);
  if (name === undefined || (name.kind === 'shard' && name.key[0] !== shard)) return;
  const key: EventKey = { stream: 'shard', first: 0, second: 0 };
  for await (const { bytes, firstPosition, count } of batches) {
    const cursor = new ByteCursor(bytes);
    for (let position = firstPosition; position < firstPosition + count; position++) {
      const start = cursor.at;
      skipEvent(cursor, key);
      if (position < from || key.stream !== name.kind || !isOf(key, name)) continue;
      cursor.at = start;
      yield { position, stream, event: decodeEvent(cursor) };
    }
  }
}

function isOf(key: EventKey, { kind, key: [first, second] }: StreamName): boolean {
  return kind === 'shard' || (key.first === first && (second === undefined || key.second === second));
}
