import { CONTROL_BYTES } from '../bytes.js';
import { type EventSchema, type FieldKind, layoutOf } from '../catalogue.js';
import type { FusedEvents, FusedValue } from '../whole-handshake.js';
import { current, isChoice } from './schemas.js';

/** An event with where each of its fields is written from. */
interface FusedEvent {
  readonly schema: EventSchema;
  readonly sourceOf: (field: string) => FusedValue;
}

const methodOf = ({ name }: FusedEvents): string => name.charAt(0).toLowerCase() + name.slice(1);

function eventsOf({ name, events }: FusedEvents, schemas: readonly EventSchema[]): FusedEvent[] {
  return events.map(([type, from]) => {
    const schema = current(schemas).find((candidate) => candidate.type === type);
    if (schema === undefined) throw new Error(`${name} is made of ${type}, which has no current version`);
    const unknown = Object.keys(from).find((field) => !(field in schema.fields));
    if (unknown !== undefined) throw new Error(`${name} writes ${type}.${unknown}, which there is not`);
    return { schema, sourceOf: (field) => from[field] ?? field };
  });
}

/** The fields of the record, in the order in which the events need them. */
function recordFields(events: readonly FusedEvent[]): string[] {
  const sources = events.flatMap(({ schema, sourceOf }) => Object.keys(schema.fields).map(sourceOf));
  const names = sources.map((source) => (typeof source === 'object' ? source.after : source));
  return [...new Set(names)].filter((name) => typeof name === 'string');
}

/** The record, and the journal that takes it. */
export function fusedInterfaces(fused: readonly FusedEvents[], schemas: readonly EventSchema[]): string {
  const records = fused.map(
    (one) => `/** ${one.says} */
export interface ${one.name} {
${recordFields(eventsOf(one, schemas))
  .map((name) => `  readonly ${name}: number;`)
  .join('\n')}
}
`,
  );
  const methods = fused.map((one) => `  ${methodOf(one)}(record: ${one.name}): void;`);
  return `${records.join('\n')}
/** What is recorded in: an event by a method of its own, or several at once. What they are read back by is a Journal. */
export interface OpenBatch extends Journal {
${methods.join('\n')}
}
`;
}

/** An integer's own length in bytes is counted once, however often it is written. */
const valueOf = (source: FusedValue): string => (typeof source === 'object' ? `${source.after}Next` : String(source));

function putRest(kind: FieldKind, value: string): string {
  if (isChoice(kind)) return `bytes[at++] = ${value};`;
  if (kind === 'integer') return `at = putInteger(bytes, at, ${value});`;
  throw new Error(`no fused event has a ${kind}`);
}

function putEvent({ schema, sourceOf }: FusedEvent): string {
  const { grouped, rest } = layoutOf(schema);
  const values = grouped.map((field) => valueOf(sourceOf(field)));
  // The length of a constant is 1, whose bits are 0.
  const lengths = values.map((value, index) =>
    /^\d/.test(value) ? '' : ` | ((${value}Length - 1) << ${8 + 3 * index})`,
  );
  const puts = values.map((value) =>
    /^\d/.test(value)
      ? `bytes[at++] = ${value};`
      : `putSized(view, at, ${value}, ${value}Length);\n    at += ${value}Length;`,
  );
  return `    view.setInt32(at, ${schema.code}${lengths.join('')}, true);
    at += ${CONTROL_BYTES};
    ${[...puts, ...rest.map(([field, kind]) => putRest(kind, valueOf(sourceOf(field))))].join('\n    ')}
`;
}

const roomFor = ({ schema }: FusedEvent): number => {
  const { grouped, rest } = layoutOf(schema);
  return CONTROL_BYTES + 8 * grouped.length + rest.reduce((sum, [, kind]) => sum + (kind === 'integer' ? 8 : 1), 0);
};

/** All events at once: room is made once, and of each number the length is counted once. */
export function fusedMethod(fused: FusedEvents, schemas: readonly EventSchema[]): string {
  const events = eventsOf(fused, schemas);
  const nexts = [...new Set(events.flatMap(({ schema, sourceOf }) => Object.keys(schema.fields).map(sourceOf)))]
    .filter((source) => typeof source === 'object')
    .map(({ after }) => `    const ${after}Next = ${after} + 1;`);
  const groupedValues = events.flatMap(({ schema, sourceOf }) =>
    layoutOf(schema).grouped.map((field) => valueOf(sourceOf(field))),
  );
  const counted = [...new Set(groupedValues)].filter((value) => !/^\d/.test(value));
  return `  ${methodOf(fused)}(record: ${fused.name}): void {
    this.room(${events.reduce((sum, event) => sum + roomFor(event), 0)});
    const { view, bytes } = this;
    const {
${recordFields(events)
  .map((name) => `      ${name},`)
  .join('\n')}
    } = record;
${nexts.join('\n')}
${counted.map((value) => `    const ${value}Length = sizeOf(${value});`).join('\n')}
    let at = this.at;
${events.map(putEvent).join('')}    this.at = at;
    this.count += ${events.length};
  }
`;
}
