/** All that a log asks of a file system, and nothing else: tests put in their own to make disks fill up, syncs fail and power go. */
import fs from 'node:fs';
import path from 'node:path';
import { type Disk, nodeDisk, settled } from '../../src/log/disk.js';
import { FOLDER_MODE } from '../../src/log/file-modes.js';
import { errorCode } from '../../src/log/message-of.js';

export interface LogFiles extends Disk {
  /** As `write`, on this thread. */
  writeNow(fd: number, bytes: Uint8Array, offset: number, length: number, at: number): number;
  /** As `read`, on this thread. */
  readNow(fd: number, into: Uint8Array, offset: number, length: number, at: number): number;
  /** Makes a file's bytes and its length durable. */
  dataSync(fd: number): Promise<void>;
  dataSyncNow(fd: number): void;
  truncate(fd: number, bytes: number): void;
  /** An open file's length in bytes. */
  lengthOf(fd: number): number;
  /** Which file bears a name now, and its length in bytes; undefined where none does. */
  fileAt(path: string): NamedBytes | undefined;
  /** Which file was opened. */
  fileOf(fd: number): number;
  /** Names a folder, by whatever path it is reached. Undefined where there is none. */
  keyOf(folder: string): string | undefined;
}

export interface NamedBytes {
  /** Two names of one file have the same one, and no other file of that folder has it: an inode. */
  readonly file: number;
  readonly bytes: number;
}

export const nodeFiles: LogFiles = {
  ...nodeDisk,
  writeNow: (fd, bytes, offset, length, at) => fs.writeSync(fd, bytes, offset, length, at),
  readNow: (fd, into, offset, length, at) => fs.readSync(fd, into, offset, length, at),
  dataSync: (fd) => settled((done) => fs.fdatasync(fd, (error) => done(error, undefined))),
  dataSyncNow: (fd) => fs.fdatasyncSync(fd),
  truncate: (fd, bytes) => fs.ftruncateSync(fd, bytes),
  makeFolder: (path) => fs.mkdirSync(path, FOLDER_MODE),
  lengthOf: (fd) => fs.fstatSync(fd).size,
  fileAt: (path) => {
    const stat = fs.statSync(path, { throwIfNoEntry: false });
    return stat === undefined ? undefined : { file: stat.ino, bytes: stat.size };
  },
  fileOf: (fd) => fs.fstatSync(fd).ino,
  keyOf: (folder) => {
    const stat = fs.statSync(folder, { throwIfNoEntry: false, bigint: true });
    return stat === undefined ? undefined : `${stat.dev}-${stat.ino}-${fs.realpathSync(folder)}`;
  },
};

/** The file's bytes from `from` up to `to`, or up to its end. */
export function readRange(files: LogFiles, fd: number, from: number, to: number): Uint8Array {
  const bytes = new Uint8Array(Math.max(0, to - from));
  let filled = 0;
  while (filled < bytes.length) {
    const got = files.readNow(fd, bytes, filled, bytes.length - filled, from + filled);
    if (got === 0) break;
    filled += got;
  }
  return bytes.subarray(0, filled);
}

/** Writes all of the bytes, going on after a short write. Throws what the disk says. */
export async function writeAll(files: LogFiles, fd: number, bytes: Uint8Array, at: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    done += progress(await files.write(fd, bytes, done, bytes.length - done, at + done), at + done);
  }
}

/** The same on this thread. */
export function writeAllNow(files: LogFiles, fd: number, bytes: Uint8Array, at: number): void {
  let done = 0;
  while (done < bytes.length) {
    done += progress(files.writeNow(fd, bytes, done, bytes.length - done, at + done), at + done);
  }
}

function progress(written: number, at: number): number {
  if (written <= 0) throw new Error(`the disk took nothing at byte ${at}`);
  return written;
}

/**
 * Creates a folder, and those above it, where they are missing. Returns those that were, the outermost first. Node's own recursive
 * mkdir never returns where the system says ENOENT to any new folder, as it does below /proc.
 */
export function makeFolders(files: LogFiles, folder: string): string[] {
  const missing: string[] = [];
  for (let above = path.resolve(folder); files.lengthAt(above) === undefined; above = path.dirname(above)) {
    missing.unshift(above);
  }
  for (const each of missing) {
    try {
      files.makeFolder(each);
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  }
  return missing;
}

/** Makes the names in a folder durable. */
export async function syncFolder(files: LogFiles, folder: string): Promise<void> {
  const fd = files.open(folder, 'r');
  try {
    await files.sync(fd);
  } finally {
    files.close(fd);
  }
}

/** Creates a file that must not be there yet, with these bytes; durable once the folder is synced too. Where that fails it is empty. */
export async function createFile(files: LogFiles, path: string, bytes: Uint8Array): Promise<void> {
  const fd = files.open(path, 'wx');
  try {
    await writeAll(files, fd, bytes, 0);
    await files.sync(fd);
  } catch (error) {
    files.truncate(fd, 0);
    throw error;
  } finally {
    files.close(fd);
  }
}
