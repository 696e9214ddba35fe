/** The events of a log as programs read them: the objects that `GET /v1/events` sends. */
import { ByteCursor } from '../events/bytes.js';
import { catalogue } from '../events/catalogue.js';
import type { EventBatch } from '../events/fold.js';
import { readEventJson, type ToldEvent } from '../events/json.generated.js';

/** An event of the log; its fields stand in the reference of events. */
export interface LogEvent {
  readonly position: number;
  /** `intention-ID`, `deal-ID` or `shard-N`. */
  readonly stream: string;
  readonly type: string;
  readonly version: number;
  readonly [field: string]: string | number | boolean;
}

/** Which events. */
export interface EventFilter {
  /** First log position wanted. */
  readonly from?: number | undefined;
  /** Only this stream. */
  readonly stream?: string | undefined;
  /** Only these types, which must be those of events. */
  readonly type?: string | readonly string[] | undefined;
}

const known: ReadonlySet<string> = new Set(catalogue.map(({ type }) => type));

/** The events that the filter chooses, of the batches of one shard, in order. Throws RangeError for a type that there is not. */
export async function* eventsOf(
  batches: AsyncIterable<EventBatch>,
  shard: number,
  { from = 0, stream, type }: EventFilter,
): AsyncGenerator<LogEvent, void, undefined> {
  const types = type === undefined ? undefined : new Set(typeof type === 'string' ? [type] : type);
  for (const name of types ?? []) if (!known.has(name)) throw new RangeError(`there are no events of the type ${name}`);
  const told: ToldEvent = { type: '', stream: '' };
  for await (const { bytes, firstPosition, count } of batches) {
    const cursor = new ByteCursor(bytes);
    for (let position = firstPosition; position < firstPosition + count; position++) {
      const json = readEventJson(cursor, shard, told);
      if (position < from || (stream !== undefined && told.stream !== stream)) continue;
      if (types?.has(told.type) === false) continue;
      const fields = JSON.parse(json) as Omit<LogEvent, 'position' | 'stream'>; // the text of an event
      yield { position, stream: told.stream, ...fields } as LogEvent; // an event has its type and its version
    }
  }
}
