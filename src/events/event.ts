/**
 * Events as objects, read and written by the catalogue itself: for tools and for JSON, where clarity counts for more than
 * nanoseconds. Both ways keep the version that is stored, so that canonical bytes and digests survive a round trip.
 */
import type { Event, EventEncoder } from './codec.generated.js';
import type { ByteCursor } from './bytes.js';
import {
  checkControl,
  CONTROL_BYTES,
  DamagedEventError,
  DIGEST_BYTES,
  fromHex,
  groupedLength,
  lengthBits,
  putGrouped,
  putInteger,
  putText,
  takeChoice,
  takeControl,
  takeDigest,
  takeGrouped,
  takeInteger,
  takeText,
  toHex,
} from './bytes.js';
import { catalogue, type FieldKind, type Layout, layoutOf } from './catalogue.js';
import { isDigest, isInteger, isText } from './field-checks.js';

export type { Event } from './codec.generated.js';

/** An event where it stands in the log. */
export interface RecordedEvent {
  readonly position: number;
  readonly stream: string;
  readonly event: Event;
}

export class InvalidEventError extends Error {
  readonly code = 'INVALID_EVENT';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'InvalidEventError';
  }
}

type FieldValue = number | string | boolean;
type Fields = Record<string, FieldValue>;

/** With the fields in the order in which people see them. */
interface Named extends Layout {
  readonly fields: readonly (readonly [string, FieldKind])[];
}

const layouts = catalogue.map(layoutOf);
const byCode = new Map(layouts.map((layout) => [layout.schema.code, layout]));
/** The layouts of a type, by their version. */
const byName = new Map<string, Map<number, Named>>();
for (const layout of layouts) {
  const { type, version, fields } = layout.schema;
  const versions = byName.get(type) ?? new Map<number, Named>();
  byName.set(type, versions.set(version, { ...layout, fields: Object.entries(fields) }));
}

function layoutAt(cursor: ByteCursor, control: number): Layout {
  const layout = byCode.get(control & 0xff);
  if (layout === undefined)
    throw new DamagedEventError(`no event has the code ${control & 0xff}`, cursor.at - CONTROL_BYTES);
  return layout;
}

function takeField(cursor: ByteCursor, kind: FieldKind): FieldValue {
  if (typeof kind !== 'string') return kind[takeChoice(cursor, kind.length)] as string; // takeChoice checks the range
  switch (kind) {
    case 'integer':
      return takeInteger(cursor);
    case 'text':
      return takeText(cursor);
    case 'flag':
      return takeChoice(cursor, 2) === 1;
    case 'digest':
      return toHex(takeDigest(cursor));
  }
}

/** Reads the event at the cursor in the version it is stored in. Throws DamagedEventError. */
export function decodeEvent(cursor: ByteCursor): Event {
  const control = takeControl(cursor);
  const { schema, grouped, rest } = layoutAt(cursor, control);
  checkControl(control, grouped.length, cursor);
  const values: Fields = {};
  grouped.forEach((name, index) => {
    values[name] = takeGrouped(cursor, groupedLength(control, index));
  });
  for (const [name, kind] of rest) values[name] = takeField(cursor, kind);
  const event: Fields = { type: schema.type, version: schema.version };
  for (const name of Object.keys(schema.fields)) event[name] = values[name] as FieldValue; // all of them were just read
  return event as unknown as Event; // the schema that was followed is the one the type is generated from
}

function putField(bytes: Uint8Array, at: number, kind: FieldKind, value: FieldValue): number {
  if (typeof kind !== 'string') {
    bytes[at] = kind.indexOf(value as string);
    return at + 1;
  }
  switch (kind) {
    case 'integer':
      return putInteger(bytes, at, value as number);
    case 'text':
      return putText(bytes, at, value as string);
    case 'flag':
      bytes[at] = value === true ? 1 : 0;
      return at + 1;
    case 'digest':
      bytes.set(fromHex(value as string), at);
      return at + 32;
  }
}

let scratch = new Uint8Array(1 << 12);
let scratchView = new DataView(scratch.buffer);

