/**
 * How long shards were without an answer, as clients see it: the longest time between two acknowledged posts of a shard, from a fault
 * that strikes it until the next one.
 */
interface Window {
  readonly kind: string;
  readonly shard: number;
  longestMs: number;
  /** It has answered since all was mended. */
  isOver: boolean;
}

export class Silences {
  private readonly latest = new Map<number, number>();
  private readonly closed: Window[] = [];
  private open: Window[] = [];
  private isMended = true;

  /** `nowMs` is a clock that never goes back. */
  constructor(private readonly nowMs: () => number) {}

  /** A fault of this kind strikes these shards. What the one before struck is looked at no longer. */
  begin(kind: string, shards: readonly number[]): void {
    this.closed.push(...this.open);
    this.open = shards.map((shard) => ({ kind, shard, longestMs: 0, isOver: false }));
    this.isMended = false;
  }

  /** The fault is over. */
  mended(): void {
    this.isMended = true;
  }

  /** A post of this shard has been acknowledged. */
  acknowledged(shard: number): void {
    const now = this.nowMs();
    const latest = this.latest.get(shard);
    this.latest.set(shard, now);
    const window = this.open.find((each) => each.shard === shard);
    if (window === undefined) return;
    window.longestMs = Math.max(window.longestMs, now - (latest ?? now));
    window.isOver ||= this.isMended;
  }

  /** Whether every shard that the last fault struck has answered since it was mended. */
  get areOver(): boolean {
    return this.open.every(({ isOver }) => isOver);
  }

  /** Kind of fault and length, one for each shard that it struck. */
  lengthsMs(): readonly (readonly [kind: string, ms: number])[] {
    return [...this.closed, ...this.open].map(({ kind, longestMs }) => [kind, longestMs] as const);
  }
}
