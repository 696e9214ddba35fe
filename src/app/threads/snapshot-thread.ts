/** A thread that makes one snapshot and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { inTarget } from '../logs/targets.js';
import type { LogSettings } from '../logs/settings.js';
import { DurableLog, HighWatermark } from './durable-log.js';
import { giveWay } from './give-way.js';
import type { SnapshotCost } from './snapshot-pace.js';

export interface SnapshotThreadData {
  readonly settings: LogSettings;
  /** The snapshot is to stand here: all before it is durable. */
  readonly durable: number;
}

export interface MadeSnapshot {
  readonly position: number;
  readonly cost: SnapshotCost;
}

if (parentPort !== null) {
  giveWay();
  const { settings, durable } = workerData as SnapshotThreadData; // SnapshotMaker starts it with nothing else
  const startedMs = performance.now();
  let replayed = { events: 0, replayMs: 0 };
  const position = await inTarget(settings, async (place) => {
    const log = new DurableLog(await place.log(), new HighWatermark(durable));
    return (await place.snapshots()).make(log, (events, replayMs) => (replayed = { events, replayMs }));
  });
  const made: MadeSnapshot = { position, cost: { ...replayed, ms: performance.now() - startedMs } };
  parentPort.postMessage(made);
}
