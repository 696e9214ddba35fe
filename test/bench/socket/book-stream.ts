import { join } from 'node:path';
import type { Socket } from 'node:net';
import { flowSymbol, makeFlow } from '../flow/flow.js';
import { intentionsOf, NO_ID, Requests } from '../http/http-traffic.js';
import { listInstrument, startServerProcess } from '../http/server-process.js';
import type { Part } from '../part.js';
import { Durations, rounded } from '../statistics.js';
import { openSocket } from './connection.js';
import { clientFrame } from './frames.js';

const SUBSCRIBERS = 1_000;
const POSTS_A_SECOND = 2_000;
const created = Buffer.from('"status":201');
const diff = Buffer.from('"type":"diff"');

/**
 * A thousand readers of one book at ten updates a second each, beside posts at an even rate over one other connection: how many diffs
 * reach them, and the time to the durable answer with and without them, in turns.
 */
export const bookStream: Part = async ({ seconds, quick, folder }) => {
  const time = quick ? 1 : Math.min(5, seconds / 4);
  const rounds = quick ? 1 : 3;
  const server = await startServerProcess(join(folder, 'server'));
  const readers = new Readers(server.port);
  let poster: Poster | undefined;
  try {
    await listInstrument(server.port, flowSymbol);
    poster = await Poster.open(server.port);
    await poster.post(time);
    const alone = new Durations();
    const beside = new Durations();
    let diffs = 0;
    for (let round = 0; round < rounds; round++) {
      await poster.post(time, alone);
      await readers.open();
      const before = readers.diffs;
      await poster.post(time, beside);
      diffs += readers.diffs - before;
      readers.close();
    }
    const [aloneP99 = 0] = alone.percentiles([0.99]);
    const [besideP99 = 0] = beside.percentiles([0.99]);
    return {
      ...{ subscribers: SUBSCRIBERS, postsPerSecond: POSTS_A_SECOND },
      diffsPerSecond: rounded(diffs / (rounds * time)),
      postP99Ms: { alone: rounded(aloneP99), beside: rounded(besideP99) },
      postP99Ratio: rounded(besideP99 / aloneP99, 3),
    };
  } finally {
    readers.close();
    poster?.close();
    await server.stop();
  }
};

class Readers {
  diffs = 0;
  private sockets: readonly Socket[] = [];

  constructor(private readonly port: number) {}

  /** Resolves once each has its snapshot. */
  async open(): Promise<void> {
    const wish = { id: 1, subscribe: { channel: 'book', instrument: flowSymbol, rate: '100ms' } };
    this.sockets = await Promise.all(
      Array.from({ length: SUBSCRIBERS }, async () => {
        let hasSnapshot: () => void = () => undefined;
        const ready = new Promise<void>((resolve) => (hasSnapshot = resolve));
        const socket = await openSocket(this.port, (body) => {
          if (body.includes(diff)) this.diffs++;
          else if (body.includes('"type":"snapshot"')) hasSnapshot();
          else if (!body.includes('"status":200')) throw new Error(`answered ${body.toString()}`);
        });
        socket.write(clientFrame(JSON.stringify(wish)));
        await ready;
        return socket;
      }),
    );
  }

  close(): void {
    for (const socket of this.sockets) socket.removeAllListeners('close').destroy();
    this.sockets = [];
  }
}

class Poster {
  private readonly sentMs: number[] = [];
  private durations: Durations | undefined;
  private onAnswer: () => void = () => undefined;
  private socket: Socket | undefined;

  private constructor(private readonly requests: Requests) {}

  static async open(port: number): Promise<Poster> {
    const frames = intentionsOf(makeFlow(), 'b').map((line) => clientFrame(`{"id":"${NO_ID}","command":${line}}`));
    const poster = new Poster(new Requests(frames));
    poster.socket = await openSocket(port, (body) => {
      if (!body.includes(created)) throw new Error(`answered ${body.toString()}`);
      poster.durations?.add(performance.now() - (poster.sentMs.shift() ?? 0));
      poster.onAnswer();
    });
    return poster;
  }

  /** Posts at an even rate for so long, and waits for the answers. */
  async post(seconds: number, durations = new Durations()): Promise<void> {
    const wanted = POSTS_A_SECOND * seconds;
    const fromMs = performance.now();
    let sent = 0;
    let answered = 0;
    this.durations = durations;
    await new Promise<void>((resolve) => {
      this.onAnswer = () => {
        if (++answered >= wanted) resolve();
      };
      const sendDue = (): void => {
        const due = Math.min(wanted, ((performance.now() - fromMs) * POSTS_A_SECOND) / 1_000);
        for (; sent < due; sent++) {
          this.sentMs.push(fromMs + (1_000 * sent) / POSTS_A_SECOND);
          this.socket?.write(this.requests.next());
        }
        if (sent < wanted) setTimeout(sendDue, 1);
      };
      sendDue();
    });
  }

  close(): void {
    this.socket?.removeAllListeners('close').destroy();
  }
}
