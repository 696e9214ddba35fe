/**
 * How many connections there are, and whose they are: of the address that they come from, until a request shows a key, and from then on
 * of that key.
 *
 * 1. Each address and each key may hold twice as many as are still free for others (Allowance).
 * 2. Beyond the bound a few are let in for one request each, which may ask for the server’s health and nothing else.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { problem } from '../../api/problem.js';
import { lastResponse } from '../problem-details.js';
import { Allowance } from './allowance.js';
import type { Worker } from './request-turns.js';

interface Held {
  holder: string;
  /** Beyond the bound. */
  readonly isSpare: boolean;
}

/** Beyond the bound, for health. */
const SPARE = 32;
/** How long one of those may take to ask. */
const SPARE_MS = 2_000;
/** Where there is room at all, an address or a key may have so many. */
const LEAST = 16;

export class Connections {
  readonly #allowance: Allowance;
  readonly #held = new WeakMap<Socket, Held>();
  #spare = 0;
  #refused = 0;

  constructor(most: number) {
    this.#allowance = new Allowance(most, { least: LEAST, share: 2 });
  }

  get open(): number {
    return this.#allowance.total + this.#spare;
  }

  /** Connections that were turned away. */
  get refused(): number {
    return this.#refused;
  }

  watch(server: Server): void {
    server.on('connection', (socket) => this.#accept(socket));
  }

  /** Counts a connection on the key that was shown on it. False where the key has too many. */
  claim(socket: Socket, key: string): boolean {
    const held = this.#held.get(socket);
    if (held === undefined || held.holder === key) return true;
    if (held.isSpare) return false;
    this.#allowance.release(held.holder, 1);
    const hasRoom = this.#allowance.tryHold(key, 1);
    if (hasRoom) held.holder = key;
    else this.#allowance.hold(held.holder, 1);
    return hasRoom;
  }

  #accept(socket: Socket): void {
    const { id: holder } = strangerAt(socket);
    const isSpare = !this.#allowance.tryHold(holder, 1);
    if (isSpare && this.#spare >= SPARE) {
      this.#refused++;
      turnAway(socket);
      return;
    }
    const held: Held = { holder, isSpare };
    this.#held.set(socket, held);
    if (isSpare) this.#spare++;
    const timer = isSpare ? setTimeout(() => socket.destroy(), SPARE_MS) : undefined;
    socket.once('close', () => {
      clearTimeout(timer);
      if (isSpare) this.#spare--;
      else this.#allowance.release(held.holder, 1);
    });
  }
}

/** Whose turn it is when somebody has shown no key. */
export function strangerAt(socket: Socket): Worker {
  return { id: `address ${socket.remoteAddress ?? ''}`, weight: 1 };
}

const tooMany = problem('UNAVAILABLE', 'there are too many connections; try again shortly');
const refusal = lastResponse(tooMany, ['Retry-After: 1']);

function turnAway(socket: Socket): void {
  socket.on('error', () => undefined);
  socket.write(refusal);
  socket.destroySoon();
}
