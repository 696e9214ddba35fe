import { CONTROL_BYTES, DIGEST_BYTES } from '../bytes.js';
import { type EventSchema, type FieldKind, layoutOf } from '../catalogue.js';
import type { FusedEvents } from '../whole-handshake.js';
import { fusedMethod } from './fused.js';
import { current, fieldsOf, groupedLength, isChoice, methodOf, NOTICE, reads } from './schemas.js';

function objectType(kind: FieldKind): string {
  if (isChoice(kind)) return kind.map((name) => `'${name}'`).join(' | ');
  return { integer: 'number', text: 'string', flag: 'boolean', digest: 'string' }[kind];
}

const objectName = ({ type, version, upcast }: EventSchema): string =>
  upcast === undefined ? `${type}Object` : `${type}V${version}Object`;

function objectInterface(schema: EventSchema): string {
  const fields = fieldsOf(schema).map(([name, kind]) => `  readonly ${name}: ${objectType(kind)};`);
  return `/** ${schema.says} */
export interface ${objectName(schema)} {
  readonly type: '${schema.type}';
  readonly version: ${schema.version};
${fields.join('\n')}
}
`;
}

function roomFor(kind: FieldKind, name: string): string {
  if (isChoice(kind) || kind === 'flag') return '1';
  if (kind === 'integer') return '8';
  return kind === 'digest' ? String(DIGEST_BYTES) : `(8 + 3 * ${name}.length)`;
}

function put(kind: FieldKind, name: string): string {
  if (isChoice(kind)) return `bytes[at++] = ${name};`;
  if (kind === 'integer') return `at = putInteger(bytes, at, ${name});`;
  if (kind === 'flag') return `bytes[at++] = ${name} ? 1 : 0;`;
  if (kind === 'text') return `at = putText(bytes, at, ${name});`;
  return `bytes.set(${name}, at);\n    at += ${DIGEST_BYTES};`;
}

function putGroup(names: readonly string[]): string {
  return names
    .map(
      (name, index) =>
        `length = putGrouped(view, at, event.${name});\n    control |= (length - 1) << ${8 + 3 * index};\n    at += length;`,
    )
    .join('\n    ');
}

function encoderMethod(schema: EventSchema): string {
  const { grouped, rest } = layoutOf(schema);
  const constant = rest.reduce(
    (sum, [, kind]) => sum + (kind === 'text' ? 0 : Number(roomFor(kind, ''))),
    CONTROL_BYTES + 8 * grouped.length,
  );
  const texts = rest.filter(([, kind]) => kind === 'text').map(([name, kind]) => roomFor(kind, `event.${name}`));
  const body = rest.map(([name, kind]) => put(kind, `event.${name}`));
  return `  ${methodOf(schema)}(event: ${schema.type}): void {
    this.room(${[constant, ...texts].join(' + ')});
    const { view${rest.length > 0 ? ', bytes' : ''} } = this;
    const start = this.at;
    let at = start + ${CONTROL_BYTES};
    let control = ${schema.code};
    let length = 0;
    ${[putGroup(grouped), ...body].join('\n    ')}
    view.setInt32(start, control, true);
    this.at = at;
    this.count++;
  }
`;
}

/** What a field of the current version is read from: a constant of its name, or what a version that lacks it says it becomes. */
function valueOf(schema: EventSchema, name: string): string {
  if (name in schema.fields) return name;
  const value = schema.upcast?.[name];
  if (value === undefined)
    throw new Error(`${schema.type} version ${schema.version} does not say what ${name} becomes`);
  return `${name}: ${JSON.stringify(value)}`;
}

const readerOf = ({ type, version, upcast }: EventSchema): string =>
  `read${type}${upcast === undefined ? '' : `V${version}`}`;

/** One function an event: each is small enough that V8 inlines its handler, and then makes no object of the record at all. */
function reader(schema: EventSchema, all: readonly EventSchema[]): string {
  const target = current(all).find((candidate) => candidate.type === schema.type);
  if (target === undefined) throw new Error(`${schema.type} has no current version`);
  const values = fieldsOf(target).map(([name]) => valueOf(schema, name));
  const time = 'atMs' in target.fields ? ['  handler.atMs = atMs;'] : [];
  return `function ${readerOf(schema)}(cursor: ByteCursor, control: number, handler: EventHandler): void {
${[...reads(schema, '  '), ...time].join('\n')}
  handler.${methodOf(schema)}({ ${values.join(', ')} });
}
`;
}

function readerCase(schema: EventSchema): string {
  return `    case ${schema.code}:
      ${readerOf(schema)}(cursor, control, handler);
      return ${schema.code};`;
}

