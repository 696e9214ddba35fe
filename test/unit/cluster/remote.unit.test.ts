import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { CLUSTER_KEY_HEADER, type Delivery, Remote } from '../../../src/cluster/remote.js';
import type { ClusterRequest } from '../../../src/cluster/requests.js';
import { gate } from '../../support/gate.js';
import { PATIENCE_MS } from '../../support/patience.js';

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
  const remote = new Remote({ url: `http://127.0.0.1:${port}`, key, timeoutMs: PATIENCE_MS });
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
    const elsewhere = await remoteTo((batch, response) => response.end(echo(batch)));
    const sizes: number[] = [];
    const underWay: number[] = [];
    const first = gate();
    let batches = 0;
    const handle = async (batch: readonly ClusterRequest[], response: ServerResponse): Promise<void> => {
      underWay.push(++batches);
      sizes.push(batch.length);
      first.open();
      await elsewhere.send(uncross('elsewhere')); // meanwhile another batch could come
      batches--;
      response.end(echo(batch));
    };
    const remote = await remoteTo((batch, response) => void handle(batch, response));
    const alone = remote.send(uncross('first'));
    await first.wait();
    const symbols = Array.from({ length: 2_500 }, (_, number) => `S${number}`);
    const deliveries = await Promise.all(symbols.map((symbol) => remote.send(uncross(symbol))));
    expect(kindOf(await alone)).toBe('answered');
    expect(deliveries).toEqual(
      symbols.map((instrument) => {
        const detail = JSON.stringify({ instrument });
        return { kind: 'answered', answer: { ok: false, code: 'WRONG_PHASE', detail } };
      }),
    );
    expect(sizes).toEqual([1, 2_000, 500]);
    expect(underWay).toEqual([1, 1, 1]);
  });

  it('knows that nothing was carried out when nobody listens, or the batch was turned away', async () => {
    const nowhere = new Remote({ url: 'http://127.0.0.1:9', key: undefined, timeoutMs: PATIENCE_MS });
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
  ])('knows nothing when %s', async (_when, handle) => {
    const remote = await remoteTo(handle);
    expect(kindOf(await remote.send(uncross('S1')))).toBe('unknown');
  });

  it('knows nothing when no answer comes in time', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const arrival = gate();
    const remote = await remoteTo(arrival.open);
    const sent = remote.send(uncross('S1'));
    await arrival.wait();
    vi.advanceTimersByTime(PATIENCE_MS);
    expect(await sent).toEqual({ kind: 'unknown', why: `no answer in ${PATIENCE_MS} ms` });
  });

  it('tells apart, of a member that is gone, what it may have got from what it never did', async () => {
    const arrival = gate();
    const remote = await remoteTo(arrival.open);
    const sent = remote.send(uncross('S1'));
    await arrival.wait();
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
