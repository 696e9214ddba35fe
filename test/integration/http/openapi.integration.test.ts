import type { FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { refusals } from '../../../src/domain/refusal.js';
import { statusOf } from '../../../src/server/problem-details.js';
import { aPost, appOf, openMarket } from '../../support/http/market.js';
import { schemaCompiler } from '../../support/http/openapi/schema-check.js';

interface Parameter {
  name: string;
  in: string;
  required: boolean;
  schema: object;
}
interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  security: object[];
  parameters: Parameter[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { description: string; content: Record<string, { schema: object }> }>;
}
interface Document {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
}

let app: FastifyInstance;
let document: Document;
let operations: (Operation & { path: string; method: string })[];
beforeEach(async () => {
  app = appOf(await openMarket());
  document = (await app.inject({ method: 'GET', url: '/openapi.json' })).json();
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
  );
});

/** Every schema with a place of its own: bodies, parameters, answers and components. */
function schemas(): object[] {
  return [
    ...Object.values(document.components.schemas),
    ...operations.flatMap(({ parameters, requestBody, responses }) => [
      ...parameters.map(({ schema }) => schema),
      ...[requestBody, ...Object.values(responses)].flatMap((each) =>
        Object.values(each?.content ?? {}).map(({ schema }) => schema),
      ),
    ]),
  ];
}

/** A feed, whose answer never ends. */
function isEndless(path: string): boolean {
  return path === '/v1/events' || path.endsWith('/stream');
}

