import { writeFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { keyFile } from '../../support/http/key-file.js';
import { type Market, aPost, listen, openMarket } from '../../support/http/market.js';
import { RawConnection, rawPost, sendRaw } from '../../support/http/hostile/raw-connection.js';

let market: Market;
beforeEach(async () => {
  market = await openMarket();
});

const ask = 'GET /v1/instruments/ACME HTTP/1.1\r\nhost: localhost\r\n\r\n';
const live = 'GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n';

function statuses(text: string): string[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status ?? '');
}

async function open(port: number, request = ''): Promise<RawConnection> {
  const connection = await RawConnection.open(port);
  onTestFinished(() => connection.close());
  await connection.send(request);
  return connection;
}

const startStream = (key: string): string =>
  'POST /v1/intentions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-ndjson\r\n' +
  `authorization: Bearer ${key}\r\ntransfer-encoding: chunked\r\n\r\n`;

function chunk(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`;
}

describe('requests that are sent ahead on one connection', () => {
  it('Requests that are sent ahead on one connection are answered one after the other, thirty-three of them', async () => {
    const { port } = await listen(market);
    const connection = await open(port, ask.repeat(33));
    await expect.poll(() => statuses(connection.received)).toEqual(Array(33).fill('200'));
    await connection.send(ask);
    await expect.poll(() => statuses(connection.received)).toEqual(Array(34).fill('200'));
  });

  it.each([34, 5_000])(
    'Requests that are sent ahead on one connection end with 429 after those, and were not begun, when there are %i',
    async (count) => {
      const { port } = await listen(market);
      const posts = Array.from({ length: count }, () => rawPost(JSON.stringify(aPost())));
      const received = await sendRaw(port, [posts.join('')]);
      expect(statuses(received)).toEqual([...Array<string>(33).fill('201'), '429']);
      expect(received).toContain('TOO_MANY_REQUESTS');
      expect(received).toMatch(/retry-after: 1/i);
      expect(market.exchange.taken).toBe(33);
    },
  );
});

describe('a request that does not come whole in time', () => {
  const limits = { requestMs: 100 };

  it.each([
    ['body', rawPost('{', ['content-length: 60000'])],
    ['head', 'POST /v1/intentions HTTP/1.1\r\nhost: loc'],
  ])(
    'A request that does not come whole in time is answered 408, and its connection ends, when it is its %s',
    async (_what, part) => {
      const { port } = await listen(market, { limits });
      const received = await sendRaw(port, [part]);
      expect(statuses(received)).toEqual(['408']);
      expect(received).toContain('REQUEST_TIMEOUT');
      expect(market.exchange.taken).toBe(0);
    },
  );

  it('A request that does not come whole in time ends, too, after a refusal that did not wait for its body', async () => {
    const { port } = await listen(market, { limits, keyFile: await keyFile() });
    expect(statuses(await sendRaw(port, [rawPost('{', ['content-length: 60000'])]))[0]).toBe('401');
  });

  it('A request that does not come whole in time may be a stream of posts, which takes its time', async () => {
    const { port } = await listen(market, { limits });
    const stream = await open(port, startStream('none'));
    await stream.receive(/200 OK/);
    // Began later, and was cut: the stream could have been.
    await sendRaw(port, [rawPost('{', ['content-length: 60000'])]);
    await stream.send(chunk(`${JSON.stringify(aPost())}\n`));
    expect(await stream.receive(/"line":1/)).toContain('"status":201');
  });
});

describe('connections', () => {
  it('Connections beyond the bound may ask for health and nothing else', async () => {
    const { port } = await listen(market, { limits: { connections: 32 } });
    // Of one address, which has two thirds of them.
    await Promise.all(Array.from({ length: 21 }, () => open(port)));
    const [healthy, other] = [await open(port, live), await open(port, ask)];
    expect(statuses(await healthy.receive(/live/))).toEqual(['200']);
    expect(statuses(await other.end())).toEqual(['429']);
  });

  it('Connections beyond those that may ask for health are turned away', async () => {
    const { port } = await listen(market, { limits: { connections: 32 } });
    const all = await Promise.all(Array.from({ length: 21 + 32 + 1 }, () => open(port)));
    await expect.poll(() => all.filter(({ received }) => statuses(received)[0] === '503')).toHaveLength(1);
  });

  it('Connections that a key has open leave room for those of another', async () => {
    const { port } = await listen(market, { limits: { connections: 40 }, keyFile: await keyFile() });
    const askWith = (key: string): string => ask.replace('\r\n\r\n', `\r\nauthorization: Bearer ${key}\r\n\r\n`);
    let answered = '200';
    for (let count = 0; answered === '200' && count < 40; count++) {
      const connection = await open(port, askWith('alices-key'));
      [answered = ''] = statuses(await connection.receive(/HTTP\/1\.1 \d{3}/));
    }
    expect(answered).toBe('429');
    const bobs = await open(port, askWith('bobs-long-key'));
    expect(statuses(await bobs.receive(/ACME/))).toEqual(['200']);
  });

  it('Connections that are closed leave room for new ones', async () => {
    const { port } = await listen(market, { limits: { connections: 32 } });
    for (let round = 0; round < 100; round++) {
      const connection = await open(port, ask);
      await connection.receive(/ACME/);
      connection.close();
    }
    const last = await open(port, ask);
    expect(statuses(await last.receive(/ACME/))).toEqual(['200']);
  });
});

describe('the port for health', () => {
  it('The port for health answers what the server’s own would, and nothing else', async () => {
    const server = await listen(market, { healthPort: 0 });
    const get = async (path: string): Promise<[number, unknown]> => {
      const response = await fetch(`http://127.0.0.1:${server.healthPort}${path}`);
      return [response.status, await response.json()];
    };
    expect(await get('/health/live')).toEqual([200, { status: 'live' }]);
    expect(await get('/health/ready')).toEqual([200, { status: 'serving' }]);
    market.exchange.shownStatus = { state: 'stopped', reason: 'the disk is full' };
    expect(await get('/health/ready')).toMatchObject([503, { detail: expect.stringContaining('the disk is full') }]);
    expect(await get('/v1/instruments')).toMatchObject([404, { code: 'NOT_FOUND' }]);
  });

  it('The port for health that is taken ends the start', async () => {
    const { port } = await listen(market);
    await expect(listen(market, { healthPort: port })).rejects.toThrow(/EADDRINUSE/);
  });
});

describe('a stream of posts whose key is taken back', () => {
  it('A stream of posts whose key is taken back ends after the answers to what it had posted', async () => {
    const file = await keyFile();
    const server = await listen(market, { keyFile: file });
    const stream = await open(server.port, startStream('alices-key'));
    await stream.send(chunk(`${JSON.stringify(aPost())}\n`));
    await stream.receive(/"line":1/);
    await writeFile(file, JSON.stringify({ keys: [{ key: 'operators-key', operator: true }] }));
    await server.reloadKeys();
    // The server reads no more, and ends its answers.
    expect(await stream.receive(/\r\n0\r\n\r\n/)).toMatch(/"line":1,"status":201/);
    await stream.send(chunk(`${JSON.stringify(aPost())}\n`));
    expect(market.exchange.taken).toBe(1);
  });
});
