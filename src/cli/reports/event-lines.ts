import { type Event, streamOf } from '../../events/event.js';
import { type EventBatch, eventsOfBatch } from '../../events/fold.js';

/** Which events are wanted. All that is given must hold. */
export interface EventFilter {
  /** First position, and the one to stop before. */
  readonly from?: number;
  readonly until?: number;
  readonly stream?: string | undefined;
  readonly type?: readonly string[] | undefined;
}

/** An event where it stands, ready to be shown or exported as JSON. */
export type EventLine = { readonly position: number; readonly stream: string } & Event;

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
