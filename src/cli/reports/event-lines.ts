import { catalogue } from '../../events/catalogue.js';
import { type Event, streamOf } from '../../events/event.js';
import { type EventBatch, eventsOfBatch } from '../../events/fold.js';
import { usage } from '../../app/exit.js';

/** Which events are wanted. All that is given must hold. */
export interface EventFilter {
  /** First position, and the one to stop before. */
  readonly from?: number;
  readonly until?: number;
  readonly stream?: string;
  readonly type?: readonly string[];
}

/** An event where it stands, ready to be shown or exported as JSON. */
export type EventLine = { readonly position: number; readonly stream: string } & Event;

/** Fails for a type that no event has: a filter that lets nothing through would look like an empty log. */
export function checkTypes({ type = [] }: EventFilter): void {
  const known = new Set(catalogue.map((schema) => schema.type));
  const unknown = type.find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw usage(`there is no event type ${JSON.stringify(unknown)}; there are ${[...known].join(', ')}`);
}

/** The wanted events of a batch, in order. */
export function* eventLines(batch: EventBatch, shard: number, filter: EventFilter = {}): Generator<EventLine> {
  const { from = 0, until = Number.POSITIVE_INFINITY, stream } = filter;
  const types = filter.type === undefined ? undefined : new Set(filter.type);
  for (const { position, event } of eventsOfBatch(batch)) {
    if (position >= until) return;
    if (position < from || types?.has(event.type) === false) continue;
    const eventStream = streamOf(event, shard);
    if (stream === undefined || stream === eventStream) yield { position, stream: eventStream, ...event };
  }
}
