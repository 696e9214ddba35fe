import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedLog, type EmbeddedLogOptions } from '../../infra/embedded/embedded-log.js';
import { SnapshotStore } from '../exchange/snapshots.js';
import type { ShardLogger } from '../exchange/logger.js';
import { ExitCode, Failure } from './terminal/exit.js';

const SNAPSHOTS = 'snapshots';
const PROJECTIONS = 'projections';

/**
 * What the folder of `--data` holds: the log itself, and in folders of their own what is made from it and can be thrown away
 * (`snapshots`, `projections`).
 */
export class DataFolder {
  constructor(readonly path: string) {}

  get projections(): string {
    return join(this.path, PROJECTIONS);
  }

  /** The log, there or not. */
  log(options: Omit<EmbeddedLogOptions, 'folder'> = {}): EmbeddedLog {
    return new EmbeddedLog({ ...options, folder: this.path });
  }

  /** The log, to be read. Fails where nobody has ever written one. */
  async existingLog(): Promise<EmbeddedLog> {
    const names = await this.names();
    if (!names.some((name) => name.endsWith('.log'))) {
      throw new Failure(ExitCode.Failure, `there is no log in ${this.path} (--data or PARLEY_DATA names its folder)`);
    }
    return this.log();
  }

  get snapshotFolder(): string {
    return join(this.path, SNAPSHOTS);
  }

  snapshots(logger?: ShardLogger): SnapshotStore {
    return new SnapshotStore(this.snapshotFolder, logger);
  }

  /** Throws away what was made from the log: after a repair it may know of events that are gone. */
  async discardDerived(): Promise<void> {
    for (const name of [SNAPSHOTS, PROJECTIONS]) await rm(join(this.path, name), { recursive: true, force: true });
  }

  /** What is in the folder; nothing where it does not exist. */
  async names(): Promise<readonly string[]> {
    try {
      return await readdir(this.path);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    }
  }
}
