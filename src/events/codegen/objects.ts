import type { EventSchema, FieldKind } from '../catalogue.js';
import { current, fieldsOf, isChoice, methodOf, NOTICE } from './schemas.js';

/** A list of names becomes the index of the one that the object has; the others stay as they are. */
function constants(fields: readonly (readonly [string, FieldKind])[]): string[] {
  const plain = fields.filter(([, kind]) => !isChoice(kind)).map(([name]) => name);
  const choices = fields.filter(([, kind]) => isChoice(kind));
  return [
    `const { ${plain.join(', ')} } = object;`,
    ...choices.map(
      ([name, kind]) => `const ${name} = ${JSON.stringify(kind)}.indexOf(object.${name} as string); // or of none`,
    ),
  ];
}

function check(name: string, kind: FieldKind): string {
  if (isChoice(kind)) return `${name} < 0`;
  const isRight = { integer: 'isInteger', text: 'isText', digest: 'isDigest' };
  return kind === 'flag' ? `typeof ${name} !== 'boolean'` : `!${isRight[kind]}(${name})`;
}

const record = ([name, kind]: readonly [string, FieldKind]): string =>
  kind === 'digest' ? `${name}: fromHex(${name})` : name;

function putter(schema: EventSchema): string {
  const fields = fieldsOf(schema);
  return `function put${schema.type}(encoder: EventEncoder, object: JsonObject): boolean {
  ${constants(fields).join('\n  ')}
  if (object.version !== ${schema.version} || !hasFields(object, ${fields.length + 2})) return false;
  if (${fields.map(([name, kind]) => check(name, kind)).join(' || ')}) return false;
  encoder.${methodOf(schema)}({ ${fields.map(record).join(', ')} });
  return true;
}
`;
}

function putCase(schema: EventSchema): string {
  return `    case '${schema.type}':
      return put${schema.type}(encoder, object);`;
}

/** From objects to canonical bytes, checked on the way: `src/events/objects.generated.ts`. */
export function generateObjects(schemas: readonly EventSchema[]): string {
  const events = current(schemas);
  return `${NOTICE}
import { fromHex } from './bytes.js';
import type { EventEncoder } from './codec.generated.js';
import { hasFields, isDigest, isInteger, isText } from './field-checks.js';

/** What JSON.parse makes of an object. */
export type JsonObject = Readonly<Record<string, unknown>>;

${events.map(putter).join('\n')}
/**
 * Appends the event that an object stands for, if it is one of the catalogue's in its current version, no field missing and none too
 * many. False, and nothing is appended, where it is not: \`eventFromJson\` says why, and knows the older versions.
 */
export function putObject(encoder: EventEncoder, object: JsonObject): boolean {
  switch (object.type) {
${events.map(putCase).join('\n')}
    default:
      return false;
  }
}
`;
}
