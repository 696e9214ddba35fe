/** What the generators share: how a schema's names, types and bytes are written in TypeScript. */
import { GROUP_SIZE } from '../bytes.js';
import { type EventSchema, type FieldKind, layoutOf } from '../catalogue.js';

export const NOTICE = '// Generated from src/events/catalogue.ts by `npm run codegen`. Do not edit.\n';

/** The method that an event is handled by. */
export const methodOf = (schema: EventSchema): string => schema.type.charAt(0).toLowerCase() + schema.type.slice(1);

/** The versions that are written: one of each type. */
export const current = (schemas: readonly EventSchema[]): EventSchema[] =>
  schemas.filter((schema) => schema.upcast === undefined);

export const fieldsOf = (schema: EventSchema): [string, FieldKind][] => Object.entries(schema.fields);

export const isChoice = (kind: FieldKind): kind is readonly string[] => typeof kind !== 'string';

/** The length in bytes of the `index`th grouped integer, from the control word. */
export const groupedLength = (index: number): string => `((control >>> ${8 + 3 * index}) & 7) + 1`;

function take(kind: FieldKind): string {
  if (isChoice(kind)) return `takeChoice(cursor, ${kind.length})`;
  if (kind === 'flag') return 'takeChoice(cursor, 2) === 1';
  return { integer: 'takeInteger(cursor)', text: 'takeText(cursor)', digest: 'takeDigest(cursor)' }[kind];
}

/** The lines that read an event's fields from a cursor, each into a constant of its name. */
export function reads(schema: EventSchema, indent: string): string[] {
  const { grouped, rest } = layoutOf(schema);
  const isFull = grouped.length === GROUP_SIZE;
  return [
    // The bits of a control word that no integer uses are zero; where every bit is used there is nothing to check.
    ...(isFull ? [] : [`checkControl(control, ${grouped.length}, cursor);`]),
    ...grouped.map((name, index) => `const ${name} = takeGrouped(cursor, ${groupedLength(index)});`),
    ...rest.map(([name, kind]) => `const ${name} = ${take(kind)};`),
  ].map((line) => indent + line);
}
