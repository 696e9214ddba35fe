import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Admitted, MemberDoor, PROOF_HEADER } from '../../../../src/cluster/forwarding/member-proof.js';
import { CLUSTER_PATH, type Delivery, Remote } from '../../../../src/cluster/forwarding/remote.js';
import type { ClusterRequest } from '../../../../src/cluster/forwarding/requests.js';
import { gate } from '../../../support/gate.js';
import { PATIENCE_MS } from '../../../support/patience.js';

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
  it('The way to another member answers each request with its own answer, in batches of what waits, one at a time', async () => {
    const other = await remoteTo((batch, response) => response.end(echo(batch)));
    const sizes: number[] = [];
    const underWay: number[] = [];
    const first = gate();
    let batches = 0;
    const handle = async (batch: readonly ClusterRequest[], response: ServerResponse): Promise<void> => {
      underWay.push(++batches);
      sizes.push(batch.length);
      first.open();
      await other.send(uncross('other')); // meanwhile another batch could come
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

  it('The way to another member knows that nothing was carried out when nobody listens, or the batch was turned away', async () => {
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
  ])('The way to another member knows nothing when %s', async (_when, handle) => {
    const remote = await remoteTo(handle);
    expect(kindOf(await remote.send(uncross('S1')))).toBe('unknown');
  });

  it('The way to another member knows nothing when no answer comes in time', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const arrival = gate();
    const remote = await remoteTo(arrival.open);
    const sent = remote.send(uncross('S1'));
    await arrival.wait();
    vi.advanceTimersByTime(PATIENCE_MS);
    expect(await sent).toEqual({ kind: 'unknown', why: `no answer in ${PATIENCE_MS} ms` });
  });

  it('The way to another member tells apart, of a member that is gone, what it may have got from what it never did', async () => {
    const arrival = gate();
    const remote = await remoteTo(arrival.open);
    const sent = remote.send(uncross('S1'));
    await arrival.wait();
    const waiting = remote.send(uncross('S2'));
    remote.abandon('it is gone');
    expect([kindOf(await sent), kindOf(await waiting)]).toEqual(['unknown', 'absent']);
  });
});

describe('the way to another member of a cluster with a secret', () => {
  const SECRET = 'the-clusters-own-secret';

  /** As a true member lets it in; fails where it does not. */
  function admitted(door: MemberDoor, { headers, method = '', url: path = '' }: IncomingMessage): Admitted {
    const found = door.admit(headers[PROOF_HEADER], { method, path, to: `http://${headers.host}` });
    if (typeof found === 'string') throw new Error(found);
    return found;
  }

  function answerProved(door: MemberDoor, request: IncomingMessage, response: ServerResponse, body: string): void {
    const proof = door.proveAnswer(admitted(door, request), response.statusCode, Buffer.from(body));
    response.setHeader(PROOF_HEADER, proof).end(body);
  }

  it('The way to another member of a cluster with a secret proves to know the secret, and never sends it', async () => {
    const door = new MemberDoor(SECRET, 0);
    let sent = '';
    const remote = await remoteTo((batch, response, request) => {
      sent = JSON.stringify([request.url, request.rawHeaders, batch]);
      answerProved(door, request, response, echo(batch));
    }, SECRET);
    expect(kindOf(await remote.send(uncross('S1')))).toBe('answered');
    expect(kindOf(await remote.send(uncross('S2')))).toBe('answered');
    expect(sent).toContain(CLUSTER_PATH);
    expect(sent).not.toContain(SECRET);
  });

  it('The way to another member of a cluster with a secret sends nothing of the kind where there is no secret', async () => {
    let headers: IncomingMessage['headers'] = {};
    const remote = await remoteTo((batch, response, request) => {
      ({ headers } = request);
      response.end(echo(batch));
    });
    await remote.send(uncross('S1'));
    expect(Object.keys(headers).filter((name) => name.startsWith('x-parley'))).toEqual([]);
  });

  it('The way to another member of a cluster with a secret believes a refusal that is proved: it was not carried out', async () => {
    const door = new MemberDoor(SECRET, 0);
    const remote = await remoteTo((_batch, response, request) => {
      response.statusCode = 400;
      answerProved(door, request, response, '{}');
    }, SECRET);
    expect(kindOf(await remote.send(uncross('S1')))).toBe('absent');
  });

  it.each<[string, Handle]>([
    ['no proof', (batch, response) => response.end(echo(batch))],
    ['a refusal without a proof', (_batch, response) => response.writeHead(403).end('{}')],
    [
      'the proof of another secret',
      (batch, response) => {
        const proof = new MemberDoor('another-secret').proveAnswer({ mac: '', bodySha256: '' }, 200, Buffer.from('[]'));
        response.setHeader(PROOF_HEADER, proof).end(echo(batch));
      },
    ],
    [
      'what came as the proof',
      (batch, response, { headers }) => response.setHeader(PROOF_HEADER, headers[PROOF_HEADER] ?? '').end(echo(batch)),
    ],
    [
      'the proof of another answer',
      (batch, response, request) => {
        const door = new MemberDoor(SECRET, 0);
        const proof = door.proveAnswer(admitted(door, request), 200, Buffer.from('[]'));
        response.setHeader(PROOF_HEADER, proof).end(echo(batch));
      },
    ],
    [
      'the proof of another status',
      (batch, response, request) => {
        const door = new MemberDoor(SECRET, 0);
        const proof = door.proveAnswer(admitted(door, request), 200, Buffer.from(echo(batch)));
        response.writeHead(403, { [PROOF_HEADER]: proof }).end(echo(batch));
      },
    ],
  ])(
    'The way to another member of a cluster with a secret knows nothing when the answer has %s',
    async (_what, handle) => {
      const remote = await remoteTo(handle, SECRET);
      expect(kindOf(await remote.send(uncross('S1')))).toBe('unknown');
    },
  );
});
