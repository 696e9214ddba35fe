/**
 * What a server really answers: a short morning on an exchange of its own, whose log and query store are in memory and whose clock stands
 * still, so that the answers are the same each time.
 */
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { Exchange } from '../../src/exchange/exchange.js';
import { buildApp } from '../../src/server/app.js';
import { openKeyring } from '../../src/server/keys/keys.js';
import { deskOf, FedQueries } from '../support/http/fed-queries.js';
import type { OpenApiDocument } from '../support/http/openapi/openapi-document.js';
import { MemoryLog } from '../support/log/memory-log.js';
import { PATIENCE_MS } from '../support/patience.js';

const NOW_MS = Date.parse('2026-01-05T09:00:00Z');
const HOST = '127.0.0.1:7070';

export interface HttpExample {
  /** `POST /v1/intentions` */
  readonly request: string;
  /** The media type that is asked for. */
  readonly accept?: string | undefined;
  /** Of the body that is sent. */
  readonly type: string;
  readonly body: string | undefined;
  readonly status: number;
  /** Those that say something: where it is, when to come back. */
  readonly headers: Readonly<Record<string, string>>;
  readonly answer: string;
}

export interface HttpFacts {
  readonly document: OpenApiDocument;
  /** By the ids of operations; a refusal stands under `refusal`. */
  readonly examples: ReadonlyMap<string, readonly HttpExample[]>;
  /** As Prometheus reads them. */
  readonly metrics: string;
}

