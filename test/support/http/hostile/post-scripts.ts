/** What may come on a connection that posts: plain posts, and everything that is nearly one, in pieces and many at a time. */
import fc from 'fast-check';
import { aPost } from '../market.js';
import { disguised, spoilt } from './hostile-json.js';

/** Sent in these pieces, each once the one before has been read. */
export interface Round {
  readonly pieces: readonly Buffer[];
  /** So many answers come, unless the connection ends before. */
  readonly requests: number;
  /** Nothing follows: the sender says that it sends no more. */
  readonly isLast: boolean;
}

interface Sent {
  readonly bytes: Buffer;
  /** It says that more comes. */
  readonly isShort?: boolean;
}

const post = { clientIntentionId: 'p-1', participant: 'alice', instrument: 'ACME', side: 'buy', quantity: '7' };
const ids = fc.oneof(
  fc.nat(400).map((id) => `i-${id}`),
  fc.constantFrom('', 'ü', '😀', 'a"b', 'x'.repeat(65)),
);
const terms = fc.record({
  clientIntentionId: ids,
  participant: fc.constantFrom('alice', 'alice', 'alice', 'bob', ''),
  instrument: fc.constantFrom('ACME', 'ACME', 'ACME', 'ACME', 'NONE'),
  side: fc.constantFrom('buy', 'sell'),
  price: fc.constantFrom('10.25', '10.26', '10.250', '10.255', '500', 'x'),
  quantity: fc.constantFrom('1', '7', '100', '1.5', '0'),
  timeInForce: fc.constantFrom('gtc', 'ioc', 'fok', 'gtd'),
});
const bodies: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 10, arbitrary: terms.map((body) => Buffer.from(JSON.stringify(aPost(body)))) },
  { weight: 3, arbitrary: spoilt(post, ['participant']) },
  { weight: 2, arbitrary: disguised({ ...post, price: '10.25' }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1, 5_000, 65_536, 65_537).map((bytes) => Buffer.alloc(bytes, ' ')) },
);

const someBodies = bodies.filter(({ length }) => length > 0);

const host = 'host: localhost';
const json = 'content-type: application/json';
const keys = ['alices-key', 'bobs-long-key', 'operators-key', 'auditors-key', 'market-data-key', 'nobodys-key'];
const authorizations = fc.oneof(
  { weight: 6, arbitrary: fc.constant(`authorization: Bearer ${keys[0] ?? ''}`) },
  fc.constantFrom(...keys.map((key) => `Authorization: bearer  ${key} `), 'authorization: Basic eDp5', 'x-none: 1'),
);
/** Without an effect, of an effect, and wrong, as they stand in the place of `host` and `content-type`. */
const fields = fc.oneof(
  { weight: 8, arbitrary: fc.constant([host, json]) },
  fc.constantFrom(
    ...[
      ...[
        'user-agent: x',
        'accept: */*',
        'x-odd: \u00ff',
        'x-tab:\t a\tb',
        'x-empty:',
        'cookie: a=b',
        'Connection: keep-alive',
      ],
      ...[
        'connection: close',
        'connection: Upgrade',
        'expect: 100-continue',
        'content-encoding: gzip',
        'origin: http://x.example',
      ],
      ...[
        'content-encoding: identity',
        'sec-fetch-site: cross-site',
        'sec-fetch-mode: cors',
        'signature-input: sig=("@method")',
      ],
      ...[
        'content-digest: sha-256=:AAAA:',
        'upgrade: websocket',
        'te: trailers',
        'keep-alive: timeout=1',
        'host: other.example',
      ],
      ...['origin: http://friend.example', 'content-type: application/json', 'connection: keep-alive, x'],
    ].map((field) => [host, json, field]),
    ...['application/json; charset=utf-8', 'APPLICATION/JSON', 'application/json;charset=utf-16', 'text/plain', ''].map(
      (type) => [host, `content-type: ${type}`],
    ),
    [json],
    [host, 'content-type: application/x-ndjson'],
  ),
);
const lines = fc.oneof(
  { weight: 12, arbitrary: fc.constant('POST /v1/intentions HTTP/1.1') },
  fc.constantFrom(
    ...['POST /v1/intentions?x=1', 'POST //v1/intentions', 'PUT /v1/intentions', 'POST /v1/intentions/'].map(
      (line) => `${line} HTTP/1.1`,
    ),
    ...['POST /v1/intentions HTTP/1.0', 'POST http://localhost/v1/intentions HTTP/1.1'],
  ),
);

