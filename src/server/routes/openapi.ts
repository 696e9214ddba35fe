/**
 * The OpenAPI 3.1 document, made from the routes as they were registered: their schemas and their Operation are all it knows, so it
 * cannot say anything else than what is checked and sent.
 */
import type { FastifyInstance, RouteOptions } from 'fastify';
import type { Role } from '../../api/access.js';
import { type Access, takes } from '../doors/access.js';
import { nameOfSchema, namedSchemas } from '../../api/schemas/named-schemas.js';
import type { RecordSchema } from '../../api/schemas/record-schema.js';
import type { Operation } from './operation.js';
import type { ProblemCode } from '../../api/problem.js';
import { problemMediaType, statusOf, titleOf } from '../problem-details.js';

/** Of what is spoken under /v1: the second number grows with what is added. */
const API_VERSION = '1.0';

type Json = Readonly<Record<string, unknown>>;

interface Route {
  readonly method: string;
  readonly url: string;
  readonly operation: Operation;
}

/** Listens to the routes that are registered from now on; the function it returns makes the document of them. */
export function documentRoutes(app: FastifyInstance): () => Json {
  const routes: Route[] = [];
  app.addHook('onRoute', (options: RouteOptions) => {
    const operation = options.config?.operation;
    if (operation === undefined || options.method === 'HEAD') return;
    routes.push({ method: String(options.method).toLowerCase(), url: options.url, operation });
  });
  return () => document(routes);
}

function document(routes: readonly Route[]): Json {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.url.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method] = operationObject(route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Parley',
      version: API_VERSION,
      description:
        'An event-sourced exchange. An answer means durable. An answer of 5xx to a post means unknown: post it again with the same ' +
        'clientIntentionId, and it is still one intention. JSON is taken as UTF-8 without a byte order mark and without a ' +
        'Content-Encoding; an object that names a field twice is refused.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: ['intentions', 'market', 'deals', 'events', 'operation'].map((name) => ({ name })),
    paths,
    components: {
      schemas: withoutFastifyRefs({ ...namedSchemas, Problem: problemSchema }),
      securitySchemes: {
        key: {
          type: 'http',
          scheme: 'bearer',
          description:
            'An API key, or instead of it a signature by a public key of the key file (HTTP Message Signatures, RFC 9421: method, authority, path, ' +
            'query and Content-Digest, with created and keyid), where the exchange has keys; where it has none, everybody is an operator. The roles that an operation takes are ' +
            'those its security names: participant (acts for itself), operator (runs the market, acts for whom it names), auditor (reads ' +
            'all, changes nothing), market-data (the market without names: books, trades, tickers, candles). Others get FORBIDDEN.',
        },
      },
    },
  };
}

/** What is undefined in it is left out of the document. */
function operationObject({ method, operation }: Route): Json {
  const { operationId, summary, description, tag, access, schema } = operation;
  const content = operation.handlerChecksBody ?? (schema.body && { 'application/json': schema.body });
  return withoutFastifyRefs({
    operationId,
    summary,
    description,
    tags: [tag],
    security: securityOf(access),
    parameters: [
      ...parameters('path', schema.params),
      ...parameters('query', schema.querystring),
      ...parameters('header', operation.headers),
    ],
    requestBody: content && { required: true, content: mediaTypes(content) },
    responses: { ...successes(schema.response), ...failures(problemsOf(method, operation)) },
  });
}

/** Each alternative is one role, of which a key has just one. */
function securityOf(access: Access): Json[] {
  const passing: readonly Role[] = takes[access];
  return passing.map((role) => ({ key: [role] }));
}

function parameters(place: 'path' | 'query' | 'header', schema: RecordSchema | undefined): Json[] {
  return Object.entries(schema?.properties ?? {}).map(([name, { description, ...field }]) => ({
    name,
    in: place,
    required: place === 'path',
    description,
    schema: field,
  }));
}

function mediaTypes(schemas: Json): Json {
  return Object.fromEntries(Object.entries(schemas).map(([type, schema]) => [type, { schema: referenceTo(schema) }]));
}

/** What has a name is referred to by it: programs that make clients from the document call their types so. */
function referenceTo(schema: unknown): unknown {
  const name = nameOfSchema(schema);
  return name === undefined ? schema : { $ref: `${name}#` };
}

function successes(responses: Json): Json {
  const described = Object.entries(responses).map(([status, schema]) => {
    const content = isContent(schema) ? named(schema.content) : mediaTypes({ 'application/json': schema });
    return [status, { description: status === '201' ? 'Made, or made before.' : 'Done.', content }];
  });
  return Object.fromEntries(described) as Json; // entries of string keys
}

type Content = Readonly<Record<string, { readonly schema: object }>>;

function isContent(schema: unknown): schema is { content: Content } {
  return typeof schema === 'object' && schema !== null && 'content' in schema;
}

function named(content: Content): Json {
  return mediaTypes(Object.fromEntries(Object.entries(content).map(([type, { schema }]) => [type, schema])));
}

const problemsOfKeys: readonly ProblemCode[] = [
  ...(['UNAUTHENTICATED', 'SIGNATURE_INVALID', 'SIGNATURE_EXPIRED', 'DIGEST_MISMATCH'] as const),
  ...(['FORBIDDEN', 'TOO_MANY_REQUESTS'] as const),
];
/** Of a body that cannot be read, which somebody may send even where none is asked for. */
const problemsOfReading: readonly ProblemCode[] = ['MALFORMED_JSON', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'];
/** Of a request that is none, or a server that fails. */
const problemsOfAll: readonly ProblemCode[] = ['MALFORMED_HTTP', 'INTERNAL'];

function problemsOf(
  method: string,
  { access, schema, headers, handlerChecksBody, problems = [] }: Operation,
): ReadonlySet<ProblemCode> {
  const isChecked = (handlerChecksBody ?? schema.body ?? schema.querystring ?? headers) !== undefined;
  return new Set([
    ...(access === 'open' ? [] : problemsOfKeys),
    ...(method === 'get' ? [] : problemsOfReading),
    ...(isChecked ? (['INVALID_COMMAND'] as const) : []),
    ...problems,
    ...problemsOfAll,
  ]);
}

/**
 * One response a status, with the codes that come with it. The codes stand beside the reference and not in an alternative of their own, so
 * that a client made from the document has one type of problems.
 */
function failures(codes: ReadonlySet<ProblemCode>): Json {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codes) byStatus.set(statusOf[code], [...(byStatus.get(statusOf[code]) ?? []), code]);
  const responses = [...byStatus].map(([status, some]) => {
    const schema = {
      ...{ type: 'object', allOf: [{ $ref: 'Problem#' }] },
      properties: { code: { type: 'string', enum: some } },
    };
    return [status, { description: `${some.map(titleOf).join('. ')}.`, content: { [problemMediaType]: { schema } } }];
  });
  return Object.fromEntries(responses) as Json; // entries of string keys
}

/** A problem, as every way in tells it. */
export const problemSchema = {
  type: 'object',
  description: 'RFC 9457 problem details. `code` is stable; `detail` is for people.',
  required: ['type', 'title', 'status', 'code', 'detail'],
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(statusOf) },
    detail: { type: 'string' },
    instance: { type: 'string', format: 'uri-reference' },
  },
};

/** Fastify refers to a shared schema as `Deal#`, OpenAPI as `#/components/schemas/Deal`. */
export function withoutFastifyRefs<Value>(value: Value): Value {
  const text = JSON.stringify(value).replace(/"\$ref":"(\w+)#"/g, '"$ref":"#/components/schemas/$1"');
  return JSON.parse(text) as Value; // the same shape, with other references
}
