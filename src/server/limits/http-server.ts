/**
 * The HTTP server itself, with what bounds a connection before a route knows of it.
 *
 * 1. A request must come whole within the time there is for that, head and body; a stream of posts need not.
 * 2. Of the requests that are sent ahead on one connection, so many wait for those before them. The next is answered 429 when its turn
 *    comes, and the connection ends with it: it was not looked at, and what follows it was not even read.
 */
import { createServer, IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { problem } from '../../api/problem.js';
import { lastResponse } from '../problem-details.js';

export interface RequestTimes {
  /** For head and body of a request. */
  readonly requestMs: number;
  /** A connection on which nothing moves. */
  readonly idleMs: number;
  /** Between two requests. */
  readonly keepAliveMs: number;
}

/** The first of them is looked at at once; the others wait. */
export const MOST_AHEAD = 32;
const MOST_HEAD_MS = 10_000;
const CHECK_EACH_MS = 1_000;

/** How long the head of a request may take to come. */
export function headMs({ requestMs }: RequestTimes): number {
  return Math.min(MOST_HEAD_MS, requestMs);
}

/** How often it is looked at. */
export function checkEachMs({ requestMs }: RequestTimes): number {
  return Math.min(CHECK_EACH_MS, requestMs);
}

/** How many requests on each connection wait for those before them. */
const ahead = new WeakMap<Socket, number>();
/** On which a stream of posts is under way. */
const streaming = new WeakSet<Socket>();

/** Where a connection may become a WebSocket. */
export const SOCKET_PATH = '/v1/ws';

/** A connection that asks to become a WebSocket, on which Node reads nothing any more; `head`: what followed the request. */
export type OnUpgrade = (request: IncomingMessage, socket: Socket, head: Buffer) => void;

/**
 * Node reads all requests of a chunk, thousands of them, before anybody can say that it is enough; but it stops at one that asks for an
 * upgrade. So one that is too far ahead does, and no other but one for a WebSocket, and one for a tunnel, on which Node ends the
 * connection.
 */
class BoundedRequest extends IncomingMessage {
  readonly isTooFar: boolean;
  /** What the parser says; null before the head has been read. */
  private asked: boolean | null | undefined;

  constructor(socket: Socket) {
    super(socket);
    this.isTooFar = (ahead.get(socket) ?? 0) >= MOST_AHEAD;
  }

  get upgrade(): boolean {
    return this.isTooFar || this.method === 'CONNECT' || (this.asked === true && this.isForSocket());
  }

  set upgrade(asked: boolean) {
    this.asked = asked;
  }

  /** Whoever asks elsewhere is answered as if it had not (RFC 9110, 7.8). */
  private isForSocket(): boolean {
    return this.method === 'GET' && this.url?.split('?', 1)[0] === SOCKET_PATH;
  }
}

/** `onBadRequest` receives what cannot be parsed, and what does not come in time (ERR_HTTP_REQUEST_TIMEOUT). */
export function makeHttpServer(
  handle: RequestListener,
  onBadRequest: (error: NodeJS.ErrnoException, socket: Socket) => void,
  times: RequestTimes,
  onUpgrade: OnUpgrade,
): Server {
  const { requestMs, idleMs, keepAliveMs } = times;
  const options = {
    IncomingMessage: BoundedRequest,
    requestTimeout: requestMs,
    headersTimeout: headMs(times),
    connectionsCheckingInterval: checkEachMs(times),
    keepAliveTimeout: keepAliveMs,
  };
  const server = createServer(options, (request, response) => {
    // Node gives a response its socket when those before it are done.
    if (response.socket === null) countAhead(request.socket, response);
    handle(request, response);
  });
  server.setTimeout(idleMs);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code !== 'ERR_HTTP_REQUEST_TIMEOUT' || !streaming.has(socket)) onBadRequest(error, socket);
  });
  server.on('upgrade', (request: BoundedRequest, socket: Socket, head: Buffer) => {
    if (request.isTooFar) endWhenAnswered(socket);
    else onUpgrade(request, socket, head);
  });
  endTheSilentToo(server);
  return server;
}

/** Node counts a connection as idle only after its first request; one that nothing came on yet is as idle. */
function endTheSilentToo(server: Server): void {
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  const closeIdleConnections = server.closeIdleConnections.bind(server);
  server.closeIdleConnections = () => {
    closeIdleConnections();
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
  };
}

function countAhead(socket: Socket, response: ServerResponse): void {
  ahead.set(socket, (ahead.get(socket) ?? 0) + 1);
  response.once('close', () => {
    ahead.set(socket, (ahead.get(socket) ?? 1) - 1);
    socket.emit(ANSWERED);
  });
}

/** Who does not wait to be told when to try again gets no new connection for it before. */
const CUT_MS = 1_000;
const ANSWERED = 'parleyAnswered';

const detail = `no more than ${MOST_AHEAD} requests may be sent ahead; this one was not begun`;
const tooFar = lastResponse(problem('TOO_MANY_REQUESTS', detail), ['Retry-After: 1']);

/** Once those that wait are answered. Nobody reads what the connection brings any more. */
function endWhenAnswered(socket: Socket): void {
  socket.on('error', () => undefined);
  socket.on(ANSWERED, () => {
    if (ahead.get(socket) === 0) endTooFar(socket);
  });
}

/** Answers the one that is too far ahead, as the last. */
export function endTooFar(socket: Socket): void {
  socket.write(tooFar);
  const timer = setTimeout(() => socket.destroySoon(), CUT_MS);
  socket.once('close', () => clearTimeout(timer));
}

/** The request on this connection goes on for as long as its sender likes, until the response closes. */
export function mayTakeItsTime(response: ServerResponse): void {
  const { socket } = response;
  if (socket === null) return;
  streaming.add(socket);
  response.once('close', () => streaming.delete(socket));
}
