/**
 * The generator of the benchmarks' flow (xorshift32). It is one of its own, beside test/support/random.ts, because every figure that was
 * ever recorded was measured with the commands that it draws.
 */
export class FlowRandom {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0 || 1;
  }

  /** An integer from 0 up to, not including, `bound`. */
  below(bound: number): number {
    let state = this.state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.state = state;
    return (state >>> 0) % bound;
  }

  /** True in `parts` of `of` cases. */
  chance(parts: number, of: number): boolean {
    return this.below(of) < parts;
  }
}
