/**
 * Checks flat records (a small body, a query string, the names in an address) against the very schema that documents them. It enforces
 * names, kinds, choices and ranges, and in addresses patterns, lengths and times too; in bodies those are documentation, because the
 * exchange refuses them with codes of their own.
 */
import { notDecimal, quoted, unknownField } from '../api/post-body.js';
import { type Problem, problem } from '../api/problem.js';
import type { FieldSchema, PathSchema, RecordSchema } from '../api/schemas/record-schema.js';
import { isTime } from '../exchange/posts/parse-post.js';
import { ProblemError } from './problem-details.js';

type Fields = Readonly<Record<string, unknown>>;

type Checked = { readonly value: Fields } | { readonly error: ProblemError };

/**
 * A Fastify validator for the schema; its errors name the field. In a query string, integers are read from their digits and take
 * their default where they are absent.
 */
export function compileCheck(
  schema: RecordSchema | PathSchema,
  httpPart: string | undefined,
): (value: unknown) => Checked {
  const isText = httpPart === 'querystring';
  if ('misnamed' in schema) return checkNames(schema);
  const shapes = isText ? shapesOf(schema) : undefined;
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return { error: new ProblemError('INVALID_COMMAND', 'the body must be a JSON object') };
    }
    const given = value as Fields; // any object can be read by key
    const fields = isText ? readIntegers(schema, given) : given;
    const wrong = wrongIn(schema, fields) ?? (shapes && misshapen(shapes, fields));
    return wrong === undefined ? { value: fields } : { error: new ProblemError(wrong.code, wrong.detail) };
  };
}

function checkNames(schema: PathSchema): (value: unknown) => Checked {
  const shapes = shapesOf(schema);
  return (value) => {
    const names = value as Fields; // what Fastify read from the address
    const wrong = shapes.find(({ name, fits }) => !fits(String(names[name])));
    if (wrong === undefined) return { value: names };
    return {
      error: new ProblemError(schema.misnamed, `${wrong.name} ${quoted(String(names[wrong.name]))}: ${wrong.says}`),
    };
  };
}

/** Said of a field that is none. */
export const NOT_A_TIME = 'must be a time after 1970, such as 2030-01-31T12:00:00Z';

interface Shape {
  readonly name: string;
  readonly fits: (text: string) => boolean;
  readonly says: string;
}

/** Of the fields that have one, compiled once. */
function shapesOf({ properties }: RecordSchema): readonly Shape[] {
  return Object.entries(properties).flatMap(([name, field]) => shapeOf(name, field) ?? []);
}

function shapeOf(
  name: string,
  { type, format, pattern, minLength = 0, maxLength = Infinity }: FieldSchema,
): Shape | undefined {
  if (type !== 'string') return undefined;
  if (format === 'date-time') return { name, fits: isTime, says: NOT_A_TIME };
  if (pattern === undefined && minLength === 0 && maxLength === Infinity) return undefined;
  const expression = pattern === undefined ? undefined : new RegExp(pattern, 'u');
  const fits = (text: string): boolean =>
    (expression?.test(text) ?? true) && text.length >= minLength && text.length <= maxLength;
  const says = pattern === undefined ? `must be ${minLength} to ${maxLength} characters` : `must match ${pattern}`;
  return { name, fits, says };
}

function misshapen(shapes: readonly Shape[], fields: Fields): Problem | undefined {
  const wrong = shapes.find(({ name, fits }) => {
    const text = fields[name];
    return typeof text === 'string' && !fits(text);
  });
  return wrong && problem('INVALID_COMMAND', `${wrong.name} ${wrong.says}`);
}

function wrongIn(schema: RecordSchema, fields: Fields): Problem | undefined {
  for (const [name, value] of Object.entries(fields)) {
    const field = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    if (field === undefined) return unknownField(name);
    if (!fits(field, value)) return describe(name, field);
  }
  const missing = schema.required.find((name) => !Object.hasOwn(fields, name));
  return missing === undefined ? undefined : problem('INVALID_COMMAND', `${missing} is missing`);
}

function fits(field: FieldSchema, value: unknown): boolean {
  switch (field.type) {
    case 'string':
      return typeof value === 'string' && (field.enum === undefined || field.enum.includes(value));
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer': {
      const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = field;
      return Number.isSafeInteger(value) && Number(value) >= minimum && Number(value) <= maximum;
    }
  }
}

const codeOfDecimal: ReadonlyMap<string, 'INVALID_PRICE' | 'INVALID_QUANTITY'> = new Map([
  ['price', 'INVALID_PRICE'],
  ['minPrice', 'INVALID_PRICE'],
  ['maxPrice', 'INVALID_PRICE'],
  ['quantity', 'INVALID_QUANTITY'],
  ['reduceBy', 'INVALID_QUANTITY'],
]);

function describe(name: string, field: FieldSchema): Problem {
  const code = codeOfDecimal.get(name);
  if (code !== undefined) return notDecimal(code, name);
  if (field.enum !== undefined) return problem('INVALID_COMMAND', `${name} must be one of ${field.enum.join(', ')}`);
  if (field.type !== 'integer') return problem('INVALID_COMMAND', `${name} must be a ${field.type}`);
  const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = field;
  return problem('INVALID_COMMAND', `${name} must be a whole number from ${minimum} to ${maximum}`);
}

function readIntegers(schema: RecordSchema, given: Fields): Fields {
  const fields: Record<string, unknown> = { ...given };
  for (const [name, field] of Object.entries(schema.properties)) {
    if (field.type !== 'integer') continue;
    const text = fields[name];
    if (typeof text === 'string' && /^\d{1,16}$/.test(text)) fields[name] = Number(text);
    else if (text === undefined && field.default !== undefined) fields[name] = field.default;
  }
  return fields;
}
