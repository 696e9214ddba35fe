/** Requests that nobody ought to send, to every route there is. None of them may change anything. */
import fc from 'fast-check';
import { type Body, spoilt } from './hostile-json.js';

export interface HostileRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload?: Buffer;
}

const post: Body = {
  ...{
    clientIntentionId: 'h-1',
    participant: 'alice',
    instrument: 'ACME',
    side: 'buy',
    price: '10.25',
    quantity: '100',
  },
  timeInForce: 'gtc',
};
const reduction: Body = { reduceBy: '1' };
const replacement: Body = { price: '10.00', quantity: '5' };
const listing: Body = { tickSize: '0.01', lotSize: '1' };
const change: Body = { phase: 'call' };

const oddIds = [
  ...[
    '0',
    '-1',
    '1.5',
    '1e0',
    '٣',
    '9'.repeat(16),
    '9'.repeat(64),
    '9'.repeat(200),
    '9'.repeat(20_000),
    'x',
    ' ',
    '%20',
  ],
  ...['%00', '%2e%2e', '..%2f1', '%252e', '%ff', '%', '%zz', '1%00', '1;2', '1-1', '0-0', '1-0', '99999999999999999-1'],
  ...['__proto__', 'constructor', 'NaN', 'null', 'ACME%0a', '%F0%9F%98%80', "1'--", '*', '1,2', '-'],
];
const ids = fc.oneof(
  fc.constantFrom(...oddIds),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    .filter((text) => !/^[12]$/.test(text))
    .map((text) => encodeURIComponent(text)),
);

const queryNames = [
  'limit',
  'depth',
  'after',
  'before',
  'from',
  'participant',
  'instrument',
  'intention',
  'status',
  'type',
  ...['at', 'atTime', 'interval', 'until', 'rate', 'shard', 'side', 'all', 'validUntil', 'clientIntentionId'],
];
const queryValues = [
  ...['', '0', '-1', '1.5', '1e3', '1001', '9007199254740992', '9'.repeat(400), 'NaN', 'null', '٣', '%00', '%ff', '%'],
  ...[
    'alice',
    'bob',
    'ACME',
    'alice/ACME',
    '/',
    '//',
    'a/b/c',
    '%F0%9F%98%80',
    'open',
    'x'.repeat(3_000),
    "'",
    '%27--',
  ],
  ...['5', '100', '[]', '%5B%5D', '__proto__', 'intention-1', 'shard-0', 'DealConfirmed,,'],
];
const parameter = fc
  .tuple(
    fc.oneof(
      fc.constantFrom(...queryNames),
      fc.constantFrom('__proto__', 'constructor', 'toString', 'Limit', 'a[b]', '%ff', ''),
    ),
    fc.constantFrom(...queryValues),
  )
  .map(([name, value]) => `${name}=${value}`);
/** The same parameter twice, too. */
const queries = fc
  .tuple(fc.array(parameter, { maxLength: 3 }), fc.boolean())
  .map(([some, twice]) => [...some, ...(twice ? some.slice(0, 1) : [])])
  .map((some) => (some.length === 0 ? '' : `?${some.join('&')}`));

const oddHeaders = fc.record(
  {
    'if-none-match': fc.constantFrom('*', '"x"', 'W/"', '\u00ff', ','.repeat(500)),
    'if-modified-since': fc.constantFrom('yesterday', 'Thu, 01 Jan 1970 00:00:00 GMT'),
    accept: fc.constantFrom('text/html', 'x/y;q=nonsense', ''),
    range: fc.constantFrom('bytes=0-', 'bytes=9-1', 'x'),
    'content-encoding': fc.constantFrom('gzip', 'br', 'nonsense'),
    'x-http-method-override': fc.constantFrom('DELETE', 'PUT'),
    'x-forwarded-for': fc.constantFrom('127.0.0.1', "' OR 1=1"),
    origin: fc.constantFrom('http://evil.example', 'null'),
    cookie: fc.constantFrom('a=b', '='.repeat(1_000)),
    'last-event-id': fc.constantFrom('-1', 'x', '1e3', '9'.repeat(40), '1, 1', '٣', ' '),
  },
  { requiredKeys: [] },
);

