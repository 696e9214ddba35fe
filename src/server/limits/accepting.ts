/**
 * Accepts several connections in a turn of the loop. libuv (1.46, of Node 20) takes one from each listening handle in a turn, so that a
 * server with much to do accepts some two hundred a second, and a new connection, one of a health probe too, waits behind all others. So there
 * are more handles on the same socket. Node cannot duplicate a handle within a process; a child process can: it is sent the handle,
 * sends back a duplicate, and exits.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';

/** So that thousands who come at once are let in within some turns, and one turn is not all theirs. */
export const ACCEPT_AT_ONCE = 16;

const ECHO = `
  process.on('message', (message, handle) => process.send(message, handle));
  process.on('disconnect', () => process.exit());
`;
const IDLE_POLL_MS = 20;

export class Accepting {
  private readonly listening: Server[] = [];
  private adding: Promise<void> = Promise.resolve();
  private isClosing = false;

  constructor(private readonly server: HttpServer) {}

  /** How many handles there are beside the server’s own. */
  get size(): number {
    return this.listening.length;
  }

  /** Resolves when there are so many handles more; where no child can be started there are fewer, and the server does without. */
  add(count: number): Promise<void> {
    this.adding = this.fetch(count).catch(() => undefined); // `spawn` says of some failures so, and of others by an event
    return this.adding;
  }

  /** Accepts no more. Resolves when the connections that were accepted here have ended, each as soon as it is idle. */
  async close(): Promise<void> {
    this.isClosing = true;
    await this.adding;
    const areClosed = closeAsTheyFinish(this.server);
    await Promise.all(this.listening.map((each) => once(each.close(), 'close')));
    areClosed();
  }

  private async fetch(count: number): Promise<void> {
    const env = { ...process.env, NODE_OPTIONS: '' }; // whatever the server is run with is not for its helper
    const echo = spawn(process.execPath, ['-e', ECHO], { env, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    const ended = new Promise<void>((resolve) => {
      echo.once('error', () => resolve()); // it could not be started
      echo.once('exit', () => resolve());
    });
    const { _handle: handle } = this.server as unknown as { _handle: never }; // `listen` documents that it is there
    // One at a time: a channel with handles that are under way cannot be closed.
    const next = (): void => {
      if (this.size < count && !this.isClosing) echo.send({}, handle, () => undefined);
      else echo.disconnect();
    };
    echo.on('message', (_message, sentBack) => {
      this.listen(sentBack);
      next();
    });
    next();
    await ended;
  }

  private listen(handle: unknown): void {
    // As an HTTP server makes its connections.
    const listening = createServer({ allowHalfOpen: true, noDelay: true });
    listening.on('connection', (socket) => this.server.emit('connection', socket));
    listening.on('error', () => undefined); // of a connection that could not be accepted: the client's own system reports it
    this.listening.push(listening.listen(handle));
  }
}

/**
 * Closing a server closes the connections that are idle then, and leaves those that become so later to their time-out: this closes them
 * too, until what it returns is called.
 */
export function closeAsTheyFinish(server: HttpServer): () => void {
  const timer = setInterval(() => server.closeIdleConnections(), IDLE_POLL_MS);
  return () => clearInterval(timer);
}
