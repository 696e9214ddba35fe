/** Values generated from a JSON schema: valid ones, and ones that break exactly one of its rules. */
import fc from 'fast-check';
import type { Schema } from './openapi-document.js';

type Json = string | number | boolean | null | object;

/** What means something in the market that is asked, by the name under which it is: a fitting value is mostly one of these. */
const known: Readonly<Record<string, readonly string[]>> = {
  ...{
    id: ['1', '2', '3', '1-1'],
    intention: ['1', '2'],
    stream: ['intention-1'],
    clientIntentionId: ['c-1', 'c-3', 'a-1'],
  },
  ...{ instrument: ['ACME', 'CALL'], symbol: ['ACME', 'CALL', 'NEW'], participant: ['alice', 'bob'] },
  ...{ price: ['10.25', '9.00'], quantity: ['100', '5'], reduceBy: ['1'], tickSize: ['0.01'], lotSize: ['1'] },
  ...{ minPrice: ['1.00'], maxPrice: ['100.00'], after: ['1', 'alice/ACME', 'bob/ACME'], type: ['DealConfirmed'] },
};

/** Fits the schema of what has this name. */
export function fitting(schema: Schema, name = ''): fc.Arbitrary<Json> {
  switch (schema.type) {
    case 'integer':
      return integers(schema);
    case 'boolean':
      return fc.boolean();
    case 'object':
      return schema.examples === undefined
        ? records(schema)
        : fc.oneof(records(schema), fc.constantFrom(...schema.examples));
    default:
      return texts(schema, known[name] ?? []);
  }
}

/** Breaks one thing that the schema of a JSON value says. */
export function breaking(schema: Schema): fc.Arbitrary<Json> {
  const ofOtherKind = fc.constantFrom<Json[]>(
    null,
    [],
    {},
    1.5,
    -1,
    1e300,
    ...(schema.type === 'boolean' ? ['true'] : [true]),
  );
  if (schema.type !== 'string') return ofOtherKind;
  return fc.oneof(ofOtherKind, breakingTexts(schema) ?? ofOtherKind);
}

/** As breaking, for a value that stands as text in an address or a header. Undefined where any text fits. */
export function breakingText(schema: Schema): fc.Arbitrary<string> | undefined {
  return schema.type === 'integer' ? breakingIntegers(schema) : breakingTexts(schema);
}

/** What is ruled out of them is a range. */
function integers({ minimum = 0, maximum = Number.MAX_SAFE_INTEGER, not }: Schema): fc.Arbitrary<number> {
  const few = { min: minimum, max: Math.min(maximum, minimum + 20) };
  const { minimum: from = 0, maximum: to = Infinity } = not ?? { maximum: -1 };
  const beside = not?.maximum === undefined ? [] : [not.maximum + 1];
  return fc
    .oneof({ weight: 3, arbitrary: fc.integer(few) }, fc.constantFrom(minimum, maximum, ...beside))
    .filter((number) => number < from || number > to);
}

function breakingIntegers({ minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: Schema): fc.Arbitrary<string> {
  const beyond = maximum === Number.MAX_SAFE_INTEGER ? '9007199254740992' : String(maximum + 1);
  return fc.constantFrom(
    '',
    String(minimum - 1),
    beyond,
    '9'.repeat(400),
    '1.5',
    '1e3',
    '0x1',
    'x',
    '٣',
    ' 1',
    '1 ',
    '+1',
  );
}

function texts(schema: Schema, meaningful: readonly string[]): fc.Arbitrary<string> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.format === 'date-time') {
    return fc.constantFrom('2999-01-01T00:00:00Z', '2999-12-31T23:59:59.999+01:00', '2001-01-01T00:00:00Z');
  }
  const fits = fitOf(schema);
  const some = meaningful.filter(fits);
  const made = madeTexts(schema).filter(fits);
  return some.length === 0 ? made : fc.oneof(made, { weight: 5, arbitrary: fc.constantFrom(...some) });
}

function madeTexts({ pattern, minLength = 0, maxLength = 80 }: Schema): fc.Arbitrary<string> {
  if (pattern === undefined) return fc.string({ minLength, maxLength });
  // What looks ahead takes away from what the rest allows: the caller filters.
  return fc.stringMatching(new RegExp(pattern.replace(/\(\?!.*?\$\)/, '')));
}

