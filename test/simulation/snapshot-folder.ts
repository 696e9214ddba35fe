import { writeAll, type LogFiles } from '../../infra/embedded/files.js';
import type { SnapshotFiles } from '../../src/exchange/snapshot-files.js';

export const SNAPSHOT_FOLDER = '/snapshots';

/** The snapshots' folder on the simulated disk, used as `nodeSnapshotFiles` uses a real one. */
export function snapshotFolder(files: LogFiles): SnapshotFiles {
  const pathOf = (name: string): string => `${SNAPSHOT_FOLDER}/${name}`;
  return {
    list: () => Promise.resolve(files.lengthAt(SNAPSHOT_FOLDER) === undefined ? [] : files.list(SNAPSHOT_FOLDER)),
    read: async (name) => {
      const fd = files.open(pathOf(name), 'r');
      try {
        const bytes = Buffer.alloc(files.lengthOf(fd));
        await files.read(fd, bytes, 0, bytes.length, 0);
        return bytes;
      } finally {
        files.close(fd);
      }
    },
    write: async (name, parts) => {
      if (files.lengthAt(SNAPSHOT_FOLDER) === undefined) files.makeFolder(SNAPSHOT_FOLDER);
      const fd = files.open(`${pathOf(name)}.tmp`, 'w');
      try {
        await writeAll(files, fd, Buffer.concat(parts), 0);
        await files.dataSync(fd);
      } finally {
        files.close(fd);
      }
      files.rename(`${pathOf(name)}.tmp`, pathOf(name));
    },
    remove: async (name) => {
      files.remove(pathOf(name));
    },
  };
}
