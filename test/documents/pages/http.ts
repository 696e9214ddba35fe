/** `docs/reference/http.md`: every route, from the OpenAPI document that the server makes, with examples that a server answered. */
import { type Role, roles } from '../../../src/api/access.js';
import { newPrice, participant, price, signed, symbol, clientIntentionId } from '../../../src/api/schemas/fields.js';
import { type HttpExample, httpFacts } from '../http-examples.js';
import { anchorOf, code, codes, fence, paragraphs, prose, table } from '../markdown.js';
import {
  type Content,
  type Operation,
  operationsOf,
  type Parameter,
  type Schema,
} from '../../support/http/openapi/openapi-document.js';

const intro = `What \`parley serve\` answers. The same stands in the OpenAPI 3.1 document of a running server, \`GET /openapi.json\`, from which this page is
made; the examples are what a server really answered.`;

const rules = `- **Who asks.** \`Authorization: Bearer KEY\`, where the server has a [file of keys](configuration.md#the-file-of-keys). Where it has none it
  listens for its own machine alone, and everybody is an operator.
- **What an answer means.** A 2xx to a command means that it is durable. A 4xx means that nothing was done. A 5xx, or no answer, means unknown:
  send the same again. [Errors](errors.md) lists all codes and what to do.
- **Once.** A post has a \`clientIntentionId\`. Posted again with the same content, at any time, it is the same intention and gets the same
  answer; with other content it is refused (\`CLIENT_ID_REUSED\`).
- **Numbers.** Prices, quantities and sums are decimal strings, so that no reader rounds them. Positions and counts are JSON integers.
- **Bodies.** JSON in UTF-8 without a byte order mark and without a Content-Encoding, 64 KiB at most. A field that is unknown, or that stands
  twice, is refused.
- **As of.** Lists carry the \`position\` up to which they hold everything; with several shards \`positionByShard\`. They hold all that was durable
  when the request came: whoever was answered reads their own writes.
- **Headers.** \`Retry-After\` (seconds) comes with 429 and 503; \`Location\` with what was made; \`Allow\` with 405; \`WWW-Authenticate\` with 401.
- **Pages of other origins** (\`Origin\`, \`Sec-Fetch-Site\`) may not change anything where there are no keys.`;

const patternNames: ReadonlyMap<string | undefined, string> = new Map([
  [price.pattern, 'decimal'],
  [newPrice.pattern, 'decimal above zero'],
  [signed.pattern, 'signed decimal'],
  [symbol.pattern, 'symbol'],
  [participant.pattern, 'participant'],
  [clientIntentionId.pattern, 'client’s id'],
]);

const patterns = [
  ['decimal', price.pattern, '10.25'],
  ['decimal above zero', newPrice.pattern, '10.25'],
  ['signed decimal', signed.pattern, '-410.00'],
  ['symbol', symbol.pattern, 'ACME'],
  ['participant', participant.pattern, 'alice'],
  ['client’s id', clientIntentionId.pattern, 'a-1'],
] as const;

interface Told extends Operation {
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
}

export async function httpPage(): Promise<string> {
  const { document, examples, metrics } = await httpFacts();
  const tags = document.tags.map(({ name }) => name);
  const all = operationsOf(document) as readonly Told[]; // the document's operations have a summary and tags
  const operations = tags.flatMap((tag) => all.filter(({ tags: own }) => own.includes(tag)));
  const usual = usualCodes(operations);
  // Bodies stand where they are sent.
  const bodySchemas = new Set(
    all.flatMap(({ requestBody }) => Object.values(requestBody?.content ?? {}).map(schemaOf)),
  );
  return paragraphs(
    '# HTTP',
    intro,
    '## Rules',
    [rules, ...usual.map(({ of, codes: some }) => `- **${of}** may answer ${codes(some)}.`)].join('\n'),
    routeTable(operations),
    'A refusal:',
    ...(examples.get('refusal') ?? []).map(shown),
    ...tags.flatMap((tag) => [
      `## ${tag.charAt(0).toUpperCase()}${tag.slice(1)}`,
      ...operations
        .filter(({ tags: own }) => own.includes(tag))
        .map((each) => section(each, { examples, metrics, usual })),
    ]),
    '## Shapes',
    'The text types of the tables:',
    table(
      ['type', 'pattern', 'such as'],
      patterns.map(([name, pattern = '', like]) => [name, code(pattern), code(like)]),
    ),
    ...Object.entries(document.components.schemas)
      .filter(([, schema]) => !bodySchemas.has(schema))
      .map(([name, schema]) => paragraphs(`### ${name}`, fields(schema)).trimEnd()),
  );
}

