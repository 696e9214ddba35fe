import fs from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { type Disk, nodeDisk } from '../../log/disk.js';
import { FOLDER_MODE } from '../../log/file-modes.js';

/** The folder of a shard's snapshots: all that their store asks of where they are kept. */
export interface SnapshotFiles {
  /** The names of all files; none where there is no folder yet. */
  list(): Promise<readonly string[]>;
  /** A file's bytes in order, in parts of whatever length; who has seen enough stops. Rejects when there is no such file, or not all of it. */
  read(name: string): AsyncIterable<Uint8Array>;
  /**
   * Makes a file of these parts, one after the other. It bears its name once it is whole, durable and read back as it was given; when
   * it rejects before that nothing of it is left, and the other files are as they were. What a writer that died has left unfinished is
   * removed: there is one writer.
   */
  write(name: string, parts: Iterable<Uint8Array>): Promise<void>;
  /** Does nothing where there is no such file. */
  remove(name: string): Promise<void>;
}

const snapshotDisk: Disk = {
  ...nodeDisk,
  makeFolder: (path) => void fs.mkdirSync(path, { recursive: true, mode: FOLDER_MODE }),
};

/** How many bytes one call to the system is given: far below the 2 GiB that Node takes at most. */
const PART_BYTES = 8 << 20;
/** Behind the name of a file that is being written. */
const UNFINISHED = '.tmp';

interface Written {
  readonly bytes: number;
  readonly checksum: number;
}

/** Snapshots in a folder of their own on a disk. */
export class SnapshotFolder implements SnapshotFiles {
  private readonly disk: Disk;
  private readonly partBytes: number;

  constructor(
    private readonly folder: string,
    { disk = snapshotDisk, partBytes = PART_BYTES }: { readonly disk?: Disk; readonly partBytes?: number } = {},
  ) {
    this.disk = disk;
    this.partBytes = partBytes;
  }

  async list(): Promise<readonly string[]> {
    return this.disk.lengthAt(this.folder) === undefined ? [] : this.disk.list(this.folder);
  }

  read(name: string): AsyncIterable<Uint8Array> {
    return this.bytesAt(this.pathOf(name));
  }

  async write(name: string, parts: Iterable<Uint8Array>): Promise<void> {
    const { disk, folder } = this;
    if (disk.lengthAt(folder) === undefined) disk.makeFolder(folder);
    await this.removeUnfinished();
    const unfinished = this.pathOf(name + UNFINISHED);
    try {
      const written = await this.writeParts(unfinished, parts);
      // By its name, as readers will: what another writer has put there meanwhile is not taken for this one's.
      const found = await checksumOf(this.bytesAt(unfinished));
      if (found.bytes !== written.bytes || found.checksum !== written.checksum) {
        throw new Error(`${unfinished} is read back otherwise than it was written`);
      }
      disk.rename(unfinished, this.pathOf(name));
    } catch (error) {
      await this.removeUnfinished().catch(() => undefined); // what ails the disk has been said; the next writer removes it
      throw error;
    }
    await this.withFile(folder, 'r', (fd) => disk.sync(fd));
  }

  async remove(name: string): Promise<void> {
    this.disk.remove(this.pathOf(name));
  }

  private async removeUnfinished(): Promise<void> {
    for (const name of await this.list()) if (name.endsWith(UNFINISHED)) await this.remove(name);
  }

  private writeParts(path: string, parts: Iterable<Uint8Array>): Promise<Written> {
    return this.withFile(path, 'wx', async (fd) => {
      let bytes = 0;
      let checksum = 0;
      for (const part of parts) {
        for (let done = 0; done < part.length;) {
          const length = Math.min(this.partBytes, part.length - done);
          const taken = await this.disk.write(fd, part, done, length, bytes + done);
          if (taken <= 0) throw new Error(`the disk took nothing at byte ${bytes + done}`);
          checksum = crc32(part.subarray(done, done + taken), checksum);
          done += taken;
        }
        bytes += part.length;
      }
      await this.disk.sync(fd);
      return { bytes, checksum };
    });
  }

  private async *bytesAt(path: string): AsyncGenerator<Uint8Array, void, void> {
    const { disk } = this;
    const fd = disk.open(path, 'r');
    try {
      const length = disk.lengthAt(path) ?? 0;
      for (let at = 0; at < length;) {
        const part = Buffer.allocUnsafe(Math.min(this.partBytes, length - at));
        const got = await disk.read(fd, part, 0, part.length, at);
        if (got === 0) throw new Error(`${path} ends at byte ${at} of ${length}`);
        yield part.subarray(0, got);
        at += got;
      }
    } finally {
      disk.close(fd);
    }
  }

  private async withFile<Result>(path: string, flags: string, use: (fd: number) => Promise<Result>): Promise<Result> {
    const fd = this.disk.open(path, flags);
    try {
      return await use(fd);
    } finally {
      this.disk.close(fd);
    }
  }

  private pathOf(name: string): string {
    return join(this.folder, name);
  }
}

async function checksumOf(parts: AsyncIterable<Uint8Array>): Promise<Written> {
  let bytes = 0;
  let checksum = 0;
  for await (const part of parts) {
    bytes += part.length;
    checksum = crc32(part, checksum);
  }
  return { bytes, checksum };
}
