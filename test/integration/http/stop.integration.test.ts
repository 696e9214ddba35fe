import { once } from 'node:events';
import { request } from 'node:http';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { obeySignals } from '../../../src/server/signals.js';
import { openFeed } from '../../support/http/feed.js';
import { type Market, aPost, appOf, listen, openMarket } from '../../support/http/market.js';
import { Arrivals, RawConnection, rawPost, sendRaw } from '../../support/http/hostile/raw-connection.js';

let market: Market;
beforeEach(async () => {
  market = await openMarket();
});

const json = { 'content-type': 'application/json' };

/** A stop that cuts nothing does not wait for it; for one that does, the time is not the true one. */
const HOUR_MS = 3_600_000;
/** After that, what is cut has this long to end before its connection is closed. */
const CUT_MS = 1_000;

/** The time of what sets a timer from now on passes only as `vi` advances it. */
function stopClock(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => {
    vi.runOnlyPendingTimers();
    vi.useRealTimers();
  });
}

describe('a stop', () => {
  it('A stop lets what has begun finish, takes nothing new, and closes the exchange last', async () => {
    const server = await listen(market, { stopMs: HOUR_MS });
    let release: () => void = () => undefined;
    market.exchange.answersAfter = new Promise((resolve) => (release = resolve));
    onTestFinished(() => release());
    const answer = fetch(`${server.url}/v1/intentions`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify(aPost()),
    });
    await expect.poll(() => market.exchange.taken).toBe(1);
    const stopped = server.stop();
    const knock = (): Promise<string> =>
      fetch(`${server.url}/health/live`).then(
        () => 'let in',
        () => 'turned away',
      );
    await expect.poll(knock).toBe('turned away');
    expect(market.exchange.isClosed).toBe(false);
    release();
    expect((await answer).status).toBe(201);
    await stopped;
    expect(market.exchange.isClosed).toBe(true);
    await server.stop();
    await server.stopped;
  });

  it('A stop is not ready from its beginning, for those who are still connected', async () => {
    const arrivals = new Arrivals();
    const server = await listen(market, { stopMs: HOUR_MS });
    const connection = await RawConnection.open(server.port);
    // Half a request keeps the connection busy, and so open.
    await connection.send('GET /health/ready HTTP/1.1\r\nhost: localhost\r\n');
    await arrivals.read(connection);
    const stopped = server.stop();
    await connection.send('\r\n');
    expect(await connection.end()).toMatch(/^HTTP\/1.1 503 .*the server is stopping/s);
    await stopped;
  });

  it('A stop ends a connection on which nobody has asked anything', async () => {
    const server = await listen(market, { stopMs: HOUR_MS });
    const connection = await RawConnection.open(server.port);
    await fetch(`${server.url}/health/live`); // it is accepted before this one
    await server.stop();
    expect(await connection.end()).toBe('');
  });

  it('A stop ends the feeds of events', async () => {
    const server = await listen(market, { stopMs: HOUR_MS });
    const feed = await openFeed(`${server.url}/v1/events?from=0`);
    await feed.take(1);
    await server.stop();
    await feed.ended;
  });

  it('A stop ends a stream of posts that does not end itself, after the answers to what it has taken', async () => {
    const server = await listen(market, { stopMs: HOUR_MS });
    const post = request(`${server.url}/v1/intentions`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
    });
    post.write(`${JSON.stringify(aPost())}\n${JSON.stringify(aPost())}\n{"half":`);
    const [response] = (await once(post, 'response')) as [AsyncIterable<Buffer>];
    post.on('error', () => undefined);
    await expect.poll(() => market.exchange.taken).toBe(2);
    stopClock();
    const stopped = server.stop();
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    let text = '';
    for await (const bytes of response) text += bytes.toString();
    expect(text.match(/"status":201/g)).toHaveLength(2);
    expect(market.exchange.isClosed).toBe(false);
    await vi.advanceTimersByTimeAsync(CUT_MS);
    await stopped;
  });

  it('A stop does not wait permanently for a request that never finishes', async () => {
    const arrivals = new Arrivals();
    const server = await listen(market, { stopMs: HOUR_MS });
    const connection = await RawConnection.open(server.port);
    await connection.send(rawPost('{', ['content-length: 100']));
    await arrivals.read(connection);
    stopClock();
    const stopped = server.stop();
    await vi.advanceTimersByTimeAsync(HOUR_MS + CUT_MS - 1);
    expect(connection.isClosed).toBe(false);
    expect(market.exchange.isClosed).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await stopped;
    expect(market.exchange.isClosed).toBe(true);
    expect(await connection.end()).toBe('');
  });

  it('A stop comes with SIGTERM, which takes the listeners away; SIGHUP only reads the keys again', async () => {
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
  it('A connection that does not speak HTTP receives a refusal and is closed', async () => {
    const server = await listen(market);
    const answer = await sendRaw(server.port, ['hello\r\n\r\n']);
    expect(answer).toMatch(/^HTTP\/1.1 400 .*application\/problem\+json.*MALFORMED_HTTP/s);
  });

  it('A connection is kept for more than one request', async () => {
    const server = await listen(market);
    const connection = await RawConnection.open(server.port);
    for (let turn = 1; turn <= 3; turn++) {
      await connection.send(rawPost(JSON.stringify(aPost())));
      const answers = new RegExp(`^(HTTP/1.1 201 .*"deals":\\[\\]\\}){${turn}}$`, 's');
      expect(await connection.receive(answers)).toMatch(answers);
    }
    connection.close();
  });

  it('A connection need not end for the server to be closed without a port', async () => {
    await appOf(market).close();
    expect(market.exchange.isClosed).toBe(false);
  });
});
