/**
 * Where a connection becomes a WebSocket, or is told over HTTP why not.
 *
 * 1. A key that came with the request is looked at before anything else is made; without one, the first message must show it.
 * 2. A page of another origin is not let in.
 * 3. When a key is taken back, its connections are closed; when the server stops, all are, after what was begun has been answered.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { closeCodes } from '../../api/close-codes.js';
import { type Problem, problem } from '../../api/problem.js';
import type { ServerContext } from '../context.js';
import type { Caller } from '../doors/access.js';
import { ByKey } from '../feeds/outlets/by-key.js';
import type { Live } from '../feeds/live.js';
import { strangerAt } from '../limits/connections.js';
import { REQUEST_COST_MS } from '../limits/request-turns.js';
import { lastResponse, statusOf } from '../problem-details.js';
import { type Opening, SocketCallers } from './socket-callers.js';
import { Disconnects } from './disconnects.js';
import { SocketConnection } from './connection/socket-connection.js';
import { SocketSession } from './socket-session.js';
import { timesOf } from './connection/socket-times.js';
import { MOST_PINGS, SocketWatch } from './connection/socket-watch.js';

/** Of a message, all its fragments together. */
const MOST_MESSAGE_BYTES = 65_536;
const MOST_FRAGMENTS = 256;
/** Pieces in which the system hands over a message that is not whole. */
const MOST_PIECES = 4_096;
/** How long the other side may take to say that it has heard of the end. */
const GOODBYE_MS = 2_000;

/** Some are not among those that the types of ws know. */
const options = {
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: MOST_MESSAGE_BYTES,
  maxFragments: MOST_FRAGMENTS,
  maxBufferedChunks: MOST_PIECES,
  closeTimeout: GOODBYE_MS,
  maxPendingAutoPongs: 2 * MOST_PINGS, // who sends so many is cut before, and is told why
};

export class SocketDoor {
  private readonly server = new WebSocketServer(options);
  private readonly open = new Set<SocketConnection>();
  private readonly watch: SocketWatch;
  private readonly callers: SocketCallers;
  private readonly disconnects: Disconnects;
  private readonly byKey = new ByKey<SocketConnection>((connections) => {
    for (const each of connections) each.close(closeCodes.unauthenticated, 'this key has been taken back');
  });

  constructor(
    private readonly context: ServerContext,
    private readonly live: Live,
  ) {
    this.watch = new SocketWatch(timesOf(context));
    this.callers = new SocketCallers(context);
    this.disconnects = new Disconnects(context);
    const { stopping, cutting } = context.lifecycle;
    this.server.on('wsClientError', ({ message }, socket) => {
      socket.end(lastResponse(problem('MALFORMED_HTTP', message), ['Sec-WebSocket-Version: 13']));
    });
    stopping.addEventListener('abort', () => {
      for (const each of this.open) each.close(closeCodes.goingAway, 'the server stops');
    });
    cutting.addEventListener('abort', () => {
      for (const { ws } of this.open) ws.terminate();
    });
  }

  /** Takes a request to upgrade, in its turn. */
  take(request: IncomingMessage, socket: Socket, head: Buffer): void {
    socket.on('error', () => undefined); // a connection that breaks says so by closing
    if (isOwedAnother(socket)) {
      socket.destroy(); // what is said here would be taken for the answer to what came before
      return;
    }
    const { turns } = this.context;
    const stranger = strangerAt(socket);
    if (!turns.hasRoom(stranger)) this.refuse(socket, tooMany);
    else turns.take(stranger, REQUEST_COST_MS, () => this.answer(request, socket, head));
  }

  private answer(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const { lifecycle, starting, connections } = this.context;
    const found = this.callers.byRequest(request);
    if (lifecycle.stopping.aborted) this.refuse(socket, problem('UNAVAILABLE', 'the server is stopping'));
    else if (starting?.() === true) this.refuse(socket, opening);
    else if (found !== undefined && 'code' in found) this.refuse(socket, found);
    else if (found !== undefined && !connections.claim(socket, found.key.id)) this.refuse(socket, tooMany);
    else this.server.handleUpgrade(request, socket, head, (ws) => this.begin(ws, socket, request, found));
  }

  private refuse(socket: Socket, why: Problem): void {
    this.context.metrics.refused(why.code);
    const headers = why.code === 'UNAUTHENTICATED' ? ['WWW-Authenticate: Bearer'] : [];
    socket.end(lastResponse(why, statusOf[why.code] >= 429 ? ['Retry-After: 1'] : headers));
  }

  private begin(ws: WebSocket, socket: Socket, { url, headers }: Opening, caller: Caller | undefined): void {
    const { context, callers, live, disconnects } = this;
    const identify = (given: unknown): Caller | Problem => callers.byMessage(given, { url, headers });
    const admit = (connection: SocketConnection, by: Caller): Problem | undefined => {
      if (!context.connections.claim(socket, by.key.id)) return tooMany;
      connection.authenticate(by);
      ws.once('close', this.byKey.join(by.key, connection));
      return undefined;
    };
    const connection = new SocketConnection(ws, socket, context, (made) => {
      const admitted = (by: Caller): Problem | undefined => admit(made, by);
      return new SocketSession({ context, live, disconnects, connection: made, identify, admit: admitted });
    });
    this.open.add(connection);
    context.metrics.sockets.open.inc();
    const unwatch = this.watch.watch(connection);
    ws.once('close', () => {
      unwatch();
      this.open.delete(connection);
      context.metrics.sockets.open.dec();
    });
    if (caller !== undefined) admit(connection, caller);
  }
}

const opening = problem('UNAVAILABLE', 'the log is being opened; try again shortly');
const tooMany = problem('TOO_MANY_REQUESTS', 'this key has too many connections or requests; try again shortly');

/** Whether the answer that comes next on this connection is that to an earlier request. Node’s own handler of bad requests looks there too. */
function isOwedAnother({ _httpMessage: underWay }: Socket & { _httpMessage?: ServerResponse | null }): boolean {
  return underWay !== undefined && underWay !== null;
}
