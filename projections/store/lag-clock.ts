/**
 * How far a follower is behind, in time: for how long it has not got to where the log was.
 *
 * It remembers one place at a time, how far the log was and when, until that is reached, and then takes the next. So what it tells is exact
 * when a place is reached, and no more than the truth in between.
 */
export class LagClock {
  private place: { readonly position: number; readonly ms: number } | undefined;
  private lastMs = 0;

  /** `head`: how far the log is now, as far as anybody knows. */
  constructor(
    private readonly head: () => number | undefined,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** To be called when the follower has come to a position; returns by how much it is behind. */
  reached(position: number): number {
    const nowMs = this.now();
    if (this.place !== undefined && position < this.place.position) return Math.max(this.lastMs, nowMs - this.place.ms);
    this.lastMs = this.place === undefined ? 0 : nowMs - this.place.ms;
    const head = this.head();
    this.place = head === undefined || head <= position ? undefined : { position: head, ms: nowMs };
    return this.place === undefined ? (this.lastMs = 0) : this.lastMs;
  }
}
