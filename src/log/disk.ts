/** What everything that writes a log or snapshots asks of a disk. Tests put in their own, to make disks fill up, syncs fail and power go. */
import fs from 'node:fs';
import { FILE_MODE } from './file-modes.js';

/** Reads and writes take what Node's take, one by one: they are called for every batch. */
export interface Disk {
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
  /** The names in a folder. */
  list(folder: string): string[];
}

/** The machine's own. How folders are made is for its users to say. */
export const nodeDisk: Omit<Disk, 'makeFolder'> = {
  open: (path, flags) => fs.openSync(path, flags, FILE_MODE),
  close: (fd) => fs.closeSync(fd),
  write: (fd, bytes, offset, length, at) => settled((done) => fs.write(fd, bytes, offset, length, at, done)),
  read: (fd, into, offset, length, at) => settled((done) => fs.read(fd, into, offset, length, at, done)),
  sync: (fd) => settled((done) => fs.fsync(fd, (error) => done(error, undefined))),
  rename: (from, to) => fs.renameSync(from, to),
  remove: (path) => fs.rmSync(path, { force: true }),
  lengthAt: (path) => fs.statSync(path, { throwIfNoEntry: false })?.size,
  list: (folder) => fs.readdirSync(folder),
};

/** What a system call that is given a callback comes to. */
export function settled<Value>(call: (done: (error: Error | null, value: Value) => void) => void): Promise<Value> {
  return new Promise((resolve, reject) => call((error, value) => (error === null ? resolve(value) : reject(error))));
}
