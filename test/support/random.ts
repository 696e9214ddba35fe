/**
 * Chance, as one seed decides it (xorshift128, seeded by splitmix32): the same seed gives the same draws on every machine. All rigs and
 * stand-ins draw from it; what fast-check draws is its own, and so is the flow of the benchmarks (test/bench/flow/flow-random.ts).
 */
export class Random {
  private readonly state = new Int32Array(4);

  constructor(seed: number) {
    let mixing = seed | 0;
    for (let index = 0; index < 4; index++) {
      mixing = (mixing + 0x9e3779b9) | 0;
      let word = Math.imul(mixing ^ (mixing >>> 16), 0x21f0aaad);
      word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
      this.state[index] = word ^ (word >>> 15);
    }
    if (this.state.every((word) => word === 0)) this.state[0] = 1;
  }

  /** A generator of its own: what is drawn from it moves nothing here but by one draw. */
  split(): Random {
    return new Random(this.word());
  }

  /** An integer from 0 up to, not including, `bound`. */
  below(bound: number): number {
    return (this.word() >>> 0) % bound;
  }

  /** An integer from `least` to `most`. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** From 0 up to, not including, 1. */
  fraction(): number {
    return (this.word() >>> 0) / 0x1_0000_0000;
  }

  /** True with this probability, or in `parts` of `of` cases. */
  chance(parts: number, of = 1): boolean {
    return this.fraction() * of < parts;
  }

  /** Waiting times with this mean, as of things that happen at any moment alike. */
  around(mean: number): number {
    return Math.ceil(-Math.log(1 - this.fraction()) * mean);
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item; // callers give at least one
  }

  /** A name, as often as its weight says. */
  weighted<Name extends string>(weights: Readonly<Record<Name, number>>): Name {
    const names = Object.keys(weights) as Name[]; // the record's own keys
    let left = this.fraction() * names.reduce((sum, name) => sum + weights[name], 0);
    for (const name of names) {
      left -= weights[name];
      if (left < 0) return name;
    }
    return this.pick(names);
  }

  private word(): number {
    const { state } = this;
    let word = state[3] as number; // four words
    state[3] = state[2] as number;
    state[2] = state[1] as number;
    const first = state[0] as number;
    state[1] = first;
    word ^= word << 11;
    word ^= word >>> 8;
    return (state[0] = word ^ first ^ (first >>> 19));
  }
}
