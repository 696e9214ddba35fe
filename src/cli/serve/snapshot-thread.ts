/** A thread that makes one snapshot and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { EmbeddedLog } from '../../../infra/embedded/embedded-log.js';
import { SnapshotStore } from '../../exchange/snapshots.js';
import { DurableLog, DurableMark } from './durable-log.js';

export interface SnapshotThreadData {
  readonly folder: string;
  readonly shard: number;
  readonly snapshots: string;
  /** The snapshot is to stand here: all before it is durable. */
  readonly durable: number;
}

if (parentPort !== null) {
  const { folder, shard, snapshots, durable } = workerData as SnapshotThreadData; // SnapshotMaker starts it with nothing else
  const log = new DurableLog(new EmbeddedLog({ folder, shard }), new DurableMark(durable));
  parentPort.postMessage(await new SnapshotStore(snapshots).make(log));
}