function rolesOf({ security }: Operation): readonly Role[] {
  return roles.filter((role) => security.some((one) => JSON.stringify(one).includes(`"${role}"`)));
}

function titleOf({ method, path }: Operation): string {
  return `${method} ${path}`;
}

function routeTable(operations: readonly Told[]): string {
  const rows = operations.map((operation) => {
    const passing = rolesOf(operation);
    const taking = roles.map((role) => (passing.includes(role) ? 'yes' : ''));
    const title = titleOf(operation);
    return [
      `[${code(title)}](#${anchorOf(title)})`,
      prose(operation.summary),
      ...(passing.length === 0 ? roles.map(() => 'open') : taking),
    ];
  });
  return table(['route', 'does', ...roles], rows);
}

interface Facts {
  readonly examples: ReadonlyMap<string, readonly HttpExample[]>;
  readonly metrics: string;
  readonly usual: readonly Usual[];
}

function section(operation: Told, { examples, metrics, usual }: Facts): string {
  const passing = rolesOf(operation);
  return paragraphs(
    `### ${titleOf(operation)}`,
    `${prose(operation.summary)}.${operation.description === undefined ? '' : ` ${prose(operation.description)}`}`,
    passing.length === 0 ? 'Takes no key.' : `Takes a key of: ${passing.join(', ')}.`,
    parameterTable(operation.parameters),
    ...bodies(operation.requestBody?.content ?? {}),
    answers(operation, new Set(usual.filter(({ has }) => has(operation)).flatMap(({ codes: some }) => some))),
    operation.operationId === 'getMetrics' ? metricTable(metrics) : '',
    ...examplesOf(operation, examples).map(shown),
  ).trimEnd();
}

/** What these answer is too long to be shown. */
const UNSHOWN = ['getMetrics', 'getOpenApi', 'getAsyncApi'];

function examplesOf({ operationId }: Operation, examples: Facts['examples']): readonly HttpExample[] {
  const found = examples.get(operationId) ?? [];
  if (found.length > 0 || UNSHOWN.includes(operationId)) return found;
  throw new Error(`test/documents/http-examples.ts asks nothing of ${operationId}`);
}

function parameterTable(parameters: readonly (Parameter & { readonly description?: string })[]): string {
  const rows = parameters.map(({ name, in: place, description, schema }) => [
    code(name),
    place,
    typeOf(schema),
    prose(description ?? ''),
  ]);
  return table(['parameter', 'in', 'type', 'means'], rows);
}

function schemaOf({ schema }: Content[string]): Schema {
  return schema;
}

function bodies(content: Content): string[] {
  return Object.entries(content).flatMap(([type, { schema }]) => [`Body, ${code(type)}:`, fields(schema)]);
}

type Described = Schema & { readonly description?: string; readonly default?: string | number | boolean };

/** An object's fields as a table; anything else as what it is. */
function fields(schema: Described): string {
  const { properties, required = [], description } = schema;
  const about = description === undefined ? '' : prose(description);
  if (properties === undefined) return about === '' ? typeOf(schema) : about;
  const rows = Object.entries<Described>(properties).map(([name, field]) => [
    code(name),
    typeOf(field),
    required.includes(name) ? 'yes' : '',
    prose(field.description ?? ''),
  ]);
  return paragraphs(about, table(['field', 'type', 'always', 'means'], rows)).trimEnd();
}

function typeOf(schema: Described): string {
  const otherwise = schema.default === undefined ? '' : `; ${code(String(schema.default))} unless given`;
  return kindOf(schema) + otherwise;
}

function kindOf(schema: Described): string {
  const { $ref, type, items, anyOf, allOf, pattern, format, additionalProperties } = schema;
  if ($ref !== undefined) return linkTo($ref);
  if (anyOf !== undefined) return anyOf.map(typeOf).join(' or ');
  if (allOf?.[0] !== undefined) return typeOf(allOf[0]);
  if (schema.enum !== undefined) return codes(schema.enum);
  if (type === 'array')
    return `list of ${items?.properties === undefined ? typeOf(items ?? {}) : codes(Object.keys(items.properties))}`;
  if (type === 'integer') return integerOf(schema);
  if (type === 'object' && typeof additionalProperties === 'object') return `object of ${typeOf(additionalProperties)}`;
  if (format === 'date-time') return 'time (RFC 3339)';
  if (pattern !== undefined) return patternNames.get(pattern) ?? `text like ${code(pattern)}`;
  return type === 'string' ? 'text' : type === 'boolean' ? 'true or false' : (type ?? 'anything');
}

