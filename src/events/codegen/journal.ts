import type { EventSchema, FieldKind } from '../catalogue.js';
import { current, fieldsOf, isChoice, methodOf, NOTICE } from './schemas.js';

const typeOf = (kind: FieldKind): string =>
  isChoice(kind) ? 'number' : { integer: 'number', text: 'string', flag: 'boolean', digest: 'Uint8Array' }[kind];

const emptyOf = (kind: FieldKind): string =>
  isChoice(kind) ? '0' : { integer: '0', text: "''", flag: 'false', digest: 'new Uint8Array(32)' }[kind];

function recordInterface(schema: EventSchema): string {
  return `/** ${schema.says} */
export interface ${schema.type} {
${fieldsOf(schema)
  .map(([name, kind]) => `  ${name}: ${typeOf(kind)};`)
  .join('\n')}
}
`;
}

function emptyRecord(schema: EventSchema): string {
  const fields = fieldsOf(schema).map(([name, kind]) => `${name}: ${emptyOf(kind)}`);
  return `  readonly ${methodOf(schema)}: ${schema.type} = { ${fields.join(', ')} };`;
}

/** The events as the domain records them: `src/domain/journal.generated.ts`. */
export function generateJournal(schemas: readonly EventSchema[]): string {
  return `${NOTICE}
/**
 * The events as records, with their choices as indexes. A record that is handed to a method of a journal or a handler is the caller's, and
 * is used again: what is kept of it is copied.
 */

${current(schemas).map(recordInterface).join('\n')}
/** One record of each event, to be filled again and again. */
export class EventRecords {
${current(schemas).map(emptyRecord).join('\n')}
}

/** Everything that can happen in a shard, one method an event: recorded by the domain, encoded by the log, read back by every fold. */
export interface Journal {
${current(schemas)
  .map((schema) => `  ${methodOf(schema)}(event: ${schema.type}): void;`)
  .join('\n')}
}
`;
}
