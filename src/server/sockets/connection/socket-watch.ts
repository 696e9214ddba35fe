/**
 * Looks at all WebSockets once a second, and closes those that should not stay as they are.
 *
 * 1. Who has shown no key within ten seconds, has left a ping unanswered for as long as a connection may be silent, has not finished a
 *    message in time, or takes nothing of what it is sent, is told so with a code and cut.
 * 2. A ping is not held against a connection that the server itself does not read.
 */
import type { WebSocket } from 'ws';
import { closeCodes } from '../../../api/close-codes.js';
import type { SocketConnection } from './socket-connection.js';
import type { SocketTimes } from './socket-times.js';

/** Pings and pongs that a second may bring. */
export const MOST_PINGS = 100;
const LOOK_MS = 1_000;

interface Watched {
  readonly connection: SocketConnection;
  readonly openedMs: number;
  /** When it was asked whether anybody is there. */
  askedMs: number;
  isAsked: boolean;
  /** Since the last look. */
  pings: number;
  /** Since when a message is under way; undefined where none is. */
  unfinishedSinceMs: number | undefined;
  unfinished: number;
}

export class SocketWatch {
  private readonly watched = new Set<Watched>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly times: SocketTimes) {}

  /** Until the function that it returns is called. */
  watch(connection: SocketConnection): () => void {
    const nowMs = performance.now();
    const one: Watched = {
      ...{ connection, openedMs: nowMs, askedMs: nowMs, isAsked: false, pings: 0 },
      ...{ unfinishedSinceMs: undefined, unfinished: 0 },
    };
    this.watched.add(one);
    this.timer ??= setInterval(() => this.look(), LOOK_MS).unref();
    connection.ws.on('pong', () => {
      one.isAsked = false;
      this.count(one);
    });
    connection.ws.on('ping', () => this.count(one));
    return () => {
      this.watched.delete(one);
      if (this.watched.size > 0) return;
      clearInterval(this.timer);
      this.timer = undefined;
    };
  }

  private count(one: Watched): void {
    if (++one.pings > MOST_PINGS) one.connection.cut(closeCodes.tooFast, 'there are too many pings');
  }

  private look(): void {
    const nowMs = performance.now();
    for (const one of this.watched) this.lookAt(one, nowMs);
  }

  private lookAt(one: Watched, nowMs: number): void {
    const { connection } = one;
    const { stallMs, messageMs, authenticateMs, heartbeatMs } = this.times;
    one.pings = 0;
    this.noteUnfinished(one, nowMs);
    if (connection.ws.isPaused) one.askedMs = nowMs;
    if (nowMs - (connection.output.standingSinceMs ?? nowMs) >= stallMs) {
      connection.cut(closeCodes.tooSlow, 'what was sent was not read');
    } else if (connection.caller === undefined && nowMs - one.openedMs >= authenticateMs) {
      connection.cut(closeCodes.unauthenticated, 'no key was shown in time');
    } else if (nowMs - (one.unfinishedSinceMs ?? nowMs) >= messageMs) {
      connection.cut(closeCodes.policyViolation, 'a message did not come whole in time');
    } else if (nowMs - one.askedMs >= heartbeatMs) {
      this.ask(one, nowMs);
    }
  }

  /** The first ping that is not answered in time is the last. */
  private ask(one: Watched, nowMs: number): void {
    const { connection } = one;
    if (one.isAsked) {
      if (nowMs - one.askedMs >= this.times.idleMs) connection.cut(closeCodes.tooSlow, 'a ping was not answered');
      return;
    }
    one.isAsked = true;
    one.askedMs = nowMs;
    if (connection.ws.readyState === connection.ws.OPEN) connection.ws.ping();
  }

  private noteUnfinished(one: Watched, nowMs: number): void {
    const bytes = unfinishedBytes(one.connection.ws);
    const isSame = one.unfinishedSinceMs !== undefined && bytes >= one.unfinished;
    one.unfinished = bytes;
    if (bytes === 0) one.unfinishedSinceMs = undefined;
    else if (!isSame) one.unfinishedSinceMs = nowMs;
  }
}

/** What has come of a message that is not whole. The receiver of ws has no name for it that its types know. */
function unfinishedBytes(ws: WebSocket): number {
  const { _receiver: receiver } = ws as unknown as {
    readonly _receiver?: { readonly _bufferedBytes?: number; readonly _totalPayloadLength?: number };
  };
  return Math.max(receiver?._bufferedBytes ?? 0, receiver?._totalPayloadLength ?? 0);
}
