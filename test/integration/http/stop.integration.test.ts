import { connect } from 'node:net';
import { once } from 'node:events';
import { request } from 'node:http';
import { beforeEach, describe, expect, it } from 'vitest';
import { obeySignals } from '../../../src/server/signals.js';
import { openFeed } from '../../support/http/feed.js';
import { type Market, aPost, appOf, listen, openMarket } from '../../support/http/market.js';

let market: Market;
beforeEach(async () => {
  market = await openMarket();
});

const json = { 'content-type': 'application/json' };

describe('a stop', () => {
  it('lets what has begun finish, takes nothing new, and closes the exchange last', async () => {
    const server = await listen(market, { stopMs: 5_000 });
    let release: () => void = () => undefined;
    market.exchange.answersAfter = new Promise((resolve) => (release = resolve));
    const answer = fetch(`${server.url}/v1/intentions`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify(aPost()),
    });
    await expect.poll(() => market.exchange.taken).toBe(1);
    const stopped = server.stop();
    await expect(fetch(`${server.url}/health/live`)).rejects.toThrow();
    expect(market.exchange.isClosed).toBe(false);
    release();
    expect((await answer).status).toBe(201);
    const finishedMs = performance.now();
    await stopped;
    expect(performance.now() - finishedMs).toBeLessThan(2_000);
    expect(market.exchange.isClosed).toBe(true);
    await server.stop();
    await server.stopped;
  });

  it('is not ready from its beginning, for those who are still connected', async () => {
    const server = await listen(market, { stopMs: 300 });
    const socket = connect(server.port, '127.0.0.1');
    // Half a request keeps the connection busy, and so open.
    socket.write('GET /health/ready HTTP/1.1\r\nhost: localhost\r\n');
    await once(socket, 'connect');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const stopped = server.stop();
    socket.write('\r\n');
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    expect(bytes.toString()).toMatch(/^HTTP\/1.1 503 .*the server is stopping/s);
    await stopped;
  });

  it('ends the feeds of events', async () => {
    const server = await listen(market);
    const feed = await openFeed(`${server.url}/v1/events?from=0`);
    await feed.take(1);
    await server.stop();
    await feed.ended;
  });

  it('ends a stream of posts that does not end itself, after the answers to what it has taken', async () => {
    const server = await listen(market, { stopMs: 100 });
    const post = request(`${server.url}/v1/intentions`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
    });
    post.write(`${JSON.stringify(aPost())}\n${JSON.stringify(aPost())}\n{"half":`);
    const [response] = (await once(post, 'response')) as [AsyncIterable<Buffer>];
    post.on('error', () => undefined);
    const stopped = server.stop();
    let text = '';
    for await (const bytes of response) text += bytes.toString();
    expect(text.match(/"status":201/g)).toHaveLength(2);
    await stopped;
  });

  it('does not wait for ever for a request that never finishes', async () => {
    const server = await listen(market, { stopMs: 100 });
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(
      `POST /v1/intentions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{`,
    );
    await once(socket, 'connect');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await server.stop();
    expect(market.exchange.isClosed).toBe(true);
  });

  it('comes with SIGTERM, which takes the listeners away; SIGHUP only reads the keys again', async () => {
    const before = process.listenerCount('SIGTERM');
    const server = await listen(market);
    const signals: string[] = [];
    obeySignals(server, market.logger, (signal) => signals.push(signal));
    expect(process.listenerCount('SIGTERM')).toBe(before + 1);
    process.emit('SIGHUP', 'SIGHUP');
    await expect.poll(() => market.logged.map(({ msg }) => msg)).toContain('read the keys again');
    process.emit('SIGTERM', 'SIGTERM');
    await server.stopped;
    expect(signals).toEqual(['SIGTERM']);
    expect(process.listenerCount('SIGTERM')).toBe(before);
  });
});

describe('a connection', () => {
  it('that does not speak HTTP is told so and closed', async () => {
    const server = await listen(market);
    const socket = connect(server.port, '127.0.0.1');
    socket.write('hello\r\n\r\n');
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    expect(bytes.toString()).toMatch(/^HTTP\/1.1 400 .*application\/problem\+json.*MALFORMED_HTTP/s);
    await once(socket, 'close');
  });

  it('is kept for more than one request', async () => {
    const server = await listen(market);
    const socket = connect(server.port, '127.0.0.1');
    for (let turn = 0; turn < 3; turn++) {
      const body = JSON.stringify(aPost());
      socket.write(
        `POST /v1/intentions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
      const [bytes] = (await once(socket, 'data')) as [Buffer];
      expect(bytes.toString()).toMatch(/^HTTP\/1.1 201 /);
    }
    socket.destroy();
  });

  it('need not end for the server to be closed without a port', async () => {
    await appOf(market).close();
    expect(market.exchange.isClosed).toBe(false);
  });
});
