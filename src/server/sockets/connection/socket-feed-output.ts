import type { Problem } from '../../../api/problem.js';
import { closeCodes } from '../../../api/close-codes.js';
import type { FeedOutput } from '../../feeds/outlets/feed-output.js';
import type { SocketConnection } from './socket-connection.js';

/** One subscription’s part of a WebSocket. */
export class SocketFeedOutput implements FeedOutput {
  private hasEnded = false;
  private readonly listeners: (() => void)[] = [];

  constructor(
    private readonly connection: SocketConnection,
    /** What its last message says, beside why. */
    private readonly name: object,
  ) {}

  get isGone(): boolean {
    return this.hasEnded || this.connection.isOver;
  }

  write(pieces: readonly Uint8Array[], onTaken: () => void): void {
    this.connection.output.sendFrames(pieces, onTaken);
  }

  /** Pings tell that a WebSocket is alive. */
  beat(onTaken: () => void): void {
    onTaken();
  }

  fail({ code, detail }: Problem): void {
    this.connection.output.send(JSON.stringify({ ...this.name, type: 'ended', code, detail }), 0);
    this.end();
  }

  /** Tells those who wait for that. */
  end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    for (const listener of this.listeners) listener();
  }

  cut(): void {
    this.connection.cut(closeCodes.tooSlow, 'a subscription was not read');
  }

  onceGone(listener: () => void): void {
    this.listeners.push(listener);
  }
}
