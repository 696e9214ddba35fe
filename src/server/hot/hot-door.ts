/**
 * Where connections come in: each is the hot route’s until something comes on it that is not a plain post, and Node’s from then on.
 *
 * Fastify and Node’s HTTP take twice as long for a post as the exchange does, and most of what comes to a busy exchange are posts of one
 * form. So those are read from the socket here. Fastify’s route stays the definition of what they are answered: whatever is decided there by
 * other rules than those that both share makes a request one that is not plain.
 *
 * 1. A connection here ends when Node would end it: one that is silent too long, and one that waits for nothing when the server closes.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { ServerContext } from '../context.js';
import { checkEachMs, endTooFar, headMs, type RequestTimes } from '../limits/http-server.js';
import { HotAnswers } from './hot-answers.js';
import { HotConnection, type HotConnectionOptions } from './hot-connection.js';
import { HotPosts } from './hot-posts.js';

/** From now on plain posts to the server pass Node and Fastify by. */
export function openHotDoor(server: Server, context: ServerContext, times: RequestTimes): void {
  const variesByOrigin = (context.allowedOrigins?.size ?? 0) > 0;
  const answers = new HotAnswers({ keepAliveMs: times.keepAliveMs, variesByOrigin });
  new HotDoor(server, times, { posts: new HotPosts(context, answers), turns: context.turns });
}

class HotDoor {
  readonly #connections = new Map<Socket, HotConnection>();

  constructor(
    private readonly server: Server,
    private readonly times: RequestTimes,
    posting: Pick<HotConnectionOptions, 'posts' | 'turns'>,
  ) {
    const [toNode] = server.listeners('connection') as ((socket: Socket) => void)[]; // Node’s own, which reads HTTP
    if (toNode === undefined) throw new Error('this server does not read HTTP');
    const options: HotConnectionOptions = {
      ...posting,
      leave: (socket) => {
        this.#connections.delete(socket);
        toNode.call(server, socket);
      },
      endTooFar,
      endBroken: (socket) => this.#complain(socket, 'HPE_INVALID_EOF_STATE'),
    };
    server.off('connection', toNode).prependListener('connection', (socket: Socket) => {
      this.#connections.set(socket, new HotConnection(socket, options));
      socket.once('close', () => this.#connections.delete(socket));
    });
    this.#closeWithServer();
    const timer = setInterval(() => this.#endTheSilent(), Math.min(checkEachMs(times), times.idleMs)).unref();
    server.once('close', () => clearInterval(timer));
  }

  /** What the server closes of its own it closes here too. */
  #closeWithServer(): void {
    const { server } = this;
    const closeIdleConnections = server.closeIdleConnections.bind(server);
    const closeAllConnections = server.closeAllConnections.bind(server);
    server.closeIdleConnections = () => {
      closeIdleConnections();
      for (const [socket, connection] of this.#connections) if (connection.isIdle) socket.destroy();
    };
    server.closeAllConnections = () => {
      closeAllConnections();
      for (const socket of this.#connections.keys()) socket.destroy();
    };
  }

  #endTheSilent(): void {
    const { idleMs, keepAliveMs } = this.times;
    const nowMs = performance.now();
    for (const [socket, connection] of this.#connections) {
      const silentMs = nowMs - connection.movedMs;
      const isNew = socket.bytesRead === 0;
      if (silentMs > (connection.isIdle && !isNew ? keepAliveMs : idleMs)) socket.destroy();
      else if (isNew && silentMs > headMs(this.times)) this.#complain(socket, 'ERR_HTTP_REQUEST_TIMEOUT');
      else if (!connection.isIdle && !connection.isAnswering) connection.handOver(); // Node counts how long the rest takes
    }
  }

  /** As Node does of what it cannot read. */
  #complain(socket: Socket, code: string): void {
    this.server.emit('clientError', Object.assign(new Error(code), { code }), socket);
  }
}