const mediaTypes = fc.oneof(
  { weight: 12, arbitrary: fc.constant('application/json') },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'application/json; charset=utf-16'],
      ...['application/JSON;;', 'application/vnd.api+json', 'nonsense', '*/*', 'application/json, text/plain'],
    ),
  },
);

const json = (...texts: readonly string[]): fc.Arbitrary<Buffer> =>
  fc.constantFrom(...texts).map((text) => Buffer.from(text));
/** Most odd numbers mean nothing in a post, and something here: so these are none that may be spoilt. */
const switches = json(
  ...['{}', '[]', 'null', '{"withinMs":1}', '{"withinMs":-1}', '{"withinMs":86400001}', '{"withinMs":"5000"}'],
  ...['{"withinMs":5000.5}', '{"withinMs":null}', '{"withinMs":5000,"colour":1}', '{"participant":"alice"}'],
  ...['{"withinMs":5000,"participant":"a b"}', '{"withinMs":5000,"participant":5}', '{"withinMs":1e999}', '{"withinMs'],
);
const limits = json(
  ...['[]', 'null', '0', '{"openQuantity":"-1"}', '{"openQuantity":5}', '{"netPosition":""}', '{"netPosition":"1e3"}'],
  ...['{"halted":"yes"}', '{"halted":null}', '{"intentionsPerSecond":1.5}', '{"intentionsPerSecond":-1}', '{"x":1}'],
  ...['{"instrument":"NONE","halted":true}', '{"instrument":5}', '{"withdraw":1}', '{"participant":"bob"}', '{"halted'],
);
/** What is withdrawn of many is never said well. What follows becomes part of the last value. */
const badScopes = fc.constantFrom(
  ...['all=false', 'all=1', 'all=', 'side=up', 'instrument=', 'instrument=ACME&instrument=ACME', 'all=true&all=true'],
  ...['validUntil=soon&all=true&side=', 'all=true&limit=1', 'participant=a%20b&all=TRUE', 'side=buy&side=sell'],
);

interface Route {
  readonly method: string;
  readonly path: fc.Arbitrary<string>;
  readonly body?: fc.Arbitrary<Buffer>;
}

const fixed = (path: string): fc.Arbitrary<string> => fc.constant(path);
const under = (path: string, rest = ''): fc.Arbitrary<string> => ids.map((id) => `${path}/${id}${rest}`);
const gzipMagic = fc.constant(Buffer.from('1f8b0800000000000003', 'hex'));
const tooLarge = fc.constant(Buffer.from(`{"colour":"${'x'.repeat(70_000)}"}`));

