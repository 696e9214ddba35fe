import type { FaultKind } from './fault-plan.js';

interface Outage {
  readonly kind: FaultKind;
  readonly shard: number;
  /** The member that cannot have ended it. */
  readonly url: string | undefined;
  readonly beganMs: number;
  endedMs?: number;
}

/** Answers that were on their way when a member died come within this time, and say nothing of its successor. */
const ON_THE_WAY_MS = 50;

/** How long shards were without an answer, as clients see it: from the fault to the first post that is acknowledged by another member. */
export class Outages {
  private readonly all: Outage[] = [];

  begin(kind: FaultKind, shards: readonly number[], url?: string): void {
    const beganMs = performance.now();
    for (const shard of shards) this.all.push({ kind, shard, url, beganMs });
  }

  /** A post of this shard has been acknowledged by the member at `url`. */
  acknowledged(shard: number, url: string): void {
    const nowMs = performance.now();
    for (const outage of this.all) {
      if (outage.shard !== shard || outage.endedMs !== undefined || outage.url === url) continue;
      if (nowMs - outage.beganMs > ON_THE_WAY_MS) outage.endedMs = nowMs;
    }
  }

  /** Whether every shard that a fault struck has answered since. */
  get areOver(): boolean {
    return this.all.every(({ endedMs }) => endedMs !== undefined);
  }

  /** How long each lasted, by kind of fault. */
  durationsMs(): ReadonlyMap<FaultKind, readonly number[]> {
    const found = new Map<FaultKind, number[]>();
    for (const { kind, beganMs, endedMs } of this.all) {
      if (endedMs === undefined) continue;
      const durations = found.get(kind) ?? [];
      durations.push(endedMs - beganMs);
      found.set(kind, durations);
    }
    return found;
  }
}
