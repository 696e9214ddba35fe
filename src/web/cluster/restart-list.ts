import type { Mark } from '../source/source.js';

/** A writer began. */
export interface Restart {
  readonly shard: number;
  readonly epoch: number;
  readonly position: number;
  readonly at: string;
}

export function restartsIn(marks: readonly Mark[], shard: number): readonly Restart[] {
  return marks.flatMap((mark) =>
    mark.kind === 'restart' ? [{ shard, epoch: mark.epoch, position: mark.position, at: mark.at }] : [],
  );
}

export interface PlacedRestart {
  readonly restart: Restart;
  /** Where it is between the first of them, 0, and now, 1. */
  readonly share: number;
}

/** By time. */
export function placedOn(restarts: readonly Restart[], nowMs: number): readonly PlacedRestart[] {
  const times = restarts.map(({ at }) => Date.parse(at));
  const firstMs = Math.min(...times);
  const lengthMs = Math.max(nowMs, ...times) - firstMs;
  return restarts.map((restart, index) => ({
    restart,
    share: lengthMs === 0 ? 0 : ((times[index] ?? firstMs) - firstMs) / lengthMs,
  }));
}
