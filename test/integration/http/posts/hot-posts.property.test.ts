import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Rate } from '../../../../src/server/limits/rate-limits.js';
import { manyAtOnce, postScripts, type Round } from '../../../support/http/hostile/post-scripts.js';
import { Arrivals, RawConnection, rawPost } from '../../../support/http/hostile/raw-connection.js';
import { answersIn, type RawAnswer } from '../../../support/http/hostile/raw-answers.js';
import { keyFile } from '../../../support/http/key-file.js';
import { aPost, listen, openMarket } from '../../../support/http/market.js';
import { until } from '../../../support/patience.js';
import { runs } from '../../../support/property/runs.js';

/** One that takes plain posts before Fastify does, or not. */
interface Tried {
  readonly port: number;
  readonly url: string;
  /** Requests that Node has read. */
  nodesRequests: number;
}

let arrivals: Arrivals;
beforeEach(() => {
  arrivals = new Arrivals();
});

interface Trial {
  readonly isSecured: boolean;
  readonly rate?: Rate;
}

async function tried({ hotPosts, isSecured, rate }: Trial & { readonly hotPosts: boolean }): Promise<Tried> {
  const keys = [
    { key: 'alices-key', participant: 'alice', rate: 1_000_000 },
    { key: 'bobs-long-key', participant: 'bob' },
    ...(['operator', 'auditor', 'market-data'] as const).map((role) => ({
      key: `${role}s-key`.replace('datas', 'data'),
      role,
    })),
  ];
  const { port, url } = await listen(await openMarket(), {
    hotPosts,
    rate,
    ...(isSecured && { keyFile: await keyFile({ keys }) }),
    allowedOrigins: new Set(['http://friend.example']),
  });
  const server: Tried = { port, url, nodesRequests: 0 };
  const count = (message: unknown): void => {
    const { request } = message as { request: { socket: { localPort: number } } }; // so Node documents this channel
    if (request.socket.localPort === port) server.nodesRequests++;
  };
  subscribe('http.server.request.start', count);
  onTestFinished(() => void unsubscribe('http.server.request.start', count));
  return server;
}

async function play(port: number, script: readonly Round[]): Promise<readonly object[]> {
  const connection = await RawConnection.open(port);
  const seen = (): readonly RawAnswer[] => answersIn(connection.receivedBytes);
  let expected = 0;
  for (const { pieces, requests, isLast } of script) {
    for (const piece of pieces) {
      await connection.send(piece);
      await arrivals.read(connection);
    }
    expected += requests;
    if (isLast) connection.finish();
    await until('a round is answered', () => connection.isClosed || (!isLast && seen().length >= expected));
    if (seen().some(({ fields }) => fields.get('connection') === 'close')) await connection.end();
    if (connection.isClosed) break;
  }
  connection.close();
  return seen().map(comparable);
}

/** Without what no two servers have in common: the time, and by whose posts a batch of the log was ended. */
function comparable({ status, fields, body }: RawAnswer): object {
  const shown = [...fields].map(
    ([name, value]) => `${name}: ${name === 'ratelimit' ? value.replace(/\d+/g, 'n') : value}`,
  );
  return {
    status,
    body: body.replace(/"position":\d+/g, '"position":n'),
    fields: shown.filter((field) => !/^(?:date|content-length):/.test(field)).sort(),
    isMeasured: Number(fields.get('content-length')) === Buffer.byteLength(body),
  };
}

/** But for requests that broke off, of which nobody is told. */
async function counted({ url }: Tried): Promise<readonly string[]> {
  const answer = await fetch(`${url}/metrics`, { headers: { authorization: 'Bearer operators-key' } });
  const lines = (await answer.text()).split('\n');
  return lines.filter((line) => COUNTED.test(line) && !line.includes('MALFORMED_HTTP')).sort();
}
const COUNTED = /^parley_(?:refusals|http_request_duration_seconds_count|intentions|deals)/;

/** Plays each script to a server with the hot route, and to one without. */
async function expectTheSame(scripts: fc.Arbitrary<readonly Round[]>, trial: Trial, count: number): Promise<void> {
  const hot = await tried({ ...trial, hotPosts: true });
  const plain = await tried({ ...trial, hotPosts: false });
  await fc.assert(
    fc.asyncProperty(scripts, async (script) => {
      expect(await play(hot.port, script)).toEqual(await play(plain.port, script));
    }),
    runs(count),
  );
  expect(await counted(hot)).toEqual(await counted(plain));
  expect(hot.nodesRequests).toBeLessThan(plain.nodesRequests);
}

describe('the hot route', () => {
  it.each([true, false])(
    'The hot route answers what Fastify answers: status, fields and body, in order, and counts the same, with keys: %s',
    (isSecured) => expectTheSame(postScripts, { isSecured }, 40),
  );

  it('The hot route answers what Fastify answers, too, to more requests at once than may be sent ahead', () =>
    expectTheSame(manyAtOnce, { isSecured: true }, 2));

  it('The hot route answers what Fastify answers, too, to a key that has made as many requests as it may', () => {
    const body = JSON.stringify(aPost({ participant: 'bob' }));
    const post = rawPost(body, ['authorization: Bearer bobs-long-key', `content-length: ${body.length}`]);
    const round = { pieces: [Buffer.from(post)], requests: 1, isLast: false };
    const six = fc.constant(Array.from({ length: 6 }, () => round));
    return expectTheSame(six, { isSecured: true, rate: { perSecond: 0.01, burst: 4 } }, 1);
  });
});
