/** Events as a server gives them, for tests of the log's view. */
import type { RecordedEvent } from '../../../../src/client/types.js';
import { catalogue, type EventSchema, type FieldKind } from '../../../../src/events/catalogue.js';
import type { Source } from '../../../../src/web/source/source.js';

type Fields = Readonly<Record<string, string | number | boolean>>;

/** An event of a type with some fields its own; the others are 1, the first name of a list, or the name of the field. */
export function event(type: string, fields: Fields = {}, position = 0): RecordedEvent {
  const schema = catalogue.findLast((each) => each.type === type);
  if (schema === undefined) throw new Error(`there is no ${type}`);
  return eventBy(schema, fields, position);
}

export function eventBy(schema: EventSchema, fields: Fields = {}, position = 0): RecordedEvent {
  const own = Object.entries(schema.fields).map(([name, kind]) => [name, fields[name] ?? valueOf(name, kind)]);
  const { type, version } = schema;
  const all = Object.fromEntries(own) as Record<string, string | number | boolean>; // made of those just above
  return { position, stream: streamOf(schema, all), type, version, ...all };
}

function valueOf(name: string, kind: FieldKind): string | number | boolean {
  if (typeof kind !== 'string') return kind[0] ?? '';
  switch (kind) {
    case 'integer':
      return 1;
    case 'flag':
      return false;
    case 'digest':
      return 'ab'.repeat(32);
    case 'text':
      return name;
  }
}

function streamOf({ stream }: EventSchema, fields: Fields): string {
  if (stream === 'intention') return `intention-${fields.intentionId}`;
  return stream === 'deal' ? `deal-${fields.initiatorId}-${fields.dealNumber}` : 'shard-0';
}

export const admitted = (participantId: number, name: string): RecordedEvent =>
  event('ParticipantAdmitted', { participantId, name });

/** With ticks of 0.05 and lots of 10, so that a confusion of steps and units shows. */
export const listed = (instrumentId: number, symbol: string): RecordedEvent =>
  event('InstrumentListed', {
    ...{ instrumentId, symbol, priceDecimals: 2, tickSize: 5, quantityDecimals: 0, lotSize: 10 },
    ...{ minPriceTicks: 1, maxPriceTicks: 1_000 },
  });

export const posted = (intentionId: number, participantId: number, fields: Fields = {}): RecordedEvent =>
  event('IntentionPosted', { intentionId, participantId, priceTicks: 205, quantityLots: 4, ...fields });

/** A log of so many events, each an expiry of the intention of its position. */
export function logOf(count: number, at: (position: number) => RecordedEvent = expiry): readonly RecordedEvent[] {
  return Array.from({ length: count }, (_, position) => at(position));
}

export function expiry(position: number): RecordedEvent {
  return event('IntentionExpired', { intentionId: position + 1 }, position);
}

/** What a source tells of a log, as the server does, with the queries that it was asked. */
export function sourceOfLog(log: readonly RecordedEvent[]): Pick<Source, 'events'> & { asked: { from: number }[] } {
  const asked: { from: number }[] = [];
  return {
    asked,
    events: ({ from = 0, until = log.length, limit = 100, types = [], stream }) => {
      asked.push({ from });
      const end = Math.min(until, log.length);
      const passed = log.filter(
        (each) =>
          each.position >= from &&
          each.position < end &&
          (types.length === 0 || types.includes(each.type)) &&
          (stream ?? each.stream) === each.stream,
      );
      const events = passed.slice(0, limit);
      const last = events.at(-1);
      return Promise.resolve({ events, upTo: events.length === limit && last !== undefined ? last.position + 1 : end });
    },
  };
}