const routes: readonly Route[] = [
  {
    method: 'POST',
    path: fixed('/v1/intentions'),
    body: fc.oneof(spoilt(post, ['participant', 'timeInForce']), gzipMagic, tooLarge),
  },
  { method: 'PATCH', path: fixed('/v1/intentions/1'), body: spoilt(reduction) },
  { method: 'PATCH', path: fixed('/v1/intentions/1'), body: spoilt(replacement, ['price', 'quantity']) },
  { method: 'PATCH', path: under('/v1/intentions'), body: fc.constant(Buffer.from('{"reduceBy":"1"}')) },
  { method: 'DELETE', path: under('/v1/intentions') },
  { method: 'DELETE', path: fixed('/v1/intentions/99'), body: fc.oneof(spoilt(reduction), tooLarge) },
  { method: 'PUT', path: fixed('/v1/instruments/ACME'), body: fc.oneof(spoilt(listing), tooLarge) },
  { method: 'PUT', path: under('/v1/instruments'), body: spoilt(listing) },
  { method: 'POST', path: fixed('/v1/instruments/ACME/phase'), body: spoilt(change) },
  { method: 'POST', path: under('/v1/instruments', '/phase'), body: fc.constant(Buffer.from('{"phase":"call"}')) },
  { method: 'POST', path: under('/v1/instruments', '/uncross') },
  { method: 'POST', path: fixed('/v1/instruments/ACME/uncross'), body: spoilt(change) },
  { method: 'DELETE', path: badScopes.map((scope) => `/v1/intentions?${scope}`) },
  { method: 'DELETE', path: under('/v1/intentions/by-client-id') },
  { method: 'PATCH', path: under('/v1/intentions/by-client-id'), body: json('{"reduceBy":"1"}') },
  { method: 'POST', path: fixed('/v1/switch'), body: fc.oneof(switches, gzipMagic, tooLarge) },
  { method: 'PUT', path: fixed('/v1/limits/alice'), body: fc.oneof(limits, gzipMagic, tooLarge) },
  { method: 'PUT', path: under('/v1/limits'), body: limits },
  ...[
    ...['/v1/intentions', '/v1/deals', '/v1/positions', '/v1/instruments', '/v1/book/ACME', '/health/live'],
    ...['/v1/account', '/v1/limits', '/v1/switch', '/v1/tickers', '/v1/doubts', '/v1/ws', '/asyncapi.json'],
    ...['/v1/trades/ACME', '/v1/ticker/ACME', '/v1/candles/ACME', '/v1/intentions/1/why', '/v1/intentions/1/chart'],
    // A stream that is opened does not end.
    ...['/v1/own/stream?after=-1', '/v1/trades/ACME/stream?after=x', '/v1/book/ACME/stream?rate=often'],
  ].map((path) => ({ method: 'GET', path: fixed(path) })),
  ...[
    ...['/v1/intentions', '/v1/deals', '/v1/instruments', '/v1/book', '/v1', ''],
    ...['/v1/trades', '/v1/ticker', '/v1/candles', '/v1/limits', '/v1/intentions/by-client-id'],
  ].map((path) => ({ method: 'GET', path: under(path) })),
  ...[
    ...(['book', 'trades', 'ticker'] as const).map((channel) => [`/v1/${channel}`, '/stream'] as const),
    ...(['why', 'chart'] as const).map((told) => ['/v1/intentions', `/${told}`] as const),
    ['/v1/deals', '/chart'] as const,
  ].map(([path, rest]) => ({ method: 'GET', path: under(path, rest) })),
  ...['/health/ready', '/metrics', '/openapi.json'].map((path) => ({ method: 'HEAD', path: fixed(path) })),
  ...['PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PATCH', 'PROPFIND'].map((method) => ({
    method,
    path: fc.constantFrom(
      '/v1/deals',
      // To withdraw many is a command, and some of these queries choose well.
      ...(method === 'DELETE' ? [] : ['/v1/intentions']),
      '/v1/events',
      ...['/v1/limits', '/v1/account', '/v1/trades/ACME', '/v1/tickers', '/v1/candles/ACME', '/v1/doubts', '/v1/ws'],
      ...['/v1/own/stream', '/v1/intentions/1/why', '/asyncapi.json', '/v1/intentions/by-client-id'],
      '/health/live',
      '/',
      '/v1/book/ACME',
      '//v1//deals',
    ),
  })),
];

function requestTo({ method, path, body }: Route): fc.Arbitrary<HostileRequest> {
  return fc.tuple(path, queries, oddHeaders, mediaTypes, body ?? fc.constant(undefined)).map((drawn) => {
    const [url, query, headers, mediaType, payload] = drawn;
    if (payload === undefined) return { method, url: url + query, headers };
    return { method, url: url + query, headers: { ...headers, 'content-type': mediaType }, payload };
  });
}

/** Any of them. Intention 1 is one of alice's, instrument ACME is listed and its phase is continuous. */
export const hostileRequests: fc.Arbitrary<HostileRequest> = fc.oneof(...routes.map(requestTo));
