import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RunningServer } from '../../../../src/server/server.js';
import { type Market, aPost, listen, openMarket } from '../../../support/http/market.js';
import { Arrivals, RawConnection, rawPost, sendRaw } from '../../../support/http/hostile/raw-connection.js';
import { runs } from '../../../support/property/runs.js';

let market: Market;
let server: RunningServer;
let arrivals: Arrivals;
let head: number;
beforeEach(async () => {
  market = await openMarket();
  arrivals = new Arrivals();
  server = await listen(market);
  head = await market.log.head();
});

async function expectNothingCame(): Promise<void> {
  expect(await market.log.head()).toBe(head);
  expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
  expect(market.logged.filter(({ level }) => level >= 50)).toEqual([]);
}

/** It has no price, so none of its kind is good. */
const priceless = '{"clientIntentionId":"w-1","participant":"alice","instrument":"ACME","side":"buy","quantity":"1"}';
const good = rawPost(priceless);
const chunked = ['transfer-encoding: chunked'];

/** What comes back on a connection of its own until it is what is expected, or the server closes the connection. */
async function answerTo(pieces: readonly string[], expected: RegExp): Promise<string> {
  const connection = await RawConnection.open(server.port);
  await connection.send(...pieces);
  const answer = await connection.receive(expected);
  connection.close();
  return answer;
}

/** What has come back by when the server has read all of it, or closed the connection, and has then answered posts by others. */
async function toldMeanwhile(pieces: readonly (string | Buffer)[]): Promise<string> {
  const connection = await RawConnection.open(server.port);
  await connection.send(...pieces);
  await arrivals.read(connection);
  for (let turn = 0; turn < 3; turn++) {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${server.url}/v1/intentions`, { method: 'POST', headers, body: priceless });
    expect(answer.status).toBe(400);
    await answer.text();
  }
  connection.close();
  return connection.received;
}

describe('a request that cannot be read', () => {
  it.each([
    ['no method that there could be', '(GET) /v1/deals HTTP/1.1\r\nhost: localhost\r\n\r\n'],
    ['no version that there is', 'GET /v1/deals HTTP/9.9\r\nhost: localhost\r\n\r\n'],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a TLS greeting', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000'],
    ['a path with a zero byte', 'GET /v1/deals\u0000 HTTP/1.1\r\nhost: localhost\r\n\r\n'],
    ['no path', 'GET  HTTP/1.1\r\nhost: localhost\r\n\r\n'],
    ['a space before a colon', 'GET /v1/deals HTTP/1.1\r\nhost : localhost\r\n\r\n'],
    ['a folded header', 'GET /v1/deals HTTP/1.1\r\nhost: localhost\r\nx: a\r\n b\r\n\r\n'],
    ['line ends without a carriage return', 'GET /v1/deals HTTP/1.1\nhost: localhost\n\n'],
    ['headers of 70 KB', `GET /v1/deals HTTP/1.1\r\nhost: localhost\r\nx: ${'y'.repeat(70_000)}\r\n\r\n`],
    ['a negative length', rawPost('{}', ['content-length: -5'])],
    ['a length that is no number', rawPost('{}', ['content-length: 0x2'])],
    ['two lengths', rawPost('{}', ['content-length: 2', 'content-length: 3'])],
    ['a length and chunks', rawPost('0\r\n\r\n', ['content-length: 5', ...chunked])],
    ['an encoding that is no chunks', rawPost('{}', ['transfer-encoding: gzip'])],
    ['a chunk whose length is no number', rawPost('zz\r\n{}\r\n', chunked)],
    ['a chunk that is longer than it says', rawPost('1\r\n{}\r\n0\r\n\r\n', chunked)],
  ])(
    'A request that cannot be read is refused with MALFORMED_HTTP, and the connection closed: %s',
    async (_what, text) => {
      const answer = await sendRaw(server.port, [text]);
      expect(answer).toMatch(/^HTTP\/1.1 400 .*connection: close.*application\/problem\+json.*MALFORMED_HTTP/is);
      await expectNothingCame();
    },
  );

  it.each([
    ['no host', 'GET /v1/deals HTTP/1.1\r\n\r\n', /^HTTP\/1.1 400 /],
    ['an expectation that nobody has', rawPost('{}', ['expect: wonders']), /^HTTP\/1.1 4\d\d /],
    ['another host', 'GET /v1/deals HTTP/1.1\r\nhost: evil.example\r\n\r\n', /^HTTP\/1.1 403 .*FORBIDDEN/s],
    ['a length beyond all bodies', rawPost('{}', ['content-length: 99999999999']), /^HTTP\/1.1 413 .*BODY_TOO_LARGE/s],
  ])(
    'A request that cannot be read changes nothing where HTTP allows it and the server does not: %s',
    async (_what, text, expected) => {
      expect(await answerTo([text], expected)).toMatch(expected);
      await expectNothingCame();
    },
  );

  it('A request that cannot be read changes nothing where it asks for a tunnel, and gets no answer but the end of the connection', async () => {
    const text = 'CONNECT evil.example:80 HTTP/1.1\r\nhost: localhost\r\n\r\n';
    expect(await sendRaw(server.port, [text])).toBe('');
    await expectNothingCame();
  });

  it('A request that cannot be read changes nothing where its body does not come, and gets no answer', async () => {
    expect(await toldMeanwhile([rawPost('{', ['content-length: 500'])])).toBe('');
    await expectNothingCame();
  });

  it('A request that cannot be read of any kind, and in any pieces, gets no 5xx and changes nothing', async () => {
    const bytes = Buffer.from(good);
    const change = fc.tuple(fc.nat(bytes.indexOf('\r\n\r\n') - 1), fc.integer({ min: 0, max: 255 }));
    const cut = fc.nat(bytes.length);
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), cut, async (changes, at) => {
        const bent = Buffer.from(bytes);
        for (const [place, value] of changes) bent[place] = value;
        const told = await toldMeanwhile([bent.subarray(0, at), bent.subarray(at)]);
        expect(told).not.toMatch(/^HTTP\/1.1 [25]/);
        expect(await market.log.head()).toBe(head);
      }),
      runs(60),
    );
    await expectNothingCame();
  });
});

describe('nonsense behind a good request on the same connection', () => {
  it('Nonsense behind a good request on the same connection is never answered in its place: what was carried out is acknowledged, or the connection breaks', async () => {
    const post = rawPost(JSON.stringify(aPost()));
    for (const pieces of [[`${post}nonsense\r\n\r\n`], [post, 'nonsense\r\n\r\n']]) {
      const answer = await sendRaw(server.port, pieces);
      expect(answer).not.toMatch(/^HTTP\/1.1 4/);
    }
    await expect.poll(() => market.exchange.status().intentions).toBe(1);
    const acknowledged = /^HTTP\/1.1 201 .*"id":"1"/s;
    expect(await answerTo([post], acknowledged)).toMatch(acknowledged);
  });

  it('Nonsense behind a good request on the same connection never stands among the answers to a stream of posts', async () => {
    const line = `${JSON.stringify(aPost())}\n`;
    const headers = ['content-type: application/x-ndjson', 'transfer-encoding: chunked'].join('\r\n');
    const start = `POST /v1/intentions HTTP/1.1\r\nhost: localhost\r\n${headers}\r\n\r\n`;
    const answer = await sendRaw(server.port, [`${start}${line.length.toString(16)}\r\n${line}\r\nzz\r\n`]);
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
    expect(answer).not.toContain('MALFORMED_HTTP');
  });
});
