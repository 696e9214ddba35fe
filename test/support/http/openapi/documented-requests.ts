/** Requests generated from the OpenAPI document alone: valid ones, and ones that break exactly one of its rules. */
import fc from 'fast-check';
import type { Operation, Parameter, Schema } from './openapi-document.js';
import { breakingRecord, breakingText, fitting } from './schema-values.js';

export interface DocumentedRequest {
  /** In words, for the reader of a failure. */
  readonly about: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
  /** The codes of which it gets one, from a caller who may ask; undefined where it is good, and must not be called malformed. */
  readonly refusedWith?: RegExp | undefined;
}

const JSON_TYPE = 'application/json';

interface Parts {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly header: Readonly<Record<string, string>>;
  readonly mediaType: string | undefined;
  readonly text: string | undefined;
}

type Change = Partial<DocumentedRequest>;

/** Requests of one operation, good and bad. */
export function requestsOf(operation: Operation): fc.Arbitrary<DocumentedRequest> {
  const good = partsOf(operation);
  const changes = [...brokenQuery(operation), ...brokenPath(operation), ...brokenHeaders(operation)];
  return fc.oneof(
    {
      weight: 8,
      arbitrary: fc
        .tuple(good, harmlessHeaders)
        .map(([parts, extra]) => assemble(operation, parts, { about: 'good', headers: extra })),
    },
    ...[...changes, ...brokenBody(operation)].map((change) =>
      fc
        .tuple(good, change)
        .map(([parts, [changed, how]]) => assemble(operation, { ...parts, ...changed(parts) }, how)),
    ),
  );
}

type Changed = readonly [(parts: Parts) => Partial<Parts>, Change];

function assemble(
  operation: Operation,
  parts: Parts,
  { about = '', headers = {}, body, ...rest }: Change,
): DocumentedRequest {
  const path = operation.path.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(parts.path[name] ?? ''));
  const query = Object.entries(parts.query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  const type = parts.mediaType === undefined ? {} : { 'content-type': parts.mediaType };
  const sent = body ?? (parts.text === undefined ? undefined : Buffer.from(parts.text));
  return {
    about,
    url: query.length === 0 ? path : `${path}?${query.join('&')}`,
    headers: { ...parts.header, ...type, ...headers },
    body: sent,
    ...rest,
  };
}

function partsOf(operation: Operation): fc.Arbitrary<Parts> {
  const content = Object.entries(operation.requestBody?.content ?? {});
  const bodies = content.map(([mediaType, { schema }]) =>
    goodText(operation, mediaType, schema).map((text) => ({ mediaType, text })),
  );
  const none = fc.constant({ mediaType: undefined, text: undefined });
  return fc
    .record({
      path: valuesOf(operation, 'path'),
      query: valuesOf(operation, 'query').map(withoutRivals),
      header: valuesOf(operation, 'header'),
      body: bodies.length === 0 ? none : fc.oneof(...bodies),
    })
    .map(({ body, ...rest }) => ({ ...rest, ...body }));
}

/** Of these two only one is to be given, as their descriptions say. */
const rivals = [
  ['at', 'atTime'],
  ['after', 'from'],
] as const;

function withoutRivals(query: Readonly<Record<string, string>>): Record<string, string> {
  const left = rivals.flatMap(([one, other]) => (query[one] === undefined ? [] : [other]));
  return Object.fromEntries(Object.entries(query).filter(([name]) => !(left as readonly string[]).includes(name)));
}

/** Lines of JSON are of what the operation takes as JSON. */
function goodText({ requestBody }: Operation, mediaType: string, schema: Schema): fc.Arbitrary<string> {
  if (mediaType === JSON_TYPE) return fitting(schema).map((value) => JSON.stringify(value));
  const line = fitting(requestBody?.content[JSON_TYPE]?.schema ?? {});
  return fc.array(line, { maxLength: 3 }).map((lines) => lines.map((each) => `${JSON.stringify(each)}\n`).join(''));
}

function parametersOf({ parameters }: Operation, place: Parameter['in']): readonly Parameter[] {
  return parameters.filter((each) => each.in === place);
}

function valuesOf(operation: Operation, place: Parameter['in']): fc.Arbitrary<Record<string, string>> {
  const some = parametersOf(operation, place);
  const values = Object.fromEntries(some.map(({ name, schema }) => [name, fitting(schema, name).map(String)]));
  const requiredKeys = some.filter(({ required }) => required).map(({ name }) => name);
  return fc.record<Record<string, string>, string>(values, { requiredKeys });
}

function brokenQuery(operation: Operation): fc.Arbitrary<Changed>[] {
  const some = parametersOf(operation, 'query');
  if (some.length === 0) return [];
  const refusedWith = /^INVALID_COMMAND$/;
  const broken = some.flatMap(({ name, schema }) => {
    const values = breakingText(schema);
    if (values === undefined) return [];
    return [
      values.map((value): Changed => [
        ({ query }) => ({ query: { ...query, [name]: value } }),
        { about: `the query’s ${name} is ${JSON.stringify(value)}`, refusedWith },
      ]),
    ];
  });
  const unknown = fc
    .constantFrom('colour', '__proto__', 'Limit', '')
    .map((name): Changed => [
      ({ query }) => ({ query: { ...query, [name]: '1' } }),
      { about: `the query has ${name}`, refusedWith },
    ]);
  return [...broken, unknown];
}