function skipCase(schema: EventSchema): string {
  const { grouped, rest } = layoutOf(schema);
  const keyed = grouped
    .slice(0, 2)
    .map(
      (_, index) => `      key.${['first', 'second'][index] as string} = takeGrouped(cursor, ${groupedLength(index)});`,
    ); // two at most
  const lengths = grouped.slice(2).map((_, index) => groupedLength(index + 2));
  const stepped = rest.map(([, kind]) => {
    if (kind === 'integer') return '      takeInteger(cursor);';
    return `      step(cursor, ${kind === 'text' ? 'takeInteger(cursor)' : kind === 'digest' ? DIGEST_BYTES : 1});`;
  });
  return `    case ${schema.code}:
      key.stream = '${schema.stream}';
${[...keyed, ...(lengths.length > 0 ? [`      step(cursor, ${lengths.join(' + ')});`] : []), ...stepped].join('\n')}
      return;`;
}

/** Types, encoder and readers of the canonical bytes: `src/events/codec.generated.ts`. */
export function generateCodec(schemas: readonly EventSchema[], fused: readonly FusedEvents[] = []): string {
  return `${NOTICE}
import type {
${current(schemas)
  .map(({ type }) => `  ${type},`)
  .join('\n')}
${fused.map(({ name }) => `  ${name},`).join('\n')}
  OpenBatch,
} from '../domain/journal.generated.js';
import {
  checkControl,
  DamagedEventError,
  putGrouped,
  putInteger,
  putSized,
  putText,
  sizeOf,
  step,
  takeChoice,
  takeControl,
  takeDigest,
  takeGrouped,
  takeInteger,
  takeText,
} from './bytes.js';
import type { ByteCursor } from './bytes.js';
import type { StreamKind } from './catalogue.js';
import type { EventHandler } from './handlers.generated.js';

${schemas.map(objectInterface).join('\n')}
/** An event as an object: what tools show, and what JSON holds. */
export type Event =
${schemas.map((schema) => `  | ${objectName(schema)}`).join('\n')};

/** So few bytes are copied sooner one by one than by a view of them. */
const SHORT_BYTES = 64;

/** Appends each event's canonical bytes to one growing buffer. \`at\` is where the next event goes. */
export class EventEncoder implements OpenBatch {
  bytes: Uint8Array;
  at: number;
  count = 0;
  private view: DataView;

  constructor(capacityBytes: number, at = 0) {
    this.bytes = new Uint8Array(capacityBytes);
    this.view = new DataView(this.bytes.buffer);
    this.at = at;
  }

  private room(most: number): void {
    if (this.at + most > this.bytes.length) this.grow(most);
  }

  private grow(most: number): void {
    const larger = new Uint8Array(Math.max(2 * this.bytes.length, this.at + most));
    larger.set(this.bytes.subarray(0, this.at));
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }

  /** Appends one event that is encoded already. */
  raw(event: Uint8Array, start = 0, end = event.length): void {
    const length = end - start;
    this.room(length);
    if (length > SHORT_BYTES) {
      this.bytes.set(event.subarray(start, end), this.at);
    } else {
      for (let at = this.at, from = start; from < end; at++, from++) this.bytes[at] = event[from] as number; // in range
    }
    this.at += length;
    this.count++;
  }

${[...current(schemas).map(encoderMethod), ...fused.map((each) => fusedMethod(each, schemas))].join('\n')}}

${schemas.map((schema) => reader(schema, schemas)).join('\n')}
/** Reads one event of any version, hands it to the handler in its current form, and returns its code. */
export function readEvent(cursor: ByteCursor, handler: EventHandler): number {
  const start = cursor.at;
  const control = takeControl(cursor);
  switch (control & 0xff) {
${schemas.map(readerCase).join('\n')}
    default:
      throw new DamagedEventError(\`no event has the code \${control & 0xff}\`, start);
  }
}

/** Which stream an event stands in. */
export interface EventKey {
  stream: StreamKind;
  /** The stream's numbers: the intention's id, or the deal's initiator and number. */
  first: number;
  second: number;
}

/** Steps over the event at the cursor, whatever its version, and fills in its key. Throws DamagedEventError where it ends early. */
export function skipEvent(cursor: ByteCursor, key: EventKey): void {
  const start = cursor.at;
  const control = takeControl(cursor);
  switch (control & 0xff) {
${schemas.map(skipCase).join('\n')}
    default:
      throw new DamagedEventError(\`no event has the code \${control & 0xff}\`, start);
  }
}
`;
}
