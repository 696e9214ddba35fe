import { join } from 'node:path';
import type { Socket } from 'node:net';
import { flowSymbol, makeFlow } from '../flow/flow.js';
import { intentionsOf, NO_ID, Requests } from '../http/http-traffic.js';
import { listInstrument, startServerProcess } from '../http/server-process.js';
import type { Part } from '../part.js';
import { Durations, rounded } from '../statistics.js';
import { openSocket } from './connection.js';
import { clientFrame } from './frames.js';

const CONNECTIONS = 64;
/** Commands without an answer on each connection. */
const IN_FLIGHT = 16;
/** So many a second, evenly, for the time to the durable answer. */
const STEADY_RATE = 10_000;
const created = Buffer.from('"status":201');

/** The real server in a process of its own; this one sends. Each frame is one command, answered when durable. */
export const ws: Part = async ({ seconds, quick, folder }) => {
  const time = quick ? 1 : Math.min(10, seconds);
  const server = await startServerProcess(join(folder, 'server'));
  const traffic = new SocketTraffic(server.port);
  try {
    await listInstrument(server.port, flowSymbol);
    await traffic.open();
    await traffic.runSteadily(time / 2);
    // Before the rest: what that leaves to the projections keeps a processor busy for long.
    const [p50 = 0, p99 = 0] = (await traffic.runSteadily(time)).percentiles([0.5, 0.99]);
    await traffic.run(time / 5);
    const commands = await traffic.run(time);
    return {
      commandsPerSecond: rounded(commands / time),
      ...{ connections: CONNECTIONS, inFlight: IN_FLIGHT },
      latencyMs: { [`at${STEADY_RATE}`]: { p50: rounded(p50), p99: rounded(p99) } },
    };
  } finally {
    traffic.close();
    await server.stop();
  }
};

interface Connection {
  readonly socket: Socket;
  /** When each command without an answer was sent; answers come in order. */
  readonly sentMs: number[];
}

class SocketTraffic {
  private readonly requests: Requests;
  private connections: readonly Connection[] = [];
  private onAnswer: (connection: Connection, sentMs: number) => void = () => undefined;

  constructor(private readonly port: number) {
    const frames = intentionsOf(makeFlow(), 'w').map((line) => clientFrame(`{"id":"${NO_ID}","command":${line}}`));
    this.requests = new Requests(frames);
  }

  async open(): Promise<void> {
    this.connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => this.connect()));
  }

  close(): void {
    for (const { socket } of this.connections) socket.removeAllListeners('close').destroy();
  }

  /** Keeps every connection busy for so long; resolves to how many were answered within that time. */
  async run(seconds: number): Promise<number> {
    const endMs = performance.now() + 1_000 * seconds;
    let answered = 0;
    let waiting = CONNECTIONS * IN_FLIGHT;
    await new Promise<void>((resolve) => {
      this.onAnswer = (connection) => {
        if (performance.now() < endMs) {
          answered++;
          this.send(connection);
        } else if (--waiting === 0) resolve();
      };
      for (const connection of this.connections) for (let sent = 0; sent < IN_FLIGHT; sent++) this.send(connection);
    });
    return answered;
  }

  /** Sends at an even rate, whatever the answers do: one that is late makes none later than it is. */
  async runSteadily(seconds: number): Promise<Durations> {
    const durations = new Durations();
    const wanted = STEADY_RATE * seconds;
    const fromMs = performance.now();
    await new Promise<void>((resolve) => {
      this.onAnswer = (_connection, sentMs) => {
        durations.add(performance.now() - sentMs);
        if (durations.count === wanted) resolve();
      };
      let sent = 0;
      const sendDue = (): void => {
        const due = Math.min(wanted, Math.floor(((performance.now() - fromMs) * STEADY_RATE) / 1_000));
        while (sent < due) {
          const connection = this.connections[sent % CONNECTIONS];
          if (connection !== undefined) this.send(connection, fromMs + (1_000 * sent) / STEADY_RATE);
          sent++;
        }
        if (sent < wanted) setImmediate(sendDue);
      };
      sendDue();
    });
    return durations;
  }

  private send({ socket, sentMs }: Connection, atMs = performance.now()): void {
    sentMs.push(atMs);
    socket.write(this.requests.next());
  }

  private async connect(): Promise<Connection> {
    const sentMs: number[] = [];
    const socket = await openSocket(this.port, (body) => {
      if (!body.includes(created)) throw new Error(`answered ${body.toString()}`);
      this.onAnswer(connection, sentMs.shift() ?? 0);
    });
    const connection: Connection = { socket, sentMs };
    return connection;
  }
}
