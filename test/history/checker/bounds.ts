/**
 * Real-time order as bounds on positions: what was answered before something was asked stands before it.
 */
export interface Placed {
  readonly beganMs: number;
  /** Infinity for what was never answered. */
  readonly endedMs: number;
  /** Where it stands. */
  readonly position: number;
  /** A request that begins after it was answered sees all events before this position. */
  readonly seenUpTo: number;
}

export class Bounds {
  private readonly ends: readonly Placed[];
  private readonly seen: readonly number[];
  private readonly begins: readonly Placed[];
  private readonly lowest: readonly number[];

  constructor(placed: readonly Placed[]) {
    this.ends = placed.filter(({ endedMs }) => endedMs < Infinity).sort((one, other) => one.endedMs - other.endedMs);
    let most = 0;
    this.seen = this.ends.map(({ seenUpTo }) => (most = Math.max(most, seenUpTo)));
    this.begins = [...placed].sort((one, other) => other.beganMs - one.beganMs);
    let least = Infinity;
    this.lowest = this.begins.map(({ position }) => (least = Math.min(least, position)));
  }

  /** Who asks at this time must see all events before this position. */
  floor(askedMs: number): number {
    const count = countWhile(this.ends, ({ endedMs }) => endedMs < askedMs);
    return this.seen[count - 1] ?? 0;
  }

  /** What was answered at this time cannot hold the event at this position; Infinity where nothing was asked later. */
  ceiling(answeredMs: number): number {
    const count = countWhile(this.begins, ({ beganMs }) => beganMs > answeredMs);
    return this.lowest[count - 1] ?? Infinity;
  }
}

/** How many at the beginning of a list satisfy what is true of a beginning only. */
function countWhile<Value>(values: readonly Value[], isSo: (value: Value) => boolean): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const value = values[middle];
    if (value !== undefined && isSo(value)) low = middle + 1;
    else high = middle;
  }
  return low;
}
