/**
 * The bytes that streams of posts hold in memory: what was read and not yet posted, and what was posted and whose answer has not left.
 *
 * 1. A key whose streams hold more than it may reads no more on any of them, until they hold half as much. What was read already is
 *    still posted, so what is held may go over the bound by what was under way.
 */
import { Allowance } from './allowance.js';

/** A stream, as the budget sees it. */
export interface BudgetedStream {
  /** Its key has used up what it may hold: it reads no more. */
  budgetSpent(): void;
  /** It may go on. */
  budgetFreed(): void;
}

/** Whatever others hold, a key may hold so much while there is room at all. */
const LEAST_BYTES = 262_144;
/** Reading goes on when so much of what made it stop has left. */
const GO_ON_AT = 0.5;

export class StreamBudget {
  readonly #allowance: Allowance;
  readonly #streams = new Map<string, Set<BudgetedStream>>();
  /** What each key held when it had used up what it may. */
  readonly #spentAt = new Map<string, number>();

  constructor(mostBytes: number) {
    this.#allowance = new Allowance(mostBytes, LEAST_BYTES);
  }

  /** What all streams hold. */
  get bytes(): number {
    return this.#allowance.total;
  }

  /** The function that it returns ends it. */
  join(key: string, stream: BudgetedStream): () => void {
    const streams = this.#streams.get(key) ?? new Set();
    this.#streams.set(key, streams.add(stream));
    return () => {
      streams.delete(stream);
      if (streams.size === 0) this.#streams.delete(key);
    };
  }

  isSpent(key: string): boolean {
    return this.#spentAt.has(key);
  }

  hold(key: string, bytes: number): void {
    const hasRoom = this.#allowance.hasRoom(key, bytes);
    this.#allowance.hold(key, bytes);
    if (hasRoom || this.isSpent(key)) return;
    this.#spentAt.set(key, this.#allowance.heldBy(key));
    for (const stream of this.#streams.get(key) ?? []) stream.budgetSpent();
  }

  release(key: string, bytes: number): void {
    this.#allowance.release(key, bytes);
    for (const [spent, atBytes] of this.#spentAt) {
      if (this.#allowance.heldBy(spent) > GO_ON_AT * atBytes) continue;
      this.#spentAt.delete(spent);
      for (const stream of this.#streams.get(spent) ?? []) stream.budgetFreed();
    }
  }
}
