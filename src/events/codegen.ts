/**
 * Writes the generated parts of the event catalogue: `src/domain/journal.generated.ts` (what the domain says when something happens),
 * `src/events/codec.generated.ts` (types, encoder and reader) and `src/events/json.generated.ts` (from canonical bytes to JSON). Run by
 * `npm run codegen`; a test holds the committed files against its output.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CONTROL_BYTES, GROUP_SIZE } from './bytes.js';
import { catalogue, type EventSchema, type FieldKind } from './catalogue.js';

const NOTICE = '// Generated from src/events/catalogue.ts by `npm run codegen`. Do not edit.\n';

const camel = (type: string): string => type.charAt(0).toLowerCase() + type.slice(1);
const current = (schemas: readonly EventSchema[]): EventSchema[] =>
  schemas.filter((schema) => schema.upcast === undefined);
const fieldsOf = (schema: EventSchema): [string, FieldKind][] => Object.entries(schema.fields);
const isChoice = (kind: FieldKind): kind is readonly string[] => typeof kind !== 'string';

function argumentType(kind: FieldKind): string {
  if (isChoice(kind) || kind === 'integer') return 'number';
  return { text: 'string', flag: 'boolean', digest: 'Uint8Array' }[kind];
}

function objectType(kind: FieldKind): string {
  if (isChoice(kind)) return kind.map((name) => `'${name}'`).join(' | ');
  return { integer: 'number', text: 'string', flag: 'boolean', digest: 'string' }[kind];
}

/** The fields as they stand on disk: up to eight integers in a group behind the control word, then the rest. */
function layout(schema: EventSchema): { grouped: string[]; rest: [string, FieldKind][] } {
  const integers = fieldsOf(schema).filter(([, kind]) => kind === 'integer');
  const grouped = integers.slice(0, GROUP_SIZE).map(([name]) => name);
  return { grouped, rest: fieldsOf(schema).filter(([name]) => !grouped.includes(name)) };
}

function roomFor(kind: FieldKind, name: string): string {
  if (isChoice(kind) || kind === 'flag') return '1';
  if (kind === 'integer') return '8';
  if (kind === 'digest') return '32';
  return `(8 + 3 * ${name}.length)`;
}

function put(kind: FieldKind, name: string): string {
  if (isChoice(kind)) return `bytes[at++] = ${name};`;
  if (kind === 'integer') return `at = putInteger(bytes, at, ${name});`;
  if (kind === 'flag') return `bytes[at++] = ${name} ? 1 : 0;`;
  if (kind === 'text') return `at = putText(bytes, at, ${name});`;
  return `bytes.set(${name}, at);\n    at += 32;`;
}

function putGroup(names: readonly string[]): string {
  return names
    .map(
      (name, index) =>
        `length = putGrouped(view, at, ${name});\n    control |= (length - 1) << ${8 + 3 * index};\n    at += length;`,
    )
    .join('\n    ');
}

function take(kind: FieldKind): string {
  if (isChoice(kind)) return `takeChoice(cursor, ${kind.length})`;
  if (kind === 'flag') return 'takeChoice(cursor, 2) === 1';
  return { integer: 'takeInteger(cursor)', text: 'takeText(cursor)', digest: 'takeDigest(cursor)' }[kind];
}

const parameters = (schema: EventSchema): string =>
  fieldsOf(schema)
    .map(([name, kind]) => `${name}: ${argumentType(kind)}`)
    .join(', ');

function journalMethod(schema: EventSchema): string {
  return `  /** ${schema.says} */\n  ${camel(schema.type)}(${parameters(schema)}): void;`;
}

export function generateJournal(schemas: readonly EventSchema[]): string {
  return `${NOTICE}
/** Everything that can happen in a shard, one method an event: written by the domain, encoded by the log, read back by every fold. */
export interface Journal {
${current(schemas).map(journalMethod).join('\n')}
}

/** A journal that takes no notice of anything: folds extend it and listen to what concerns them. */
export class NoopHandler implements Journal {
${current(schemas)
  .map((schema) => `  ${camel(schema.type)}(${parameters(schema).replace(/(\w+):/g, '_$1:')}): void {}`)
  .join('\n')}
}
`;
}

function eventInterface(schema: EventSchema): string {
  const fields = fieldsOf(schema).map(([name, kind]) => `  readonly ${name}: ${objectType(kind)};`);
  const suffix = schema.upcast === undefined ? '' : `V${schema.version}`;
  return `/** ${schema.says} */
export interface ${schema.type}${suffix} {
  readonly type: '${schema.type}';
  readonly version: ${schema.version};
${fields.join('\n')}
}
`;
}

