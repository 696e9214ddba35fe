/** Making segments. */
import path from 'node:path';
import { syncFolder, writeAll, type LogFiles } from '../files.js';
import { segmentFileName, segmentHeader, type SegmentName } from '../format.js';

export interface OpenSegment {
  readonly file: string;
  readonly fd: number;
}

/** Creates an empty segment, durably, and opens it for writing. It has its name only once its header is on the disk. */
export async function createSegment(
  files: LogFiles,
  folder: string,
  shard: number,
  name: SegmentName,
): Promise<OpenSegment> {
  const file = segmentFileName(name);
  const finished = path.join(folder, file);
  const fd = files.open(`${finished}.tmp`, 'w');
  try {
    await writeAll(files, fd, segmentHeader(shard, name), 0);
    await files.sync(fd);
    files.rename(`${finished}.tmp`, finished);
    await syncFolder(files, folder);
  } catch (error) {
    files.close(fd);
    files.remove(`${finished}.tmp`);
    throw error;
  }
  return { file, fd };
}
