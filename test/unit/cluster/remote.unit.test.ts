import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CLUSTER_KEY_HEADER, type Delivery, Remote } from '../../../src/cluster/remote.js';
import type { ClusterRequest } from '../../../src/cluster/requests.js';

type Handle = (batch: readonly ClusterRequest[], response: ServerResponse, request: IncomingMessage) => void;

/** Another member, of which only the way to it is real: a test says what it answers. */
async function remoteTo(handle: Handle, key?: string): Promise<Remote> {
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      handle(JSON.parse(text) as readonly ClusterRequest[], response, request); // what a Remote sends
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // of a TCP server
  const remote = new Remote({ url: `http://127.0.0.1:${port}`, key, timeoutMs: 300 });
  onTestFinished(() => {
    remote.close();
    server.closeAllConnections();
    server.close();
  });
  return remote;
}

const uncross = (instrument: string): ClusterRequest => ({ verb: 'uncross', command: { instrument } });
const kindOf = ({ kind }: Delivery): Delivery['kind'] => kind;
const echo = (batch: readonly ClusterRequest[]): string =>
  JSON.stringify(batch.map(({ command }) => ({ ok: false, code: 'WRONG_PHASE', detail: JSON.stringify(command) })));

describe('the way to another member', () => {
  it('answers each request with its own answer, in batches of what waits, one at a time', async () => {
    const sizes: number[] = [];
    let underWay = 0;
    const remote = await remoteTo((batch, response) => {
      expect(++underWay).toBe(1);
      sizes.push(batch.length);
      setTimeout(() => {
        underWay--;
        response.end(echo(batch));
      }, 10);
    });
    const first = remote.send(uncross('first'));
    await new Promise((resolve) => setTimeout(resolve, 5));
    const symbols = Array.from({ length: 2_500 }, (_, number) => `S${number}`);
    const deliveries = await Promise.all(symbols.map((symbol) => remote.send(uncross(symbol))));
    expect(kindOf(await first)).toBe('answered');
    expect(deliveries).toEqual(
      symbols.map((instrument) => {
        const detail = JSON.stringify({ instrument });
        return { kind: 'answered', answer: { ok: false, code: 'WRONG_PHASE', detail } };
      }),
    );
    expect(sizes).toEqual([1, 2_000, 500]);
  });

  it('knows that nothing was carried out when nobody listens, or the batch was turned away', async () => {
    const nowhere = new Remote({ url: 'http://127.0.0.1:9', key: undefined, timeoutMs: 300 });
    expect(kindOf(await nowhere.send(uncross('S1')))).toBe('absent');
    const turnedAway = await remoteTo((_batch, response) => response.writeHead(403).end('{}'));
    expect(kindOf(await turnedAway.send(uncross('S1')))).toBe('absent');
  });

  it.each<[string, Handle]>([
    ['the connection breaks before an answer', (_batch, response) => response.destroy()],
    [
      'the answer breaks off',
      (_batch, response) => response.writeHead(200, { 'content-length': 99 }).write('[', () => response.destroy()),
    ],
    ['the server fails', (_batch, response) => response.writeHead(500).end('{}')],
    ['the answer is not JSON', (_batch, response) => response.end('<html>')],
    ['there are too few answers', (_batch, response) => response.end('[]')],
    ['an answer is none', (_batch, response) => response.end('[{"ok":"yes"}]')],
    ['no answer comes in time', () => undefined],
  ])('knows nothing when %s', async (_when, handle) => {
    const remote = await remoteTo(handle);
    expect(kindOf(await remote.send(uncross('S1')))).toBe('unknown');
  });

  it('tells apart, of a member that is gone, what it may have got from what it never did', async () => {
    let begun: () => void = () => undefined;
    const isUnderWay = new Promise<void>((resolve) => (begun = resolve));
    const remote = await remoteTo(() => {
      begun();
    });
    const sent = remote.send(uncross('S1'));
    await isUnderWay;
    const waiting = remote.send(uncross('S2'));
    remote.abandon('it is gone');
    expect([kindOf(await sent), kindOf(await waiting)]).toEqual(['unknown', 'absent']);
  });

  it('shows the cluster’s secret, and none where there is none', async () => {
    for (const key of ['the-secret', undefined]) {
      let shown: unknown;
      const remote = await remoteTo((batch, response, { headers }) => {
        shown = headers[CLUSTER_KEY_HEADER];
        response.end(echo(batch));
      }, key);
      await remote.send(uncross('S1'));
      expect(shown).toBe(key);
    }
  });
});