const oddTexts = [
  ...[
    '',
    ' ',
    '.',
    '..',
    '/',
    '//',
    '0',
    '00',
    '01',
    '-1',
    '+1',
    '1.',
    '.5',
    '1e3',
    '1,5',
    'NaN',
    'null',
    '[]',
    '\u0000',
    '\n',
  ],
  ...[
    'a b',
    'ACME ',
    ' ACME',
    'ü',
    '٣',
    '１',
    '😀',
    '\u202e',
    '\ufeff',
    '__proto__',
    'BUY',
    "' OR 1=1 --",
    'a/b/c',
    '1-1-1',
  ],
  ...[
    'x'.repeat(33),
    'x'.repeat(65),
    'x'.repeat(129),
    '9'.repeat(17),
    '9'.repeat(400),
    'é'.repeat(60),
    'x'.repeat(2_000),
  ],
];

function breakingTexts(schema: Schema): fc.Arbitrary<string> | undefined {
  const fits = fitOf(schema);
  const odd = oddTexts.filter((text) => !fits(text));
  if (odd.length === 0) return undefined;
  const any = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => !fits(text));
  return fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...odd) }, any);
}

function fitOf({
  enum: choices,
  pattern,
  format,
  minLength = 0,
  maxLength = Infinity,
}: Schema): (text: string) => boolean {
  const matches = new RegExp(pattern ?? '', 'u');
  return (text) => {
    const { length } = Array.from(text);
    if (choices !== undefined) return choices.includes(text);
    if (format === 'date-time') return /^\d{4}-\d\d-\d\dT/.test(text);
    return matches.test(text) && length >= minLength && length <= maxLength;
  };
}

/** One of the alternatives, where there are some: with what it requires, and without what it rules out. */
function records({ properties = {}, required = [], oneOf, not }: Schema): fc.Arbitrary<Record<string, Json>> {
  if (oneOf !== undefined)
    return fc.oneof(...oneOf.map((each) => records(alternative({ properties, required }, each))));
  if (not !== undefined) return records({ properties, required }).filter((record) => !hasFieldsOf(not, record));
  const fields = Object.entries(properties).map(([name, field]) => [name, fitting(field, name)] as const);
  return fc.record<Record<string, Json>, string>(Object.fromEntries(fields), { requiredKeys: [...required] });
}

function alternative({ properties = {}, required = [] }: Schema, chosen: Schema): Schema {
  const names = [...required, ...(chosen.required ?? [])];
  const kept = Object.entries(properties).filter(([name]) => names.includes(name));
  return { properties: Object.fromEntries(kept), required: names };
}

/** Whether a record has the fields that a schema wants which speaks of nothing else. */
function hasFieldsOf({ required = [], anyOf, allOf = [], not }: Schema, record: Record<string, Json>): boolean {
  const isMet = (each: Schema): boolean => hasFieldsOf(each, record);
  return (
    required.every((name) => Object.hasOwn(record, name)) &&
    (anyOf?.some(isMet) ?? true) &&
    allOf.every(isMet) &&
    (not === undefined || !isMet(not))
  );
}

/** A record in which one field is missing, unknown or broken, or of which the fields do not go together. */
export function breakingRecord(schema: Schema): fc.Arbitrary<Json> {
  const { properties = {}, required = [], not } = schema;
  const good = records(schema);
  const without = required.map((name) =>
    good.map((record) => Object.fromEntries(Object.entries(record).filter(([each]) => each !== name))),
  );
  const broken = Object.entries(properties).map(([name, field]) =>
    fc.tuple(good, breaking(field)).map(([record, value]) => ({ ...record, [name]: value })),
  );
  const unknown = fc
    .tuple(good, fc.constantFrom('colour', 'toString', 'Side', '', 'ü', 'x'.repeat(3_000)))
    .map(([record, name]) => ({ ...record, [name]: '1' }));
  const noRecord = fc.constantFrom<Json[]>(null, [], 'text', 1, true, [{}]);
  const ruledOut =
    not === undefined ? [] : [records({ properties, required }).filter((record) => hasFieldsOf(not, record))];
  return fc.oneof(...without, ...broken, ...ruledOut, unknown, noRecord);
}
