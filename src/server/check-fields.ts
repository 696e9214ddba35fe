/**
 * Checks flat records (a small body, a query string) against the very schema that documents them. It enforces names, kinds,
 * choices and ranges; patterns and lengths are documentation here, because the exchange refuses those with codes of their own.
 */
import { notDecimal, unknownField } from './post-body.js';
import { type Problem, ProblemError, problem } from './problem.js';

export interface FieldSchema {
  readonly type: 'string' | 'integer' | 'boolean';
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: string | number | boolean;
  readonly examples?: readonly (string | number | boolean)[];
}

export interface RecordSchema {
  readonly type: 'object';
  readonly additionalProperties: false;
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, FieldSchema>>;
  readonly description?: string;
}

type Fields = Readonly<Record<string, unknown>>;

type Checked = { readonly value: Fields } | { readonly error: ProblemError };

/**
 * A Fastify validator for the schema; its errors name the field. In a query string, integers are read from their digits and take
 * their default where they are absent.
 */
export function compileCheck(schema: RecordSchema, httpPart: string | undefined): (value: unknown) => Checked {
  const isText = httpPart === 'querystring';
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return { error: new ProblemError('INVALID_COMMAND', 'the body must be a JSON object') };
    }
    const given = value as Fields; // any object can be read by key
    const fields = isText ? readIntegers(schema, given) : given;
    const wrong = wrongIn(schema, fields);
    return wrong === undefined ? { value: fields } : { error: new ProblemError(wrong.code, wrong.detail) };
  };
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
