/**
 * Signatures that have opened something which goes on: each does so once, for who repeats a request that was signed would come in as
 * somebody else.
 *
 * 1. A signature is kept for as long as its time can be taken; only those that were proved are.
 */
export class UsedSignatures {
  /** When each is forgotten, the oldest first. */
  readonly #until = new Map<string, number>();

  constructor(
    /** How far the time of a signature may be from the clock. */
    private readonly windowMs: number,
    private readonly nowMs: () => number = Date.now,
  ) {}

  /** False where it has been used before. */
  use(signature: Uint8Array): boolean {
    const now = this.nowMs();
    for (const [known, untilMs] of this.#until) {
      if (untilMs > now) break;
      this.#until.delete(known);
    }
    const name = Buffer.from(signature).toString('base64');
    if (this.#until.has(name)) return false;
    this.#until.set(name, now + 2 * this.windowMs);
    return true;
  }
}