/** What no thing can have as its name is the name of none. */
function brokenPath(operation: Operation): fc.Arbitrary<Changed>[] {
  return parametersOf(operation, 'path').flatMap(({ name, schema }) => {
    const values = breakingText(schema);
    if (values === undefined) return [];
    return [
      values.map((value): Changed => [
        ({ path }) => ({ path: { ...path, [name]: value } }),
        {
          about: `${name} is ${JSON.stringify(value)}`,
          refusedWith: /^(UNKNOWN_[A-Z]+|INVALID_SYMBOL|INVALID_PARTICIPANT)$/,
        },
      ]),
    ];
  });
}

function brokenHeaders(operation: Operation): fc.Arbitrary<Changed>[] {
  return parametersOf(operation, 'header').flatMap(({ name, schema }) => {
    const values = breakingText(schema)?.filter((text) => /^[!-~]+$/.test(text));
    if (values === undefined) return [];
    return [
      values.map((value): Changed => [
        ({ header }) => ({ header: { ...header, [name]: value } }),
        { about: `the header ${name} is ${value}`, refusedWith: /^(INVALID_COMMAND|UNKNOWN_SHARD)$/ },
      ]),
    ];
  });
}

/** What else such a body asks for may be refused first: any code will do. */
const refusedBody = /^/;

function brokenBody(operation: Operation): fc.Arbitrary<Changed>[] {
  if (operation.method === 'GET') return [];
  const json = operation.requestBody?.content[JSON_TYPE]?.schema;
  const asJson = (text: string | undefined): Partial<Parts> => ({ mediaType: JSON_TYPE, text });
  const noJson = fc
    .constantFrom(
      '{',
      '{"a":1,}',
      '{"a":1,"a":1}',
      '{"side":"buy", "\\u0073ide": "sell"}',
      "{'a':1}",
      '{"a":NaN}',
      '{"a":1}{"a":1}',
      '\ufeff{}',
      '{}\u0000',
      '[1,]',
    )
    .map((text): Changed => [() => asJson(text), { about: `the body is ${text}`, refusedWith: /^MALFORMED_JSON$/ }]);
  const otherType = fc
    .constantFrom(
      'text/plain',
      'application/xml',
      'multipart/form-data; boundary=x',
      'nonsense',
      '*/*',
      'application/vnd.api+json',
    )
    .map((mediaType): Changed => [
      ({ text }) => ({ mediaType, text: text ?? '{}' }),
      { about: `the media type is ${mediaType}`, refusedWith: /^UNSUPPORTED_MEDIA_TYPE$/ },
    ]);
  const tooLarge = fc.constant<Changed>([
    () => asJson(`{"colour":"${'x'.repeat(70_000)}"}`),
    { about: 'the body is too large', refusedWith: /^BODY_TOO_LARGE$/ },
  ]);
  const encoded = fc.constantFrom('gzip', 'br', 'identity, deflate', 'nonsense').map((encoding): Changed => [
    ({ text }) => asJson(text ?? '{}'),
    {
      about: `the body is said to be ${encoding}`,
      headers: { 'content-encoding': encoding },
      refusedWith: /^UNSUPPORTED_MEDIA_TYPE$/,
    },
  ]);
  const some = [noJson, otherType, tooLarge, encoded];
  if (json === undefined) return some;
  const wrong = breakingRecord(json).map((value): Changed => {
    const text = JSON.stringify(value);
    return [() => asJson(text), { about: `the body is ${text}`, refusedWith: refusedBody }];
  });
  const missing = fc
    .constantFrom(JSON_TYPE, undefined)
    .map((mediaType): Changed => [
      () => ({ mediaType, text: undefined }),
      { about: 'there is no body', refusedWith: /^INVALID_COMMAND$/ },
    ]);
  return [...some, wrong, wrong, missing];
}

/** They change nothing about what is asked. */
const harmlessHeaders = fc.record(
  {
    'if-none-match': fc.constantFrom('*', '"x"', 'W/"'),
    'if-modified-since': fc.constantFrom('yesterday', 'Thu, 01 Jan 1970 00:00:00 GMT'),
    accept: fc.constantFrom('text/html', 'x/y;q=nonsense', ''),
    range: fc.constantFrom('bytes=0-', 'bytes=9-1', 'x'),
    'x-http-method-override': fc.constantFrom('DELETE', 'PUT'),
    'x-forwarded-for': fc.constantFrom('127.0.0.1', "' OR 1=1"),
    cookie: fc.constantFrom('a=b', '='.repeat(1_000)),
    'accept-encoding': fc.constantFrom('gzip', 'identity;q=0', '*'),
  },
  { requiredKeys: [] },
);