describe('the OpenAPI document', () => {
  it('The OpenAPI document has every route, with its methods', () => {
    expect(operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`).sort()).toEqual(
      [
        'POST /v1/intentions',
        'GET /v1/intentions',
        'GET /v1/intentions/{id}',
        'PATCH /v1/intentions/{id}',
        'DELETE /v1/intentions/{id}',
        'DELETE /v1/intentions',
        'PATCH /v1/intentions/by-client-id/{clientIntentionId}',
        'DELETE /v1/intentions/by-client-id/{clientIntentionId}',
        'GET /v1/book/{instrument}',
        'GET /v1/deals',
        'GET /v1/deals/{id}',
        'GET /v1/positions',
        'GET /v1/intentions/{id}/why',
        'GET /v1/intentions/{id}/chart',
        'GET /v1/deals/{id}/chart',
        'POST /v1/switch',
        'GET /v1/switch',
        'PUT /v1/limits/{participant}',
        'GET /v1/limits',
        'GET /v1/trades/{instrument}',
        'GET /v1/ticker/{instrument}',
        'GET /v1/tickers',
        'GET /v1/candles/{instrument}',
        'GET /v1/account',
        'GET /v1/doubts',
        'GET /v1/timeline',
        'GET /v1/moment',
        'GET /v1/caller',
        'GET /v1/instruments',
        'GET /v1/instruments/{symbol}',
        'PUT /v1/instruments/{symbol}',
        'POST /v1/instruments/{symbol}/phase',
        'POST /v1/instruments/{symbol}/uncross',
        'GET /v1/events',
        'GET /v1/cluster',
        'GET /health/live',
        'GET /health/ready',
        'GET /metrics',
        'GET /openapi.json',
        'GET /v1/book/{instrument}/stream',
        'GET /v1/trades/{instrument}/stream',
        'GET /v1/ticker/{instrument}/stream',
        'GET /v1/own/stream',
        'GET /asyncapi.json',
        'GET /v1/ws',
      ].sort(),
    );
  });

  it('The OpenAPI document names no route that is not served', async () => {
    for (const { method, path } of operations.filter(({ path }) => !isEndless(path))) {
      const url = path.replace(/\{\w+\}/g, 'x');
      const answer = await app.inject({ method: method as 'GET', url }); // one of Fastify’s methods
      expect([404, 405].includes(answer.statusCode) ? answer.json().code : '').not.toMatch(
        /^(NOT_FOUND|METHOD_NOT_ALLOWED)$/,
      );
    }
  });

  it('The OpenAPI document is an OpenAPI 3.1 document in which each operation has an id, a summary and answers', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(document.info).toMatchObject({ title: 'Parley', version: expect.any(String) });
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { summary, tags, responses, security } of operations) {
      expect(summary).not.toBe('');
      expect(tags).toHaveLength(1);
      expect(Array.isArray(security)).toBe(true);
      expect(Object.keys(responses).some((status) => /^(2|101$)/.test(status))).toBe(true);
      for (const [status, { description, content }] of Object.entries(responses)) {
        expect(status).toMatch(/^(101|[2-5]\d\d)$/);
        expect(description).not.toBe('');
        for (const type of Object.keys(content)) expect(type).toMatch(/^[a-z]+\/[a-z.+-]+$/);
      }
    }
  });

  it('The OpenAPI document declares every parameter of a path, and no others as such', () => {
    for (const { path, parameters } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = parameters.filter((parameter) => parameter.in === 'path');
      expect(declared.map(({ name }) => name)).toEqual(inPath);
      expect(declared.every(({ required }) => required)).toBe(true);
    }
  });

  it('The OpenAPI document refers only to schemas that it holds, and all of them compile', async () => {
    const known = Object.keys(document.components.schemas);
    for (const [, name] of JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)) {
      expect(known).toContain(name);
    }
    expect(JSON.stringify(document)).not.toMatch(/"\$ref":"(?!#)/);
    const compile = await schemaCompiler(document.components.schemas);
    for (const schema of schemas()) expect(compile(schema)).toBeTypeOf('function');
  });

  it('The OpenAPI document names each body and each answer that has fields, and every refusal is a problem', () => {
    const jsonOf = (content: Record<string, { schema: object }>): object[] =>
      content['application/json'] === undefined ? [] : [content['application/json'].schema];
    const isNamed = (schema: object): boolean =>
      '$ref' in schema || ('anyOf' in schema && (schema.anyOf as object[]).every(isNamed)); // alternatives are a list
    const unnamed = operations.filter(({ requestBody, responses }) => {
      const answers = Object.values(responses).flatMap(({ content }) => jsonOf(content));
      return ![...jsonOf(requestBody?.content ?? {}), ...answers].every(isNamed);
    });
    const open = ['getAsyncApi', 'getOpenApi', 'isLive', 'isReady'];
    expect(unnamed.map(({ operationId }) => operationId).sort()).toEqual(open);
    for (const { responses } of operations) {
      const problems = Object.values(responses).flatMap(({ content }) => content['application/problem+json'] ?? []);
      // One reference alone: clients that are made from the document have one type of problems then.
      for (const { schema } of problems)
        expect(schema).toHaveProperty('allOf', [{ $ref: '#/components/schemas/Problem' }]);
    }
  });

  it('The OpenAPI document says what a body that cannot be read gets, also where none is asked for', () => {
    for (const { method, path, responses } of operations.filter(({ method }) => method !== 'get')) {
      const codes = JSON.stringify([responses[400], responses[413], responses[415]]);
      for (const code of ['MALFORMED_JSON', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'])
        expect(codes, `${method} ${path}`).toContain(code);
    }
  });

  it('The OpenAPI document lists every code of the exchange under its status', () => {
    const codes = new Map<string, Set<string>>();
    for (const { responses } of operations) {
      for (const [status, response] of Object.entries(responses)) {
        const found = JSON.stringify(response).match(/"[A-Z]+(?:_[A-Z]+)+"|"INTERNAL"|"FORBIDDEN"|"HALTED"/g) ?? [];
        for (const code of found) codes.set(code.slice(1, -1), (codes.get(code.slice(1, -1)) ?? new Set()).add(status));
      }
    }
    for (const code of Object.keys(refusals)) {
      expect([code, ...(codes.get(code) ?? [])]).toEqual([code, String(statusOf[code as keyof typeof refusals])]); // its own keys
    }
  });
});

describe('answers', () => {
  type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

  it('Answers fit the OpenAPI document', async () => {
    const compile = await schemaCompiler(document.components.schemas);
    const call = async (method: Method, path: string, url = path, payload?: object): Promise<void> => {
      const answer = await app.inject({ method, url, ...(payload === undefined ? {} : { payload }) });
      const type = String(answer.headers['content-type']).split(';')[0] ?? '';
      const { responses } = document.paths[path]?.[method.toLowerCase()] ?? {};
      const schema = responses?.[answer.statusCode]?.content[type]?.schema;
      expect(schema, `${method} ${path} ${answer.statusCode} ${type}`).toBeDefined();
      expect(compile(schema ?? {})(answer.json()), `${method} ${path}: ${answer.body}`).toBe('');
    };
    await call('POST', '/v1/intentions', undefined, aPost({ timeInForce: 'gtd', expiresAt: '2999-01-01T00:00:00Z' }));
    await call('POST', '/v1/intentions', undefined, aPost({ participant: 'bob', side: 'sell', quantity: '40' }));
    await call('POST', '/v1/intentions', undefined, aPost({ type: 'market', price: undefined, timeInForce: 'ioc' }));
    await call('POST', '/v1/intentions', undefined, aPost({ price: '10.255' }));
    for (const id of ['1', '2', '3', '99']) await call('GET', '/v1/intentions/{id}', `/v1/intentions/${id}`);
    await call('PATCH', '/v1/intentions/{id}', '/v1/intentions/1', { reduceBy: '1' });
    await call('DELETE', '/v1/intentions/{id}', '/v1/intentions/1');
    await call('PATCH', '/v1/intentions/{id}', '/v1/intentions/1', { reduceBy: '1' });
    await call('POST', '/v1/intentions', undefined, aPost({ clientIntentionId: 'mine' }));
    const mine = '/v1/intentions/by-client-id/mine?participant=alice';
    const byClientId = '/v1/intentions/by-client-id/{clientIntentionId}';
    await call('PATCH', byClientId, mine, { quantity: '5', clientCommandId: 'c-1' });
    await call('DELETE', byClientId, mine);
    await call('POST', '/v1/intentions', undefined, aPost());
    await call('DELETE', '/v1/intentions', '/v1/intentions?all=true');
    await call('GET', '/v1/intentions', '/v1/intentions?participant=alice');
    const plain = [
      '/v1/deals',
      '/v1/positions',
      '/v1/cluster',
      '/v1/tickers',
      '/v1/doubts',
      '/v1/instruments',
      '/health/live',
      '/health/ready',
      '/openapi.json',
    ];
    for (const url of plain) await call('GET', url);
    await call('GET', '/v1/deals/{id}', '/v1/deals/1-1');
    for (const withinMs of [5_000, 1, 0]) {
      await call('POST', '/v1/switch', undefined, { withinMs, participant: 'alice' });
    }
    await call('GET', '/v1/switch', '/v1/switch?participant=alice');
    const limits = { instrument: 'ACME', openQuantity: '100', intentionsPerSecond: 5 };
    await call('PUT', '/v1/limits/{participant}', '/v1/limits/alice', limits);
    await call('PUT', '/v1/limits/{participant}', '/v1/limits/alice', { instrument: 'NONE' });
    await call('GET', '/v1/limits');
    for (const about of ['book', 'trades', 'ticker', 'candles']) {
      await call('GET', `/v1/${about}/{instrument}`, `/v1/${about}/ACME`);
    }
    await call('GET', '/v1/account', '/v1/account?participant=alice&after=0');
    await call('PUT', '/v1/instruments/{symbol}', '/v1/instruments/NEW', { tickSize: '1', lotSize: '1' });
    await call('POST', '/v1/instruments/{symbol}/phase', '/v1/instruments/NEW/phase', { phase: 'call' });
    await call('POST', '/v1/instruments/{symbol}/uncross', '/v1/instruments/NEW/uncross');
  });
});
