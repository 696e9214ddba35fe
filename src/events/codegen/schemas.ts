/** What the generators share: how a schema's names, types and bytes are written in TypeScript. */
import { GROUP_SIZE } from '../bytes.js';
import { type EventSchema, type FieldKind, layoutOf } from '../catalogue.js';

export const NOTICE = '// Generated from src/events/catalogue.ts by `npm run codegen`. Do not edit.\n';

/** The method that an event is handled by, and the field of `EventRecords` that holds its record. */
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

/** The line that sees to it that a control word has no bits set beyond its integers; none where it has no bits beyond. */
export function controlCheck({ length }: readonly string[]): string[] {
  return length < GROUP_SIZE ? [`      checkControl(control, ${length}, cursor);`] : [];
}

/** The lines that read an event's fields from a cursor, each put into what `into` names. */
export function reads(schema: EventSchema, into: (field: string) => string): string[] {
  const { grouped, rest } = layoutOf(schema);
  return [
    ...controlCheck(grouped),
    ...grouped.map((name, index) => `      ${into(name)} = takeGrouped(cursor, ${groupedLength(index)});`),
    ...rest.map(([name, kind]) => `      ${into(name)} = ${take(kind)};`),
  ];
}
