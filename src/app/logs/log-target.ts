import type { LogReport } from '../../../infra/embedded/inspection.js';
import type { SnapshotStore } from '../../exchange/snapshots/snapshots.js';
import type { Logger } from '../../resilience/logger.js';
import type { Evidence, ShardLog } from '../../log/port.js';
import type { DataFolder } from './data-folder.js';
import type { NotJudged } from './evidence.js';
import type { LogSettings } from './settings.js';

/** How a log is opened to be written. */
export interface WriteOptions {
  readonly log?: Logger;
  /** Take it from a process that hangs, by fencing it. The embedded log refuses otherwise; the others always fence. */
  readonly takeOver?: boolean;
}

/** One shard's log, wherever it is kept, and what is made from it. */
export interface LogTarget {
  /** For threads that open the same log. */
  readonly settings: LogSettings;
  /** Where what is made from the log is kept: the query store, and snapshots that have no place beside the log. */
  readonly folder: DataFolder;
  /** For people: where the log is. Never shows a password. */
  describe(): string;
  /** The log, there or not. */
  log(options?: WriteOptions): Promise<ShardLog>;
  /** The log, to be read. NoLogError where nobody has ever written one, LogLostError where one was and all of it is gone. */
  existingLog(): Promise<ShardLog>;
  /**
   * All that is known of the log beside its events; `notJudged` receives what might know more and cannot be read. `isThorough`: also of
   * snapshots whose later parts are damaged. Changes nothing.
   */
  evidence(notJudged?: NotJudged, isThorough?: boolean): Promise<readonly Evidence[]>;
  snapshots(logger?: Logger): Promise<SnapshotStore>;
  /** What the medium itself shows, where it is made of files and frames; undefined elsewhere. Changes nothing. */
  inspect(): Promise<LogReport> | undefined;
  /** Ends the connections to what keeps the log. Logs that it gave out are of no more use. */
  close(): Promise<void>;
}
