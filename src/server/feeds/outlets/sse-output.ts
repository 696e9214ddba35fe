import type { ServerResponse } from 'node:http';
import type { Problem } from '../../../api/problem.js';
import { problemJson } from '../../problem-details.js';
import type { FeedOutput } from './feed-output.js';

const ALIVE = ': alive\n\n';

/** A response that is server-sent events. Its head is written by who made it. */
export class SseOutput implements FeedOutput {
  constructor(private readonly response: ServerResponse) {
    // A connection that breaks says so by closing; there is nobody left to tell.
    response.on('error', () => undefined);
  }

  get isGone(): boolean {
    return this.response.destroyed;
  }

  write(pieces: readonly Uint8Array[], onTaken: () => void): void {
    this.atOnce(() => {
      for (const bytes of pieces.slice(0, -1)) this.response.write(bytes);
      this.response.write(pieces.at(-1) ?? '', onTaken);
    });
  }

  beat(onTaken: () => void): void {
    this.atOnce(() => this.response.write(ALIVE, onTaken));
  }

  /** Problem details, without an id, so that the reader keeps its place. It is cut then: one that does not know the event knows that it must reconnect. */
  fail(why: Problem): void {
    const { response } = this;
    this.atOnce(() => response.write(`event: error\ndata: ${problemJson(why)}\n\n`, () => response.destroy()));
  }

  end(): void {
    this.response.end();
  }

  cut(): void {
    this.response.destroy();
  }

  onceGone(listener: () => void): void {
    this.response.once('close', listener);
  }

  /** All in one call of the system, and at once, so that its time can be measured. */
  private atOnce(write: () => void): void {
    const { socket } = this.response;
    socket?.cork();
    write();
    socket?.uncork();
  }
}
