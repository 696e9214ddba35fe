/**
 * The HTTP server itself, with what bounds a connection before a route knows of it.
 *
 * 1. A request must come whole within the time there is for that, head and body; a stream of posts need not.
 * 2. Of the requests that are sent ahead on one connection, so many wait for those before them. The next is answered 429 when its turn
 *    comes, and the connection ends with it: what follows it was never looked at.
 */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { problem, problemJson, problemMediaType } from '../problem.js';

export interface RequestTimes {
  /** For head and body of a request. */
  readonly requestMs: number;
  /** A connection on which nothing moves. */
  readonly idleMs: number;
  /** Between two requests. */
  readonly keepAliveMs: number;
}

/** The first of them is looked at at once; the others wait. */
const MOST_AHEAD = 32;
const MOST_HEAD_MS = 10_000;
const CHECK_EACH_MS = 1_000;

/** On which a stream of posts is under way. */
const streaming = new WeakSet<Socket>();

const tooFar = problemJson(problem('TOO_MANY_REQUESTS', `no more than ${MOST_AHEAD} requests may be sent ahead`));

/** `onBadRequest` is told of what cannot be read, and of what does not come in time (ERR_HTTP_REQUEST_TIMEOUT). */
export function makeHttpServer(
  handle: RequestListener,
  onBadRequest: (error: NodeJS.ErrnoException, socket: Socket) => void,
  { requestMs, idleMs, keepAliveMs }: RequestTimes,
): Server {
  const ahead = new WeakMap<Socket, number>();
  const server = createServer(
    {
      requestTimeout: requestMs,
      headersTimeout: Math.min(MOST_HEAD_MS, requestMs),
      connectionsCheckingInterval: Math.min(CHECK_EACH_MS, requestMs),
      keepAliveTimeout: keepAliveMs,
    },
    (request, response) => {
      // Node gives a response its socket when those before it are done.
      if (response.socket !== null || goesAhead(ahead, request, response)) handle(request, response);
    },
  );
  server.setTimeout(idleMs);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code !== 'ERR_HTTP_REQUEST_TIMEOUT' || !streaming.has(socket)) onBadRequest(error, socket);
  });
  return server;
}

function goesAhead(ahead: WeakMap<Socket, number>, request: IncomingMessage, response: ServerResponse): boolean {
  const { socket } = request;
  const before = ahead.get(socket) ?? 0;
  ahead.set(socket, before + 1);
  if (before < MOST_AHEAD) {
    response.once('close', () => ahead.set(socket, (ahead.get(socket) ?? 1) - 1));
    return true;
  }
  if (before === MOST_AHEAD) {
    socket.pause();
    const headers = { 'content-type': problemMediaType, 'retry-after': '1', connection: 'close' };
    response.writeHead(429, headers).end(tooFar);
  }
  return false;
}

/** The request on this connection goes on for as long as its sender likes, until the response closes. */
export function mayTakeItsTime(response: ServerResponse): void {
  const { socket } = response;
  if (socket === null) return;
  streaming.add(socket);
  response.once('close', () => streaming.delete(socket));
}
