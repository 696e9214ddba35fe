/**
 * What streams of posts have in hand: the bytes that they hold in memory, read and not yet posted, or posted and not yet answered; and the
 * lines that they have posted and that are not durable yet.
 *
 * 1. A key whose streams hold more bytes than it may reads no more on any of them, until they hold half as much. What was read already
 *    is still posted, so what is held may go over the bound by what was under way.
 * 2. Lines that are not durable are what everybody’s next commit waits for, so there are few of them, and streams of a key that has as
 *    many as it may post on in the order in which they came to wait.
 */
import { Allowance } from './allowance.js';

/** A stream, as the budget sees it. */
export interface BudgetedStream {
  readonly key: string;
  /** Its key holds as many bytes as it may: it reads no more. */
  stopReading(): void;
  /** It may read. */
  goOn(): void;
  /** It has the lines that it waited for. */
  linesTaken(): void;
  /** Otherwise lines are not kept for it: it asks again. */
  readonly canPost: boolean;
}

/** Whatever others hold, a key may hold so much while there is room at all. */
const LEAST_BYTES = 262_144;
const LEAST_LINES = 128;
/** Reading goes on when so much of what made it stop has left. */
const GO_ON_AT = 0.5;

export class StreamBudget {
  readonly #bytes: Allowance;
  readonly #lines: Allowance;
  readonly #streams = new Map<string, Set<BudgetedStream>>();
  /** What each key held when it held as much as it may. */
  readonly #spentAt = new Map<string, number>();
  /** The streams of each key that wait for lines, in the order in which they came, and for how many. */
  readonly #waiting = new Map<string, Map<BudgetedStream, number>>();

  constructor({ bytes, lines }: { readonly bytes: number; readonly lines: number }) {
    this.#bytes = new Allowance(bytes, { least: LEAST_BYTES });
    this.#lines = new Allowance(lines, { least: LEAST_LINES });
  }

  /** What all streams hold. */
  get bytes(): number {
    return this.#bytes.total;
  }

  /** Posted, and not durable yet. */
  get lines(): number {
    return this.#lines.total;
  }

  /** The function that it returns ends it. */
  join(stream: BudgetedStream): () => void {
    const { key } = stream;
    const streams = this.#streams.get(key) ?? new Set();
    this.#streams.set(key, streams.add(stream));
    return () => {
      this.#stopWaiting(stream);
      streams.delete(stream);
      if (streams.size === 0) this.#streams.delete(key);
    };
  }

  isSpent(key: string): boolean {
    return this.#spentAt.has(key);
  }

  hold(key: string, bytes: number): void {
    const hasRoom = this.#bytes.hasRoom(key, bytes);
    this.#bytes.hold(key, bytes);
    if (hasRoom || this.isSpent(key)) return;
    this.#spentAt.set(key, this.#bytes.heldBy(key));
    for (const stream of this.#streams.get(key) ?? []) stream.stopReading();
  }

  release(key: string, bytes: number): void {
    this.#bytes.release(key, bytes);
    for (const [spent, atBytes] of this.#spentAt) {
      if (this.#bytes.heldBy(spent) > GO_ON_AT * atBytes) continue;
      this.#spentAt.delete(spent);
      for (const stream of this.#streams.get(spent) ?? []) stream.goOn();
    }
  }

  /** False where it must wait: `linesTaken` is called once it holds them. */
  takeLines(stream: BudgetedStream, lines: number): boolean {
    const { key } = stream;
    const waiting = this.#waiting.get(key);
    if (waiting === undefined && this.#lines.tryHold(key, lines)) return true;
    this.#waiting.set(key, (waiting ?? new Map<BudgetedStream, number>()).set(stream, lines));
    return false;
  }

  /** For lines that are posted whether there was room for them or not. */
  holdLines(key: string, lines: number): void {
    this.#lines.hold(key, lines);
  }

  releaseLines(key: string, lines: number): void {
    if (lines > 0) this.#lines.release(key, lines);
    for (const waiting of this.#waiting.values()) {
      for (const [stream, wanted] of waiting) {
        if (stream.canPost && !this.#lines.tryHold(stream.key, wanted)) break;
        this.#stopWaiting(stream);
        if (stream.canPost) stream.linesTaken();
      }
    }
  }

  #stopWaiting(stream: BudgetedStream): void {
    const waiting = this.#waiting.get(stream.key);
    waiting?.delete(stream);
    if (waiting?.size === 0) this.#waiting.delete(stream.key);
  }
}
