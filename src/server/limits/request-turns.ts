/**
 * Whose work the exchange's thread does next.
 *
 * 1. Work comes in small pieces, each done without a pause. After a few milliseconds of them, everything else on the thread (sockets,
 *    commits, health) has its turn.
 * 2. Where several wait, each gets the same share of the time, times its weight, however much it has waiting (deficit round robin;
 *    Shreedhar and Varghese, 1995). What a piece took is measured, and counts at least what the thread does for it elsewhere.
 * 3. The work of one is done in the order in which it came.
 *
 * Queries take turns by another rule, in a thread of their own: projections/store/desk/query-turns.ts says why.
 */
import type { KeyInUse } from '../doors/access.js';
import { Allowance } from './allowance.js';

/** Who waits: a key, or an address that has shown none. */
export type Worker = Pick<KeyInUse, 'id' | 'weight'>;

export interface RequestTurnsOptions {
  /** How many pieces of work may wait. */
  readonly mostWaiting: number;
  readonly nowMs?: () => number;
  /** Calls back once everything else has had its turn. */
  readonly afterOthers?: (work: () => void) => void;
}

/** What a request costs the thread beside what is measured in its turn: about what a post takes. */
export const REQUEST_COST_MS = 0.1;

/** How long the thread is kept before everything else has its turn. */
const SLICE_MS = 2;
/** What one gets before the next has its turn, and its weight is 1. */
const QUANTUM_MS = 0.5;
/** However few wait, each may have so much waiting. */
const LEAST_WAITING = 64;

interface Piece {
  readonly costMs: number;
  readonly work: () => void;
}

/** What waits of one worker. */
interface Lane {
  readonly worker: Worker;
  readonly pieces: Piece[];
  /** Those before it are done. */
  next: number;
  creditMs: number;
}

export class RequestTurns {
  readonly #nowMs: () => number;
  readonly #afterOthers: (work: () => void) => void;
  readonly #waiting: Allowance;
  readonly #lanes = new Map<string, Lane>();
  /** The lanes that have something waiting, in the order of their turns. */
  #ring: Lane[] = [];
  #spentMs = 0;
  #isScheduled = false;
  #isWorking = false;

  constructor({ mostWaiting, nowMs, afterOthers }: RequestTurnsOptions) {
    this.#nowMs = nowMs ?? (() => performance.now());
    this.#afterOthers = afterOthers ?? setImmediate;
    this.#waiting = new Allowance(mostWaiting, { least: LEAST_WAITING });
  }

  /** Pieces of work that wait. */
  get waiting(): number {
    return this.#waiting.total;
  }

  /** Whether more of its work may wait: for those who can refuse what they have not begun. */
  hasRoom(worker: Worker): boolean {
    return this.#waiting.hasRoom(worker.id, 1);
  }

  /** Does the work at once where nobody waits and there is time, and otherwise in its turn. `costMs`: what it costs the thread at least. */
  take(worker: Worker, costMs: number, work: () => void): void {
    this.#schedule();
    if (this.#ring.length === 0 && !this.#isWorking && this.#spentMs < SLICE_MS) {
      this.#spentMs += this.#do({ costMs, work });
      return;
    }
    this.#waiting.hold(worker.id, 1);
    this.#laneOf(worker).pieces.push({ costMs, work });
  }

  #laneOf(worker: Worker): Lane {
    const known = this.#lanes.get(worker.id);
    if (known !== undefined) return known;
    const lane: Lane = { worker, pieces: [], next: 0, creditMs: 0 };
    this.#lanes.set(worker.id, lane);
    this.#ring.push(lane);
    return lane;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#afterOthers(() => this.#slice());
  }

  #slice(): void {
    this.#isScheduled = false;
    this.#spentMs = 0;
    while (this.#spentMs < SLICE_MS) {
      const lane = this.#ring.shift();
      if (lane === undefined) break;
      this.#workOn(lane);
    }
    if (this.#ring.length > 0 || this.#spentMs > 0) this.#schedule();
  }

  /** One lane's turn, or as much of it as there is time for: it goes on with the rest of it then. */
  #workOn(lane: Lane): void {
    if (lane.creditMs <= 0) lane.creditMs += QUANTUM_MS * lane.worker.weight;
    while (lane.creditMs > 0 && this.#spentMs < SLICE_MS) {
      const piece = lane.pieces[lane.next++];
      if (piece === undefined) break;
      this.#waiting.release(lane.worker.id, 1);
      const tookMs = this.#do(piece);
      lane.creditMs -= tookMs;
      this.#spentMs += tookMs;
    }
    if (lane.next >= lane.pieces.length) this.#lanes.delete(lane.worker.id);
    else if (lane.creditMs > 0) this.#ring.unshift(lane);
    else this.#ring.push(lane);
    if (lane.next <= lane.pieces.length / 2) return;
    lane.pieces.splice(0, lane.next);
    lane.next = 0;
  }

  /** What it took of the thread, in milliseconds. */
  #do({ costMs, work }: Piece): number {
    const startMs = this.#nowMs();
    this.#isWorking = true;
    try {
      work();
    } finally {
      this.#isWorking = false;
    }
    return Math.max(costMs, this.#nowMs() - startMs);
  }
}
