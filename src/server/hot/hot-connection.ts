/**
 * A connection for as long as what comes on it are plain posts.
 *
 * 1. Answers go out in the order of their requests. Those that come in one round of the event loop go out in one write.
 * 2. At the first request that is not plain, or that the gate would not let in at once, the connection is Node’s, with every byte from that
 *    request on, as soon as those before it are answered. It never comes back.
 * 3. A request that is not whole with its second piece is not plain, so no more is kept than one may have.
 * 4. As on Node’s connections, no more than MOST_AHEAD requests wait for those before them, nothing is read while answers are not taken, and
 *    who says that it sends no more gets no more.
 */
import type { Socket } from 'node:net';
import { MOST_AHEAD } from '../limits/http-server.js';
import { REQUEST_COST_MS, type RequestTurns } from '../limits/request-turns.js';
import type { Admitted, HotPosts } from './hot-posts.js';
import { type PlainRequest, PlainRequests } from './plain-request.js';

export interface HotConnectionOptions {
  readonly posts: Pick<HotPosts, 'callerOf' | 'admit' | 'post'>;
  readonly turns: Pick<RequestTurns, 'take'>;
  /** Takes over the socket, on which what was not read here has been put back. */
  readonly leave: (socket: Socket) => void;
  /** Answers that the last request is one too far ahead, and closes. */
  readonly endTooFar: (socket: Socket) => void;
  /** Answers that the last request broke off, and closes. */
  readonly endBroken: (socket: Socket) => void;
}

/** An answer, in the place of its request; undefined while there is none. */
interface Slot {
  text: string | undefined;
  /** The connection ends with it. */
  isLast: boolean;
}

const NOTHING = Buffer.alloc(0);

export class HotConnection {
  readonly #requests = new PlainRequests();
  /** Under way, in order. */
  #slots: Slot[] = [];
  /** What has come and is not a whole request. */
  #unread: Buffer = NOTHING;
  #isFlushing = false;
  /** What is to be done once nothing is under way. */
  #then: (() => void) | undefined;
  /** When something was read or written last. */
  movedMs = performance.now();

  constructor(
    readonly socket: Socket,
    private readonly options: HotConnectionOptions,
  ) {
    socket.on('data', this.#take).on('drain', this.#drained).on('end', this.#ended).on('error', ignore);
  }

  /** Whether no request is under way, nor begun. */
  get isIdle(): boolean {
    return this.#slots.length === 0 && this.#unread.length === 0;
  }

  get isAnswering(): boolean {
    return this.#slots.length > 0;
  }

  readonly #take = (chunk: Buffer): void => {
    this.movedMs = performance.now();
    const isSecond = this.#unread.length > 0;
    this.#unread = this.#takeAll(isSecond ? Buffer.concat([this.#unread, chunk]) : chunk, isSecond);
  };

  /** Returns the beginning of a request that is not whole. */
  #takeAll(bytes: Buffer, isSecond: boolean): Buffer {
    let left = bytes;
    while (left.length > 0 && this.#then === undefined) {
      const request = this.#requests.read(left);
      if (this.#mayBecomeWhole(request) && !(isSecond && left === bytes)) return left;
      if (typeof request === 'object' && this.#begin(request)) left = left.subarray(request.bytes);
      else this.#leaveWith(left);
    }
    return NOTHING;
  }

  /** Who is not let in is told before the body has come. */
  #mayBecomeWhole(request: PlainRequest | 'partial' | 'other'): boolean {
    if (typeof request !== 'object') return request === 'partial';
    return request.body === undefined && this.options.posts.callerOf(request.head) !== undefined;
  }

  #leaveWith(unread: Buffer): void {
    this.#end(() => this.handOver(unread));
  }

  /** False where it is not for the hot route. */
  #begin({ head, body }: PlainRequest): boolean {
    if (body === undefined) return false;
    const { posts, turns, endTooFar } = this.options;
    if (this.#slots.length > MOST_AHEAD) {
      this.#end(() => endTooFar(this.socket));
      return true;
    }
    const admitted = posts.admit(this.socket, head);
    if (admitted === undefined) return false;
    const slot: Slot = { text: undefined, isLast: false };
    this.#slots.push(slot);
    turns.take(admitted.caller.key, REQUEST_COST_MS, () => this.#post(admitted, body, slot));
    return true;
  }

  #post(admitted: Admitted, body: string, slot: Slot): void {
    if (this.socket.destroyed) return; // as one whose body broke off
    this.options.posts.post(admitted, body, (text, isLast) => {
      slot.text = text;
      slot.isLast = isLast;
      if (this.#slots.length === 1) this.#flush();
      else this.#flushSoon();
    });
  }

  #flushSoon(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    process.nextTick(() => {
      this.#isFlushing = false;
      this.#flush();
    });
  }

  /** Writes what is answered, as far as it is in order. */
  #flush(): void {
    const { socket } = this;
    const slots = this.#slots;
    if (!socket.writable) return;
    let text = '';
    let answered = 0;
    let isLast = false;
    for (let slot = slots[0]; slot?.text !== undefined && !isLast; slot = slots[++answered]) {
      text += slot.text;
      ({ isLast } = slot);
    }
    if (answered === 0) return;
    this.#slots = answered === slots.length ? [] : slots.slice(answered);
    this.movedMs = performance.now();
    if (!socket.write(text)) socket.pause();
    if (isLast) socket.destroySoon();
    else if (this.#slots.length === 0) this.#then?.();
  }

  /** Reads no more; `then` once all is answered. */
  #end(then: () => void): void {
    this.#then = then;
    this.socket.pause();
    if (this.#slots.length === 0) then();
  }

  /** To Node, with what it has to read. */
  handOver(unread: Buffer = this.#unread): void {
    const { socket } = this;
    socket.off('data', this.#take).off('drain', this.#drained).off('end', this.#ended).off('error', ignore);
    socket.pause();
    if (unread.length > 0) socket.unshift(unread);
    this.options.leave(socket);
    socket.resume();
  }

  readonly #drained = (): void => {
    if (this.#then === undefined) this.socket.resume();
  };

  readonly #ended = (): void => {
    if (this.#unread.length > 0) this.options.endBroken(this.socket);
    else this.socket.end();
  };
}

function ignore(): void {
  // A connection that breaks says so by closing; there is nobody left to tell.
}