const lengths: readonly ((bytes: number) => string)[] = [
  ...[(bytes: number) => `content-length: ${bytes}`, (bytes: number) => `Content-Length: 0${bytes}`],
  ...[
    (bytes: number) => `content-length: ${bytes}\r\ncontent-length: ${bytes}`,
    (bytes: number) => `content-length: +${bytes}`,
  ],
  ...[() => 'x-no-length: 1', (bytes: number) => `content-length: ${bytes + 3}`],
];
const SHORT = 5;

const whole = fc.tuple(lines, fields, authorizations, bodies, fc.constantFrom(0, 0, 0, 0, 0, 0, 1)).map(assembled);
/** What Node cannot read, or not to its end. */
const broken = fc.oneof(
  fc.tuple(lines, fields, authorizations, someBodies, fc.integer({ min: 2, max: 5 })),
  fc.tuple(
    fc.constantFrom(
      'POST /v1/intentions HTTP/1.1',
      'post /v1/intentions HTTP/1.1',
      'POST  /v1/intentions HTTP/1.1',
      '',
    ),
    fc.constantFrom([host, json, ': nameless'], [host, json, 'x y: z'], [host, json, 'x: \u0001'], [host, json, 'x']),
    ...[authorizations, bodies, fc.constant(0)],
  ),
);

type Drawn = readonly [line: string, fields: readonly string[], authorization: string, body: Buffer, length: number];

function assembled([line, some, authorization, body, length]: Drawn): Sent {
  const head = [line, ...some, authorization, (lengths[length] ?? String)(body.length)].join('\r\n');
  return { bytes: Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), body]), isShort: length === SHORT };
}

const chunked = fc.tuple(someBodies, authorizations).map(([body, authorization]): Sent => {
  const head = ['POST /v1/intentions HTTP/1.1', host, json, authorization, 'transfer-encoding: chunked'].join('\r\n');
  const size = body.length.toString(16);
  return { bytes: Buffer.concat([Buffer.from(`${head}\r\n\r\n${size}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]) };
});
const reading = fc.constantFrom('/health/live', '/v1/caller', '/nowhere').map((path): Sent => {
  return { bytes: Buffer.from(`GET ${path} HTTP/1.1\r\n${host}\r\nauthorization: Bearer alices-key\r\n\r\n`) };
});
const plain = terms.map(plainPost);

function plainPost(body: object): Sent {
  const text = Buffer.from(JSON.stringify(aPost({ ...body })));
  const head = `POST /v1/intentions HTTP/1.1\r\n${host}\r\n${json}\r\nauthorization: Bearer alices-key\r\n`;
  return { bytes: Buffer.concat([Buffer.from(`${head}content-length: ${text.length}\r\n\r\n`), text]) };
}
const ahead = fc.array(plain, { maxLength: 5 });
const oneOfAll = fc.oneof(
  { weight: 3, arbitrary: plain },
  { weight: 6, arbitrary: whole },
  { weight: 1, arbitrary: chunked },
  { weight: 1, arbitrary: reading },
);
/** Alone, and in one piece: else it would depend on how soon others are answered what still is. */
const rounds = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .tuple(ahead, oneOfAll, fc.array(fc.nat(400), { maxLength: 2 }))
      .map(([before, last, cuts]) => roundOf([...before, last], cuts)),
  },
  { weight: 1, arbitrary: broken.map((drawn) => roundOf([assembled(drawn)], [])) },
);

function roundOf(sent: readonly Sent[], cuts: readonly number[]): Round {
  const bytes = Buffer.concat(sent.map((each) => each.bytes));
  const inner = [...new Set(cuts)].filter((cut) => cut > 0 && cut < bytes.length);
  const at = [0, ...inner, bytes.length].sort((one, other) => one - other);
  const pieces = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
  return { pieces, requests: sent.length, isLast: sent.at(-1)?.isShort === true };
}

/** What comes on one connection: round after round, each when the one before is answered. */
export const postScripts: fc.Arbitrary<readonly Round[]> = fc.array(rounds, { minLength: 1, maxLength: 4 });

/** Nearly as many as may be sent ahead, or more: in one piece, and behind one that takes its time, for else it would depend on how soon the first are answered. */
export const manyAtOnce: fc.Arbitrary<readonly Round[]> = fc
  .tuple(fc.uuid(), fc.array(plain, { minLength: 31, maxLength: 35 }))
  .map(([clientIntentionId, sent]) => [roundOf([plainPost({ clientIntentionId }), ...sent], [])]);
