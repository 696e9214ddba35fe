import { GROUP_SIZE } from './bytes.js';
import type { EventSchema, FieldKind } from './event-schema.js';
import { dealEvents, intentionEvents } from './intention-events.js';
import { shardEvents } from './shard-events.js';

export type { EventSchema, FieldKind, StreamKind } from './event-schema.js';

/**
 * The event catalogue: the one table from which `npm run codegen` makes the TypeScript types, the journal that the domain
 * writes to, the binary codec, the JSON form and the reader.
 *
 * `code` is the first byte of an event on disk, 1 … 255, and names both its type and its version; it is never used again for
 * anything else. To change an event, add an entry with a new code and `version: 2`, and give the old entry
 * `upcast`: the values that the fields it lacks take. The old entry stays permanently, so old logs stay readable.
 */
export const catalogue: readonly EventSchema[] = [...shardEvents, ...intentionEvents, ...dealEvents];

/** A schema's fields in the order in which they stand on disk: up to eight integers in a group behind the control word, then the rest. */
export interface Layout {
  readonly schema: EventSchema;
  readonly grouped: readonly string[];
  readonly rest: readonly (readonly [string, FieldKind])[];
}

export function layoutOf(schema: EventSchema): Layout {
  const fields = Object.entries(schema.fields);
  const integers = fields.filter(([, kind]) => kind === 'integer').map(([name]) => name);
  const grouped = integers.slice(0, GROUP_SIZE);
  return { schema, grouped, rest: fields.filter(([name]) => !grouped.includes(name)) };
}