function encoderMethod(schema: EventSchema): string {
  const { grouped, rest } = layout(schema);
  const constant = rest.reduce(
    (sum, [, kind]) => sum + (kind === 'text' ? 0 : Number(roomFor(kind, ''))),
    CONTROL_BYTES + 8 * grouped.length,
  );
  const texts = rest.filter(([, kind]) => kind === 'text').map(([name, kind]) => roomFor(kind, name));
  const body = rest.map(([name, kind]) => put(kind, name));
  const needsBytes = rest.length > 0;
  return `  ${camel(schema.type)}(${parameters(schema)}): void {
    this.room(${[constant, ...texts].join(' + ')});
    const { view${needsBytes ? ', bytes' : ''} } = this;
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

/** The lines that read an event's fields from a cursor, each into a constant of its name. */
function readsOf(schema: EventSchema): string[] {
  const { grouped, rest } = layout(schema);
  return [
    ...(grouped.length < GROUP_SIZE ? [`      checkControl(control, ${grouped.length}, cursor);`] : []),
    ...grouped.map(
      (name, index) => `      const ${name} = takeGrouped(cursor, ((control >>> ${8 + 3 * index}) & 7) + 1);`,
    ),
    ...rest.map(([name, kind]) => `      const ${name} = ${take(kind)};`),
  ];
}

function readerCase(schema: EventSchema, all: readonly EventSchema[]): string {
  const target = current(all).find((candidate) => candidate.type === schema.type);
  if (target === undefined) throw new Error(`${schema.type} has no current version`);
  const values = fieldsOf(target).map(([name]) => {
    if (name in schema.fields) return name;
    const value = schema.upcast?.[name];
    if (value === undefined)
      throw new Error(`${schema.type} version ${schema.version} does not say what ${name} becomes`);
    return JSON.stringify(value);
  });
  return `    case ${schema.code}: {
${readsOf(schema).join('\n')}
      journal.${camel(schema.type)}(${values.join(', ')});
      return ${schema.code};
    }`;
}

export function generateCodec(schemas: readonly EventSchema[]): string {
  return `${NOTICE}
import type { Journal } from '../domain/journal.generated.js';
import {
  checkControl,
  DamagedEventError,
  putGrouped,
  putInteger,
  putText,
  takeChoice,
  takeControl,
  takeDigest,
  takeGrouped,
  takeInteger,
  takeText,
} from './bytes.js';
import type { ByteCursor } from './bytes.js';

${schemas.map(eventInterface).join('\n')}
/** An event as an object: what tools show, and what JSON holds. */
export type Event =
${schemas.map((schema) => `  | ${schema.type}${schema.upcast === undefined ? '' : `V${schema.version}`}`).join('\n')};

/** Appends each event's canonical bytes to one growing buffer. \`at\` is where the next event goes. */
export class EventEncoder implements Journal {
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
  raw(event: Uint8Array): void {
    this.room(event.length);
    this.bytes.set(event, this.at);
    this.at += event.length;
    this.count++;
  }

${current(schemas).map(encoderMethod).join('\n')}}

/** Reads one event of any version, tells the journal of it in its current form, and returns its code. */
export function readEvent(cursor: ByteCursor, journal: Journal): number {
  const start = cursor.at;
  const control = takeControl(cursor);
  switch (control & 0xff) {
${schemas.map((schema) => readerCase(schema, schemas)).join('\n')}
    default:
      throw new DamagedEventError(\`no event has the code \${control & 0xff}\`, start);
  }
}
`;
}

function jsonValue(kind: FieldKind, name: string): string {
  if (isChoice(kind)) return `"\${${JSON.stringify(kind)}[${name}] as string}"`;
  return { integer: `\${${name}}`, flag: `\${${name}}`, text: `\${quoted(${name})}`, digest: `"\${toHex(${name})}"` }[
    kind
  ];
}

const streamText = {
  intention: 'intention-${intentionId}',
  deal: 'deal-${initiatorId}-${dealNumber}',
  shard: 'shard-${shard}',
};

function jsonCase(schema: EventSchema): string {
  const fields = fieldsOf(schema).map(([name, kind]) => `,"${name}":${jsonValue(kind, name)}`);
  // A shard event may have a field called shard; the stream's is the one that the caller names.
  const stream = streamText[schema.stream].replace('shard}', 'ofShard}');
  return `    case ${schema.code}: {
${readsOf(schema).join('\n')}
      told.type = '${schema.type}';
      told.stream = \`${stream}\`;
      return \`{"type":"${schema.type}","version":${schema.version}${fields.join('')}}\`;
    }`;
}

export function generateJson(schemas: readonly EventSchema[]): string {
  return `${NOTICE}
import {
  checkControl,
  DamagedEventError,
  takeChoice,
  takeControl,
  takeDigest,
  takeGrouped,
  takeInteger,
  takeText,
  toHex,
} from './bytes.js';
import type { ByteCursor } from './bytes.js';

/** What is told of an event beside its JSON. */
export interface ToldEvent {
  type: string;
  stream: string;
}

/** Printable ASCII without the quote and the backslash stands for itself in JSON. */
const PLAIN = /^[ !#-[\\]-~]*$/;

function quoted(text: string): string {
  return PLAIN.test(text) ? \`"\${text}"\` : JSON.stringify(text);
}

/**
 * Reads one event of any version and returns it as JSON, in the version in which it is stored: the text that JSON.stringify makes of
 * \`decodeEvent\`, without the object. \`ofShard\` numbers the shard, for the events of its own stream.
 */
export function readEventJson(cursor: ByteCursor, ofShard: number, told: ToldEvent): string {
  const start = cursor.at;
  const control = takeControl(cursor);
  switch (control & 0xff) {
${schemas.map(jsonCase).join('\n')}
    default:
      throw new DamagedEventError(\`no event has the code \${control & 0xff}\`, start);
  }
}
`;
}

function main(): void {
  const write = (path: string, text: string): void => {
    writeFileSync(fileURLToPath(new URL(path, import.meta.url)), text);
  };
  write('../domain/journal.generated.ts', generateJournal(catalogue));
  write('./codec.generated.ts', generateCodec(catalogue));
  write('./json.generated.ts', generateJson(catalogue));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
