import { readCheckpoint } from '../../../projections/store/database/stored-checkpoint.js';
import type { SnapshotStore } from '../../exchange/snapshots/snapshots.js';
import type { Evidence, ShardLog } from '../../log/port.js';
import type { Logger } from '../../resilience/logger.js';
import { messageOf } from '../../log/message-of.js';
import type { DataFolder } from './data-folder.js';

/** Receives what might know of the log and cannot be read or used, and why. */
export type NotJudged = (what: string) => void;

/** Where snapshots and query stores of a shard are. */
export interface Derived {
  readonly folder: DataFolder;
  snapshots(): Promise<SnapshotStore>;
}

/**
 * All that is known of a shard's log beside its events: by its medium, by snapshots, by query stores. `isThorough`: snapshots are read as
 * wholes to see whether they are of use. Changes and locks nothing.
 */
export async function evidenceOf(
  target: Derived & { log(): Promise<ShardLog> },
  notJudged: NotJudged,
  isThorough: boolean,
): Promise<readonly Evidence[]> {
  const log = await target.log();
  return [...((await log.evidence?.()) ?? []), ...(await evidenceOfDerived(target, notJudged, isThorough))];
}

/** The same without what its medium knows: that checks for itself when the log is opened. */
export async function evidenceOfDerived(
  target: Derived,
  notJudged: NotJudged,
  isThorough = false,
): Promise<readonly Evidence[]> {
  return [...(await ofSnapshots(target, notJudged, isThorough)), ...(await ofStores(target.folder, notJudged))];
}

async function ofSnapshots(target: Derived, notJudged: NotJudged, isThorough: boolean): Promise<readonly Evidence[]> {
  const tell = (name: string, why: string): void => notJudged(`the snapshot ${name}: ${why}`);
  try {
    const seen = await (await target.snapshots()).seen(tell, isThorough);
    return seen.map(({ name, position, digest }) => ({ source: name, position, digest }));
  } catch (error) {
    notJudged(`the snapshots: ${messageOf(error)}`);
    return [];
  }
}

async function ofStores(folder: DataFolder, notJudged: NotJudged): Promise<readonly Evidence[]> {
  const evidence: Evidence[] = [];
  for (const { name, file } of await folder.queryStores()) {
    try {
      const { position, sealDigest } = readCheckpoint(file);
      if (position > 0) evidence.push({ source: name, position, digest: sealDigest });
    } catch (error) {
      notJudged(`the query store ${name}: ${messageOf(error)}`);
    }
  }
  return evidence;
}

/** The same for one who opens a shard and logs; what cannot be read is a warning. */
export function loggedEvidence(target: Derived, shard: number, logger: Logger): Promise<readonly Evidence[]> {
  return evidenceOfDerived(target, (what) => {
    logger.warn({ shard, what }, 'the log could not be compared with something that is kept beside it');
  });
}
