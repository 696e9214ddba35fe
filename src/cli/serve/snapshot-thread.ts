/** A thread that makes one snapshot and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { inPlace } from '../log-place/place.js';
import type { LogSettings } from '../log-place/settings.js';
import { DurableLog, DurableMark } from './durable-log.js';
import { giveWay } from './give-way.js';

export interface SnapshotThreadData {
  readonly settings: LogSettings;
  /** The snapshot is to stand here: all before it is durable. */
  readonly durable: number;
}

if (parentPort !== null) {
  giveWay();
  const { settings, durable } = workerData as SnapshotThreadData; // SnapshotMaker starts it with nothing else
  const position = await inPlace(settings, async (place) => {
    const log = new DurableLog(await place.log(), new DurableMark(durable));
    return (await place.snapshots()).make(log);
  });
  parentPort.postMessage(position);
}
