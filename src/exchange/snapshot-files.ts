import fs from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { FILE_MODE, FOLDER_MODE } from '../log/file-modes.js';

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

/** What a folder of snapshots asks of a file system. Tests put in their own, to make disks fill up, writes fall short and power go. */
export interface SnapshotDisk {
  open(path: string, flags: string): number;
  close(fd: number): void;
  /** Resolves to the number of bytes written, which may be fewer than asked for. */
  write(fd: number, bytes: Uint8Array, offset: number, length: number, at: number): Promise<number>;
  /** Resolves to the number of bytes read, which may be fewer than asked for: 0 at the end of the file. */
  read(fd: number, into: Uint8Array, offset: number, length: number, at: number): Promise<number>;
  /** Makes a file, or a folder's names, durable. */
  sync(fd: number): Promise<void>;
  rename(from: string, to: string): void;
  remove(path: string): void;
  makeFolder(path: string): void;
  /** A file's or a folder's length in bytes; undefined where there is none. */
  lengthAt(path: string): number | undefined;
  list(folder: string): string[];
}

const nodeDisk: SnapshotDisk = {
  open: (path, flags) => fs.openSync(path, flags, FILE_MODE),
  close: (fd) => fs.closeSync(fd),
  write: (fd, bytes, offset, length, at) =>
    new Promise((resolve, reject) => {
      fs.write(fd, bytes, offset, length, at, (error, written) => (error === null ? resolve(written) : reject(error)));
    }),
  read: (fd, into, offset, length, at) =>
    new Promise((resolve, reject) => {
      fs.read(fd, into, offset, length, at, (error, bytes) => (error === null ? resolve(bytes) : reject(error)));
    }),
  sync: (fd) =>
    new Promise((resolve, reject) => {
      fs.fsync(fd, (error) => (error === null ? resolve() : reject(error)));
    }),
  rename: (from, to) => fs.renameSync(from, to),
  remove: (path) => fs.rmSync(path, { force: true }),
  makeFolder: (path) => void fs.mkdirSync(path, { recursive: true, mode: FOLDER_MODE }),
  lengthAt: (path) => fs.statSync(path, { throwIfNoEntry: false })?.size,
  list: (folder) => fs.readdirSync(folder),
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
  private readonly disk: SnapshotDisk;
  private readonly partBytes: number;

  constructor(
    private readonly folder: string,
    { disk = nodeDisk, partBytes = PART_BYTES }: { readonly disk?: SnapshotDisk; readonly partBytes?: number } = {},
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
