import { join } from 'node:path';
import type { EmbeddedLog } from '../../../infra/embedded/embedded-log.js';
import type { LogReport } from '../../../infra/embedded/inspection.js';
import type { Logger } from '../../resilience/logger.js';
import type { SnapshotStore } from '../../exchange/snapshots/snapshots.js';
import type { Evidence } from '../../log/port.js';
import { DataFolder } from './data-folder.js';
import { divide, nameOfShard } from './shard-folders.js';
import { evidenceOf, type NotJudged } from './evidence.js';
import type { LogTarget, WriteOptions } from './log-target.js';
import type { EmbeddedSettings } from './settings.js';

/** A log in a folder of this machine. */
export class EmbeddedTarget implements LogTarget {
  readonly folder: DataFolder;

  private constructor(
    readonly settings: EmbeddedSettings,
    name: string | undefined,
  ) {
    const { data, shard, store } = settings;
    const within = (folder: string): string => (name === undefined ? folder : join(folder, name));
    this.folder = new DataFolder(within(data), shard, store === undefined ? undefined : within(store));
  }

  /** Divides the folder where the settings say among how many shards and nobody has begun a log there. Throws LogRefusedError for others. */
  static async of(settings: EmbeddedSettings): Promise<EmbeddedTarget> {
    const { data, shard, shards } = settings;
    if (shards !== undefined) await divide(data, shards);
    return new EmbeddedTarget(settings, await nameOfShard(data, shard));
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
