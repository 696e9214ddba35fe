/** A thread that makes one snapshot and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { inTarget } from '../logs/targets.js';
import type { LogSettings } from '../logs/settings.js';
import { DurableLog, HighWatermark } from './durable-log.js';
import { giveWay } from './give-way.js';

export interface SnapshotThreadData {
  readonly settings: LogSettings;
  /** The snapshot is to stand here: all before it is durable. */
  readonly durable: number;
}

if (parentPort !== null) {
  giveWay();
  const { settings, durable } = workerData as SnapshotThreadData; // SnapshotMaker starts it with nothing else
  const position = await inTarget(settings, async (place) => {
    const log = new DurableLog(await place.log(), new HighWatermark(durable));
    return (await place.snapshots()).make(log);
  });
  parentPort.postMessage(position);
}
