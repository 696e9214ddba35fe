import { subscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { until } from '../../patience.js';

/** A head and a body, as one would type them. */
export function rawPost(
  body: string,
  headers: readonly string[] = [`content-length: ${Buffer.byteLength(body)}`],
): string {
  const head = ['POST /v1/intentions HTTP/1.1', 'host: localhost', 'content-type: application/json', ...headers];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

/** A connection on which bytes are sent as they are. */
export class RawConnection {
  sentBytes = 0;
  readonly #socket: Socket;
  readonly #received: Buffer[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => this.#received.push(bytes));
    socket.on('error', () => undefined); // a connection that is cut is an answer too
  }

  static async open(port: number): Promise<RawConnection> {
    const socket = connect(port, '127.0.0.1');
    const connection = new RawConnection(socket);
    await once(socket, 'connect');
    return connection;
  }

  /** All that has come back. */
  get received(): string {
    return this.receivedBytes.toString();
  }

  get receivedBytes(): Buffer {
    return Buffer.concat(this.#received);
  }

  get isClosed(): boolean {
    return this.#socket.closed;
  }

  get localPort(): number | undefined {
    return this.#socket.localPort;
  }

  /** Sends in pieces, each once the one before has left. */
  async send(...pieces: readonly (string | Buffer)[]): Promise<void> {
    for (const piece of pieces) {
      this.sentBytes += Buffer.byteLength(piece);
      await new Promise<void>((resolve) => void this.#socket.write(piece, () => resolve()));
    }
  }

  /** All that has come back, once that matches, or the connection is closed and no more can come. */
  async receive(expected: RegExp): Promise<string> {
    await until(`${String(expected)} came`, () => this.isClosed || expected.test(this.received));
    return this.received;
  }

  /** All that has come back, once the server has closed the connection. */
  async end(): Promise<string> {
    await until('the server closed the connection', () => this.isClosed);
    return this.received;
  }

  /** Says that it sends no more. */
  finish(): void {
    this.#socket.end();
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** Sends bytes on a connection of their own, in pieces; resolves to all that came back until the server closed it. */
export async function sendRaw(port: number, pieces: readonly (string | Buffer)[]): Promise<string> {
  const connection = await RawConnection.open(port);
  await connection.send(...pieces);
  return connection.end();
}

/** The other ends of connections: what of them a server has read. */
export class Arrivals {
  readonly #sockets = new Map<number | undefined, Socket>();

  constructor() {
    // What every server of this process accepts, from now on.
    subscribe('net.server.socket', (message) => {
      const { socket } = message as { socket: Socket }; // so Node documents this channel
      this.#sockets.set(socket.remotePort, socket);
    });
  }

  /** Resolves once the server has read, and handed on, all that was sent; or has closed the connection. */
  async read(connection: RawConnection): Promise<void> {
    const { sentBytes, localPort } = connection;
    const bytesRead = (): number => this.#sockets.get(localPort)?.bytesRead ?? 0;
    await until('the server read what was sent', () => connection.isClosed || bytesRead() >= sentBytes);
  }
}
