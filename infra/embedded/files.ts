/** All that a log asks of a file system, and nothing else: tests put in their own to make disks fill up, syncs fail and power go. */
import fs from 'node:fs';
import path from 'node:path';
import { FILE_MODE, FOLDER_MODE } from '../../src/log/file-modes.js';

/** Reads and writes take what Node's take, one by one: they are called for every batch. */
export interface LogFiles {
  open(path: string, flags: string): number;
  close(fd: number): void;
  /** Resolves to the number of bytes written, which may be fewer than asked for. */
  write(fd: number, bytes: Uint8Array, offset: number, length: number, at: number): Promise<number>;
  /** The same on this thread. */
  writeNow(fd: number, bytes: Uint8Array, offset: number, length: number, at: number): number;
  /** Makes a file, or a folder's names, durable. */
  sync(fd: number): Promise<void>;
  /** Makes a file's bytes and its length durable. */
  dataSync(fd: number): Promise<void>;
  dataSyncNow(fd: number): void;
  truncate(fd: number, bytes: number): void;
  rename(from: string, to: string): void;
  remove(path: string): void;
  makeFolder(path: string): void;
  /** Resolves to the number of bytes read, which may be fewer than asked for: 0 at the end of the file. */
  read(fd: number, into: Uint8Array, offset: number, length: number, at: number): Promise<number>;
  /** The same on this thread. */
  readNow(fd: number, into: Uint8Array, offset: number, length: number, at: number): number;
  /** An open file's length in bytes. */
  lengthOf(fd: number): number;
  /** A file's or a folder's length in bytes; undefined where there is none. */
  lengthAt(path: string): number | undefined;
  /** Which file bears a name now, and its length in bytes; undefined where none does. */
  fileAt(path: string): NamedBytes | undefined;
  /** Which file was opened. */
  fileOf(fd: number): number;
  /** The names in a folder. */
  list(folder: string): string[];
  /** Names a folder, by whatever path it is reached. Undefined where there is none. */
  keyOf(folder: string): string | undefined;
}

export interface NamedBytes {
  /** Two names of one file have the same one, and no other file of that folder has it: an inode. */
  readonly file: number;
  readonly bytes: number;
}

export const nodeFiles: LogFiles = {
  open: (path, flags) => fs.openSync(path, flags, FILE_MODE),
  close: (fd) => fs.closeSync(fd),
  write: (fd, bytes, offset, length, at) =>
    new Promise((resolve, reject) => {
      fs.write(fd, bytes, offset, length, at, (error, written) => (error === null ? resolve(written) : reject(error)));
    }),
  writeNow: (fd, bytes, offset, length, at) => fs.writeSync(fd, bytes, offset, length, at),
  sync: (fd) => settled((done) => fs.fsync(fd, done)),
  dataSync: (fd) => settled((done) => fs.fdatasync(fd, done)),
  dataSyncNow: (fd) => fs.fdatasyncSync(fd),
  truncate: (fd, bytes) => fs.ftruncateSync(fd, bytes),
  rename: (from, to) => fs.renameSync(from, to),
  remove: (path) => fs.rmSync(path, { force: true }),
  makeFolder: (path) => fs.mkdirSync(path, FOLDER_MODE),
  read: (fd, into, offset, length, at) =>
    new Promise((resolve, reject) => {
      fs.read(fd, into, offset, length, at, (error, bytes) => (error === null ? resolve(bytes) : reject(error)));
    }),
  readNow: (fd, into, offset, length, at) => fs.readSync(fd, into, offset, length, at),
  lengthOf: (fd) => fs.fstatSync(fd).size,
  lengthAt: (path) => fs.statSync(path, { throwIfNoEntry: false })?.size,
  fileAt: (path) => {
    const stat = fs.statSync(path, { throwIfNoEntry: false });
    return stat === undefined ? undefined : { file: stat.ino, bytes: stat.size };
  },
  fileOf: (fd) => fs.fstatSync(fd).ino,
  list: (folder) => fs.readdirSync(folder),
  keyOf: (folder) => {
    const stat = fs.statSync(folder, { throwIfNoEntry: false, bigint: true });
    return stat === undefined ? undefined : `${stat.dev}-${stat.ino}-${fs.realpathSync(folder)}`;
  },
};

function settled(call: (done: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => call((error) => (error === null ? resolve() : reject(error))));
}

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

/** What a system call's error says: EEXIST, ENOENT and so on. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
