import type { EventSchema, FieldKind } from '../catalogue.js';
import { fieldsOf, isChoice, NOTICE, reads } from './schemas.js';

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
${reads(schema, '      ').join('\n')}
      told.type = '${schema.type}';
      told.stream = \`${stream}\`;
      return \`{"type":"${schema.type}","version":${schema.version}${fields.join('')}}\`;
    }`;
}

/** From canonical bytes to JSON: `src/events/json.generated.ts`. */
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
import { quoted } from './json-text.js';

/** What is told of an event beside its JSON. */
export interface ToldEvent {
  type: string;
  stream: string;
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