function integerOf({ minimum, maximum }: Schema): string {
  if (maximum !== undefined) return `integer, ${minimum ?? 0} to ${maximum}`;
  return minimum === undefined || minimum === 0 ? 'integer' : `integer from ${minimum}`;
}

function linkTo(ref: string): string {
  const name = ref.split('/').at(-1) ?? ref;
  return `[${name}](#${anchorOf(name)})`;
}

/** What many routes may answer alike; their tables leave it out. */
interface Usual {
  readonly of: string;
  readonly has: (operation: Operation) => boolean;
  readonly codes: readonly string[];
}

/** The codes that all routes have, all that take a key, and all that may be sent a body. */
function usualCodes(operations: readonly Operation[]): Usual[] {
  const groups: Pick<Usual, 'of' | 'has'>[] = [
    { of: 'Every route', has: () => true },
    { of: 'Every route that takes a key', has: ({ security }) => security.length > 0 },
    { of: 'Every route but those with `GET`', has: ({ method }) => method !== 'GET' },
  ];
  const told = new Set<string>();
  return groups.map(({ of, has }) => {
    const [first = [], ...others] = operations.filter(has).map(refusalsOf);
    const shared = first.filter((one) => !told.has(one) && others.every((each) => each.includes(one)));
    shared.forEach((one) => told.add(one));
    return { of, has, codes: shared };
  });
}

function refusalsOf({ responses }: Operation): string[] {
  return Object.values(responses).flatMap(({ content }) =>
    problemsIn(content['application/problem+json']?.schema ?? {}),
  );
}

function answers({ responses }: Operation, leftOut: ReadonlySet<string>): string {
  const rows = Object.entries(responses).flatMap(([status, { content }]) => {
    const refused = problemsIn(content['application/problem+json']?.schema ?? {});
    const given = Object.entries(content).filter(([type]) => type !== 'application/problem+json');
    const says = [
      ...given.map(([type, { schema }]) => answerOf(type, schema)),
      codes(refused.filter((one) => !leftOut.has(one))),
    ];
    return says.every((each) => each === '') ? [] : [[status, says.filter((each) => each !== '').join('; ')]];
  });
  return table(['status', 'answer'], rows);
}

function answerOf(type: string, schema: Described): string {
  if (type !== 'application/json')
    return `${code(type)}${schema.description === undefined ? '' : `: ${prose(schema.description)}`}`;
  if (schema.properties === undefined) return typeOf(schema);
  return Object.entries<Described>(schema.properties).map(memberOf).join(', ');
}

/** A field of an answer, with what a list holds. */
function memberOf([name, schema]: readonly [string, Described]): string {
  return schema.type === 'array' ? `${code(name)} (${typeOf(schema)})` : code(name);
}

/** The codes that come with a status. */
function problemsIn(schema: Schema): string[] {
  const found = /"enum":(\[[^\]]*\])/.exec(JSON.stringify(schema))?.[1] ?? '[]';
  return JSON.parse(found) as string[]; // the codes' own list
}

function metricTable(metrics: string): string {
  const rows = [...metrics.matchAll(/^# HELP (\S+) (.*)\n# TYPE \S+ (\w+)$/gm)].map(
    ([, name = '', help = '', type = '']) => [code(name), type, prose(help)],
  );
  return table(['metric', 'type', 'means'], rows);
}

function shown({ request, accept, type, body, status, headers, answer }: HttpExample): string {
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const sent = [
    ...(accept === undefined ? [] : [`Accept: ${accept}`]),
    ...(body === undefined ? [] : [`Content-Type: ${type}`]),
  ];
  const asked = [request, ...sent, ...(body === undefined ? [] : ['', body.trimEnd()])].join('\n');
  return paragraphs(
    fence('text', asked),
    fence('text', [`HTTP/1.1 ${status}`, ...head, '', answer.trimEnd()].join('\n')),
  ).trimEnd();
}
