import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The folder of a shard's snapshots: all that their store asks of a file system. */
export interface SnapshotFiles {
  /** The names of all files; none where there is no folder yet. */
  list(): Promise<readonly string[]>;
  read(name: string): Promise<Buffer>;
  /** Makes a file of these parts: durable before it bears its name, and whole once it does. */
  write(name: string, parts: readonly Uint8Array[]): Promise<void>;
  /** Does nothing where there is no such file. */
  remove(name: string): Promise<void>;
}

export function nodeSnapshotFiles(folder: string): SnapshotFiles {
  return {
    list: () => readdir(folder).catch(() => []),
    read: (name) => readFile(join(folder, name)),
    write: async (name, parts) => {
      await mkdir(folder, { recursive: true });
      const path = join(folder, name);
      const file = await open(`${path}.tmp`, 'w');
      try {
        await file.writev(parts);
        await file.datasync();
      } finally {
        await file.close();
      }
      await rename(`${path}.tmp`, path);
    },
    remove: (name) => rm(join(folder, name), { force: true }),
  };
}
