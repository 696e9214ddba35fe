/**
 * A stand-in for the part of the server that runs projections: it knows `fromCategory`, `when` with `$init` and `$any` or events by their
 * types, and `linkTo`, runs the source in a context of its own, and keeps the links that it makes. Each event is handed over once, in the order
 * of its stream, and streams one after the other, as one order of many that a server may take.
 */
import vm from 'node:vm';
import type { StoredStreams } from './stored-streams.js';

type Handler = (state: unknown, event: object) => unknown;

/** Of each stream that was linked to, the links in order, as `revision@stream`. */
export type Links = ReadonlyMap<string, readonly string[]>;

export function runProjection(source: string, streams: StoredStreams): Links {
  const links = new Map<string, string[]>();
  const linkTo = (target: string, event: { sequenceNumber: number; streamId: string }): void => {
    links.set(target, [...(links.get(target) ?? []), `${event.sequenceNumber}@${event.streamId}`]);
  };
  const fromCategory = (category: string) => ({
    when: (handlers: Readonly<Record<string, Handler>>): void => tell(category, handlers, streams),
  });
  vm.runInNewContext(source, { linkTo, fromCategory });
  return links;
}

function tell(category: string, handlers: Readonly<Record<string, Handler>>, streams: StoredStreams): void {
  let state = handlers.$init?.({}, {}) ?? {};
  for (const streamId of streams.names.filter((name) => categoryOf(name) === category)) {
    for (const [sequenceNumber, record] of (streams.records(streamId) ?? []).entries()) {
      const data: unknown = JSON.parse(Buffer.from(record.data).toString('utf8'));
      const handler = handlers[record.type] ?? handlers.$any;
      const event = { streamId, sequenceNumber, eventType: record.type, data, body: data, isJson: true };
      state = handler?.(state, event) ?? state;
    }
  }
}

/** What stands before the first dash, as $by_category has it by default. */
function categoryOf(stream: string): string {
  return stream.slice(0, Math.max(0, stream.indexOf('-')));
}
