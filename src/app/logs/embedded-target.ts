import type { EmbeddedLog } from '../../../infra/embedded/embedded-log.js';
import type { LogReport } from '../../../infra/embedded/inspection.js';
import type { Logger } from '../../resilience/logger.js';
import type { SnapshotStore } from '../../exchange/snapshots/snapshots.js';
import type { Evidence } from '../../log/port.js';
import { DataFolder } from './data-folder.js';
import { evidenceOf, type NotJudged } from './evidence.js';
import type { LogTarget, WriteOptions } from './log-target.js';
import type { EmbeddedSettings } from './settings.js';

/** A log in a folder of this machine. */
export class EmbeddedTarget implements LogTarget {
  readonly folder: DataFolder;

  constructor(readonly settings: EmbeddedSettings) {
    this.folder = new DataFolder(settings.data, settings.shard, settings.store);
  }

  describe(): string {
    return this.folder.path;
  }

  async log(options: WriteOptions = {}): Promise<EmbeddedLog> {
    return this.folder.log(options);
  }

  existingLog(): Promise<EmbeddedLog> {
    return this.folder.existingLog();
  }

  evidence(notJudged: NotJudged = () => undefined, isThorough = false): Promise<readonly Evidence[]> {
    return evidenceOf(this, notJudged, isThorough);
  }

  async snapshots(logger?: Logger): Promise<SnapshotStore> {
    return this.folder.snapshots(logger);
  }

  inspect(): Promise<LogReport> {
    return this.folder.log().inspect();
  }

  async close(): Promise<void> {
    // Readers of files hold nothing open, and writers are closed by those who opened them.
  }
}