interface Ask {
  readonly operation: string;
  readonly request: readonly [method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE', url: string];
  readonly json?: object;
  readonly lines?: readonly object[];
  readonly accept?: string;
}

const buy = { instrument: 'ACME', side: 'buy', price: '10.25', quantity: '100' };
const sell = { instrument: 'ACME', side: 'sell', price: '10.20', quantity: '40' };

const morning: readonly Ask[] = [
  { operation: 'putInstrument', request: ['PUT', '/v1/instruments/ACME'], json: { tickSize: '0.05', lotSize: '1' } },
  { operation: 'listInstruments', request: ['GET', '/v1/instruments'] },
  { operation: 'getInstrument', request: ['GET', '/v1/instruments/ACME'] },
  {
    ...{ operation: 'postIntention', request: ['POST', '/v1/intentions'] },
    json: { clientIntentionId: 'a-1', participant: 'alice', ...buy },
  },
  {
    ...{ operation: 'postIntention', request: ['POST', '/v1/intentions'] },
    lines: [
      { clientIntentionId: 'b-1', participant: 'bob', ...sell },
      { clientIntentionId: 'b-2', participant: 'bob', ...sell, price: '10.21' },
    ],
  },
  {
    ...{ operation: 'refusal', request: ['POST', '/v1/intentions'] },
    json: { clientIntentionId: 'a-2', participant: 'alice', ...buy, price: '10.27' },
  },
  { operation: 'listIntentions', request: ['GET', '/v1/intentions?participant=alice&status=open'] },
  { operation: 'getBook', request: ['GET', '/v1/book/ACME?depth=5'] },
  { operation: 'getBook', request: ['GET', '/v1/book/ACME?at=6&depth=5'] },
  { operation: 'listDeals', request: ['GET', '/v1/deals?participant=alice'] },
  { operation: 'getDeal', request: ['GET', '/v1/deals/1-1'] },
  { operation: 'listTrades', request: ['GET', '/v1/trades/ACME?limit=2'] },
  { operation: 'getTicker', request: ['GET', '/v1/ticker/ACME'] },
  { operation: 'listTickers', request: ['GET', '/v1/tickers'] },
  { operation: 'listCandles', request: ['GET', '/v1/candles/ACME?interval=1h'] },
  { operation: 'listDoubts', request: ['GET', '/v1/doubts'] },
  { operation: 'listPositions', request: ['GET', '/v1/positions?participant=alice'] },
  { operation: 'whyIntention', request: ['GET', '/v1/intentions/1/why'] },
  { operation: 'chartIntention', request: ['GET', '/v1/intentions/1/chart'], accept: 'text/vnd.mermaid' },
  { operation: 'chartDeal', request: ['GET', '/v1/deals/1-1/chart'], accept: 'text/plain' },
  { operation: 'setSwitch', request: ['POST', '/v1/switch'], json: { withinMs: 30_000, participant: 'alice' } },
  { operation: 'getSwitch', request: ['GET', '/v1/switch?participant=alice'] },
  {
    ...{ operation: 'putLimits', request: ['PUT', '/v1/limits/bob'] },
    json: { instrument: 'ACME', openQuantity: '500', netPosition: '1000', intentionsPerSecond: 20 },
  },
  { operation: 'listLimits', request: ['GET', '/v1/limits?participant=bob'] },
  { operation: 'getAccount', request: ['GET', '/v1/account?participant=bob&after=10'] },
  { operation: 'changeIntention', request: ['PATCH', '/v1/intentions/1'], json: { reduceBy: '10' } },
  { operation: 'withdrawIntention', request: ['DELETE', '/v1/intentions/1'] },
  { operation: 'getIntention', request: ['GET', '/v1/intentions/1'] },
  {
    ...{ operation: 'postIntention', request: ['POST', '/v1/intentions'] },
    lines: [
      { clientIntentionId: 'a-3', participant: 'alice', ...buy },
      { command: 'reduce', clientIntentionId: 'a-3', participant: 'alice', by: '40', clientCommandId: 'r-1' },
      { command: 'withdraw', clientIntentionId: 'b-1', participant: 'bob' },
    ],
  },
  {
    ...{ operation: 'changeIntentionByClientId' },
    request: ['PATCH', '/v1/intentions/by-client-id/a-3?participant=alice'],
    json: { price: '10.20', clientCommandId: 'r-2' },
  },
  {
    ...{ operation: 'withdrawIntentionByClientId' },
    request: ['DELETE', '/v1/intentions/by-client-id/b-1?participant=bob'],
  },
  { operation: 'withdrawIntentions', request: ['DELETE', '/v1/intentions?instrument=ACME&side=buy'] },
  { operation: 'changePhase', request: ['POST', '/v1/instruments/ACME/phase'], json: { phase: 'call' } },
  { operation: 'uncross', request: ['POST', '/v1/instruments/ACME/uncross'] },
  { operation: 'getTimeline', request: ['GET', '/v1/timeline?buckets=4'] },
  { operation: 'getMoment', request: ['GET', '/v1/moment?at=6'] },
  { operation: 'getCaller', request: ['GET', '/v1/caller'] },
  { operation: 'getCluster', request: ['GET', '/v1/cluster'] },
  { operation: 'isLive', request: ['GET', '/health/live'] },
  { operation: 'isReady', request: ['GET', '/health/ready'] },
  { operation: 'openSocket', request: ['GET', '/v1/ws'] },
];

/** Runs the morning. */
export async function httpFacts(): Promise<HttpFacts> {
  const { now } = Date;
  Date.now = () => NOW_MS; // when a server started is in its answers
  const log = new MemoryLog();
  const exchange = await Exchange.open(log, { clock: () => NOW_MS });
  const store = new FedQueries(log);
  const app = buildApp({
    ...{ exchange, logs: [log], stores: deskOf(new Map([[log.shard, store]])), keys: openKeyring },
    ...{ logger: pino({ level: 'silent' }), catchUpMs: PATIENCE_MS },
  });
  try {
    const examples = new Map<string, HttpExample[]>();
    for (const ask of morning) {
      const example = await exampleOf(app, ask);
      examples.set(ask.operation, [...(examples.get(ask.operation) ?? []), example]);
    }
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    for (const [operation, path, messages] of feeds) examples.set(operation, [await feedExample(url, path, messages)]);
    const document = (await app.inject('/openapi.json')).json<OpenApiDocument>();
    return { document, examples, metrics: (await app.inject('/metrics')).body };
  } finally {
    Date.now = now;
    store.end();
    await app.close();
    await exchange.close();
  }
}

async function exampleOf(
  app: FastifyInstance,
  { request: [method, url], json, lines, accept }: Ask,
): Promise<HttpExample> {
  const body = lines?.map((line) => `${JSON.stringify(line)}\n`).join('') ?? (json && JSON.stringify(json, null, 2));
  const type = lines === undefined ? 'application/json' : 'application/x-ndjson';
  const sent = { ...(body !== undefined && { 'content-type': type }), ...(accept !== undefined && { accept }) };
  const headers = { host: HOST, ...sent };
  const answer = await app.inject({ method, url, headers, ...(body === undefined ? {} : { payload: body }) });
  return {
    ...{ request: `${method} ${url}`, accept, type, body, status: answer.statusCode },
    headers: told((name) => answer.headers[name]),
    answer: isJson(answer.headers['content-type']) ? JSON.stringify(JSON.parse(answer.body), null, 2) : answer.body,
  };
}

function isJson(type: unknown): boolean {
  return /^application\/(?:problem\+)?json/.test(String(type));
}

/** Feeds go on; what is shown are their first messages. */
const feeds = [
  ['followEvents', '/v1/events?from=0&until=16&type=IntentionPosted,DealConfirmed', 5],
  ['streamBook', '/v1/book/ACME/stream', 1],
  ['streamTrades', '/v1/trades/ACME/stream?from=0', 1],
  ['streamTicker', '/v1/ticker/ACME/stream', 1],
  ['streamOwn', '/v1/own/stream?participant=alice&from=0', 3],
] as const;

async function feedExample(url: string, path: string, messages: number): Promise<HttpExample> {
  const ending = new AbortController();
  const response = await fetch(`${url}${path}`, { signal: ending.signal });
  let answer = '';
  for await (const bytes of response.body ?? []) {
    answer += Buffer.from(bytes as Uint8Array).toString(); // fetch gives bytes
    if (answer.split('\n\n').length > messages + 1) break;
  }
  ending.abort();
  const shown = answer
    .split('\n\n')
    .slice(0, messages + 1)
    .join('\n\n');
  const headers = told((name) => response.headers.get(name) ?? undefined);
  return { request: `GET ${path}`, type: '', body: undefined, status: response.status, headers, answer: shown };
}

function told(header: (name: string) => unknown): Record<string, string> {
  const names = { 'content-type': 'Content-Type', location: 'Location', 'parley-from': 'Parley-From' };
  return Object.fromEntries(
    Object.entries(names).flatMap(([name, shown]) =>
      header(name) === undefined ? [] : [[shown, String(header(name))]],
    ),
  );
}