/** The canonical bytes of one event, in memory that the next call uses again. */
function encoded(event: Event): Uint8Array {
  const { schema, grouped, rest } = layoutFor(event);
  const fields = event as unknown as Fields; // an Event has exactly its schema's fields
  let most = CONTROL_BYTES + 8 * grouped.length;
  for (const [name, kind] of rest) most += kind === 'text' ? 8 + 3 * (fields[name] as string).length : DIGEST_BYTES;
  if (most > scratch.length) {
    scratch = new Uint8Array(2 * most);
    scratchView = new DataView(scratch.buffer);
  }
  const bytes = scratch;
  const view = scratchView;
  let at = CONTROL_BYTES;
  let control = schema.code;
  grouped.forEach((name, index) => {
    const length = putGrouped(view, at, fields[name] as number); // the catalogue says that it is an integer
    control |= lengthBits(index, length);
    at += length;
  });
  for (const [name, kind] of rest) {
    at = putField(bytes, at, kind, fields[name] as FieldValue); // present: an Event has its schema's fields
  }
  view.setInt32(0, control, true);
  return bytes.subarray(0, at);
}

/** The canonical bytes of one event. */
export function encodeEvent(event: Event): Uint8Array {
  return encoded(event).slice();
}

/** Appends an event's canonical bytes to an encoder. */
export function appendEvent(encoder: EventEncoder, event: Event): void {
  encoder.raw(encoded(event));
}

function layoutFor({ type, version }: { readonly type: string; readonly version: number }): Named {
  const layout = byName.get(type)?.get(version);
  if (layout === undefined) throw new InvalidEventError(`there is no event ${type} version ${version}`);
  return layout;
}

function isValid(kind: FieldKind, value: unknown): value is FieldValue {
  if (typeof kind !== 'string') return typeof value === 'string' && kind.includes(value);
  switch (kind) {
    case 'integer':
      return isInteger(value);
    case 'text':
      return isText(value);
    case 'flag':
      return typeof value === 'boolean';
    case 'digest':
      return isDigest(value);
  }
}

/**
 * Checks that a value from outside is an event of the catalogue, no field missing and none too many. Throws InvalidEventError. `beside`: names
 * of what may stand beside its fields, and is left out.
 */
export function eventFromJson(value: unknown, beside: readonly string[] = []): Event {
  if (typeof value !== 'object' || value === null) throw new InvalidEventError('an event is a JSON object');
  const record = value as Readonly<Record<string, unknown>>; // any object can be read by key
  const { type, version } = record;
  if (typeof type !== 'string' || typeof version !== 'number')
    throw new InvalidEventError('an event has a type and a version');
  const event: Fields = { type, version };
  for (const [name, kind] of layoutFor({ type, version }).fields) {
    const field = record[name];
    if (!isValid(kind, field))
      throw new InvalidEventError(`${type}: ${name} is missing or not what the catalogue says`);
    event[name] = field;
  }
  for (const name of Object.keys(record)) {
    if (!Object.hasOwn(event, name) && !beside.includes(name))
      throw new InvalidEventError(`${type} has no field ${name}`);
  }
  return event as unknown as Event; // every field was checked against the schema the type is generated from
}

/** Appends the event that a value from outside stands for, and returns its type. Throws InvalidEventError, and appends nothing then. */
export type AppendJson = (encoder: EventEncoder, value: unknown) => Event['type'];

export const appendFromJson: AppendJson = (encoder, value) => {
  const event = eventFromJson(value);
  appendEvent(encoder, event);
  return event.type;
};

/** The stream an event stands in; `shard` numbers the shard for events of its own stream. */
export function streamOf(event: Event, shard: number): string {
  switch (layoutFor(event).schema.stream) {
    case 'intention':
      return `intention-${(event as { intentionId: number }).intentionId}`; // the catalogue's intention events have it
    case 'deal': {
      const { initiatorId, dealNumber } = event as { initiatorId: number; dealNumber: number }; // so have its deal events
      return `deal-${initiatorId}-${dealNumber}`;
    }
    case 'shard':
      return `shard-${shard}`;
  }
}
