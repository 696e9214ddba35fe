/**
 * How much of a bounded resource each holder may have.
 *
 * 1. Each may hold as much as is still free for others: one alone half of it all, n who take and give back by turns one part in n + 1
 *    each. A new holder finds room for half of what is free, and the number of holders need not be known beforehand (Choudhury
 *    and Hahne, Dynamic Queue Length Thresholds for Shared-Memory Packet Switches, 1998). Where it matters less how much is left, `share`
 *    says how many times as much: with 2, one alone may hold two thirds.
 * 2. While there is room at all, each may hold `least`.
 */
export class Allowance {
  readonly #held = new Map<string, number>();
  #total = 0;

  readonly #least: number;
  readonly #share: number;

  constructor(
    /** What all may hold together. */
    readonly most: number,
    { least = 0, share = 1 }: { readonly least?: number; readonly share?: number } = {},
  ) {
    this.#least = least;
    this.#share = share;
  }

  /** What all hold together. */
  get total(): number {
    return this.#total;
  }

  heldBy(holder: string): number {
    return this.#held.get(holder) ?? 0;
  }

  /** Whether it may hold so much more. */
  hasRoom(holder: string, amount: number): boolean {
    const free = this.most - this.#total - amount;
    return free >= 0 && this.heldBy(holder) + amount <= Math.max(this.#least, this.#share * free);
  }

  /** False, and nothing is held, where there is no room. */
  tryHold(holder: string, amount: number): boolean {
    if (!this.hasRoom(holder, amount)) return false;
    this.hold(holder, amount);
    return true;
  }

  /** For what is there already, whether there was room for it or not. */
  hold(holder: string, amount: number): void {
    if (amount === 0) return;
    this.#held.set(holder, this.heldBy(holder) + amount);
    this.#total += amount;
  }

  release(holder: string, amount: number): void {
    const left = this.heldBy(holder) - amount;
    if (left < 0) throw new RangeError(`${holder} does not hold ${amount}`);
    this.#total -= amount;
    if (left === 0) this.#held.delete(holder);
    else this.#held.set(holder, left);
  }
}
