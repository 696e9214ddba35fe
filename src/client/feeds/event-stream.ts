import type { EventFilter } from '../filters.js';
import { followMessages, unreadable } from '../wire/message-stream.js';
import type { Transport } from '../wire/transport.js';
import type { RecordedEvent } from '../types.js';

/**
 * The events, over as many connections as it takes, none missing and none twice. Ends when the filter's signal aborts. `attempts`: how
 * often the first connection is tried.
 */
export function followEvents(
  transport: Transport,
  { from, shard, stream, type, signal }: EventFilter,
  attempts?: number,
): AsyncGenerator<RecordedEvent, void, undefined> {
  /** The position that is wanted next, once that is known. */
  let next = from;
  const types = typeof type === 'string' ? type : type?.join(',');
  const source = {
    path: '/v1/events',
    query: () => ({ from: next, shard, stream, type: types }),
    opened: (begins: number | undefined) => (next ??= begins),
    take: ({ position }: RecordedEvent) => {
      if (position < (next ?? 0)) throw unreadable(`position ${position} comes twice`);
      next = position + 1;
    },
    signal,
  };
  return followMessages(transport, source, attempts);
}
