/**
 * A TCP proxy between a client and a server, for tests of what happens when the network between them fails.
 *
 * 1. While it forwards, every byte arrives, in order, and the end of one side ends the other.
 * 2. `stall` loses no byte: what was sent meanwhile arrives after `resume`. To both sides the other is just silent.
 * 3. After `cut` no connection is left, and new ones are refused until `resume`.
 */
import net from 'node:net';
import { freePorts } from '../../../infra/kafka/local/ports.js';

export interface CutOptions {
  /** Where to forward to, `host:port`. */
  readonly target: string;
  /** Port to listen on, on 127.0.0.1. Without it: any that systems do not hand out while it is cut. */
  readonly port?: number;
}

export class Cut {
  readonly #target: { host: string; port: number };
  #port: number;
  readonly #pairs = new Set<readonly [net.Socket, net.Socket]>();
  #server: net.Server | undefined;
  #isStalled = false;

  private constructor(target: { host: string; port: number }, port: number) {
    this.#target = target;
    this.#port = port;
  }

  static async open({ target, port }: CutOptions): Promise<Cut> {
    const [free = 0] = port === undefined ? await freePorts(1) : [port];
    const at = target.lastIndexOf(':');
    const cut = new Cut({ host: target.slice(0, at), port: Number(target.slice(at + 1)) }, free);
    await cut.#listen();
    return cut;
  }

  /** `host:port` for the client. Stays the same. */
  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** How many connections go through it now. */
  get connections(): number {
    return this.#pairs.size;
  }

  /** Ends all connections with a reset, and refuses new ones. */
  async cut(): Promise<void> {
    const closed = this.#unlisten();
    for (const sockets of this.#pairs) for (const socket of sockets) socket.resetAndDestroy();
    this.#pairs.clear();
    await closed;
  }

  /** Forwards nothing any more, in either direction, and tells nobody. New connections are accepted and get no answer. */
  stall(): void {
    this.#isStalled = true;
    for (const sockets of this.#pairs) for (const socket of sockets) socket.pause();
  }

  /** Forwards again, after `cut` or `stall`. */
  async resume(): Promise<void> {
    this.#isStalled = false;
    for (const sockets of this.#pairs) for (const socket of sockets) socket.resume();
    if (this.#server === undefined) await this.#listen();
  }

  close(): Promise<void> {
    return this.cut();
  }

  async #listen(): Promise<void> {
    const server = net.createServer({ allowHalfOpen: true }, (client) => this.#forward(client));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as net.AddressInfo).port; // it listens on TCP
    this.#server = server;
  }

  async #unlisten(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
  }

  #forward(client: net.Socket): void {
    const upstream = net.connect({ ...this.#target, allowHalfOpen: true });
    const pair = [client, upstream] as const;
    this.#pairs.add(pair);
    copy(client, upstream);
    copy(upstream, client);
    if (this.#isStalled) for (const socket of pair) socket.pause();
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined); // told by its close
      socket.once('close', (hasFailed) => {
        if (hasFailed) for (const other of pair) other.destroy();
        if (pair.every((other) => other.destroyed)) this.#pairs.delete(pair);
      });
    }
  }
}

/** Not `pipe`: that would resume a socket that is to stay silent. What the other side is too slow to take is kept in memory. */
function copy(from: net.Socket, to: net.Socket): void {
  from.on('data', (bytes) => void to.write(bytes));
  from.once('end', () => to.end());
}
