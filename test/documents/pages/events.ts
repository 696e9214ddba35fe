/** `docs/reference/events.md`: every event and version, from the catalogue, with examples out of the golden logs. */
import { catalogue, type EventSchema, type FieldKind, layoutOf } from '../../../src/events/catalogue.js';
import { encodeEvent, type RecordedEvent } from '../../../src/events/event.js';
import { fieldSays } from '../../../src/events/field-notes.js';
import { goldenLogs } from '../../golden/golden-log.js';
import { anchorOf, code, codes, fence, paragraphs, prose, table } from '../markdown.js';

const intro = `Every event that a log can hold, by the stream in which it stands. An event is never changed and never removed; old versions stay readable
permanently. In JSON, as \`parley log cat\` and a feed show it, an event has its \`type\`, its \`version\` and its fields; the position
and the stream stand beside it. Prices are whole **ticks** and quantities whole **lots**; the instrument's \`InstrumentListed\` says how large
these are.`;

const positions = `A **position** is the event's place in its shard's log, a **revision** its place in its stream; both count from 0 without gaps. Batches are
appended whole, and each ends with a \`BatchSealed\`.`;

const binary = `In a folder's log, and in Kafka unless JSON is asked for, an event is canonical bytes, of which there is exactly one encoding. They begin with a control word of 32 bits, little-endian:
the event's code in the low 8 bits, then 3 bits for each of up to eight **grouped** integers, their length in bytes less one. The grouped integers follow,
little-endian, without leading zeros; then the other fields in order. [The format of a log](../internals/log-format.md) says all of it, down to
the frame, the seal and the file. [event-layouts.json](event-layouts.json) has these layouts for programs; a small decoder that reads it, in Python, is in
[examples/kafka-consumer](../../examples/kafka-consumer/README.md).`;

const kinds: Readonly<Record<Exclude<FieldKind, readonly string[]>, string>> = {
  integer: 'integer',
  text: 'text',
  flag: 'true or false',
  digest: 'SHA-256, 64 hexadecimal digits',
};

const streams: Readonly<Record<EventSchema['stream'], string>> = {
  shard: 'Of the shard: stream `shard-N`',
  intention: 'Of an intention: stream `intention-ID`',
  deal: 'Of a deal: stream `deal-INITIATOR-NUMBER`',
};

export function eventsPage(): string {
  return paragraphs(
    '# Events',
    intro,
    positions,
    table(
      ['event', 'stream', 'code', 'says'],
      catalogue.map((schema) => [linkTo(schema), schema.stream, String(schema.code), prose(schema.says)]),
    ),
    '## Bytes',
    binary,
    ...Object.entries(streams).flatMap(([stream, heading]) => [
      `## ${heading}`,
      ...catalogue.filter((schema) => schema.stream === stream).map(section),
    ]),
  );
}

function titleOf({ type, version }: EventSchema): string {
  return version === 1 ? type : `${type}, version ${version}`;
}

function linkTo(schema: EventSchema): string {
  return `[${code(titleOf(schema))}](#${anchorOf(titleOf(schema))})`;
}

function section(schema: EventSchema): string {
  const { fields, upcast } = schema;
  const rows = Object.entries(fields).map(([name, kind]) => [code(name), typeOf(kind), prose(noteOf(name))]);
  const old = upcast && `No longer written. It is read as the current version, with ${code(JSON.stringify(upcast))}.`;
  return paragraphs(
    `### ${titleOf(schema)}`,
    prose(schema.says),
    old,
    table(['field', 'type', 'means'], rows),
    ...example(schema),
  ).trimEnd();
}

function typeOf(kind: FieldKind): string {
  return typeof kind === 'string' ? kinds[kind] : codes(kind);
}

function noteOf(name: string): string {
  const says = fieldSays[name];
  if (says === undefined) throw new Error(`src/events/field-notes.ts says nothing of ${name}`);
  return says;
}

/** The first one in the newest golden log that has one, and its bytes. */
function example(schema: EventSchema): string[] {
  const { position, stream, event } = exampleOf(schema);
  const { grouped, rest } = layoutOf(schema);
  const others = rest.map(([name]) => name);
  const layout = [
    `Code ${schema.code}; grouped ${codes(grouped)}`,
    ...(others.length > 0 ? [`then ${codes(others)}`] : []),
  ];
  return [
    fence('json', JSON.stringify({ position, stream, ...event }, null, 2)),
    `${layout.join('; ')}:`,
    fence('text', hex(encodeEvent(event))),
  ];
}

function exampleOf({ type, version }: EventSchema): RecordedEvent {
  for (const { events } of goldenLogs().reverse()) {
    const found = events.find(({ event }) => event.type === type && event.version === version);
    if (found !== undefined) return found;
  }
  throw new Error(`no golden log has ${type} version ${version}`);
}

function hex(bytes: Uint8Array): string {
  const all = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));
  const lines: string[] = [];
  for (let at = 0; at < all.length; at += 16) lines.push(all.slice(at, at + 16).join(' '));
  return lines.join('\n');
}
