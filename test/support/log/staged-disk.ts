/**
 * A stand-in for the disk that snapshots are on: takes less than it is given, fills up, takes other bytes than it was given, and stands
 * still for good at any of its calls, as for a process that is killed there.
 */
import type { Disk } from '../../../src/log/disk.js';
import { SimulatedDisk, type SimulatedFile } from './simulated-disk.js';

export class StagedDisk implements Disk {
  readonly content = new SimulatedDisk();
  /** What was done, in order: `write`, `sync file`, `rename`, … */
  readonly calls: string[] = [];
  /** At most so many bytes are taken by one write. */
  mostBytes = Infinity;
  /** So many bytes may still be written. */
  room = Infinity;
  /** The byte of a file that is not written as it was given; none, when negative. */
  spoiledByte = -1;
  /** The call at which the process dies; it makes none after that. */
  callsToDeath = Infinity;
  private readonly folders = new Set<string>();
  /** Undefined stands for a folder. */
  private readonly opened = new Map<number, SimulatedFile | undefined>();

  open(path: string, flags: string): number {
    this.begin(`open ${flags}`);
    const file = this.content.file(path);
    if (this.folders.has(path)) return this.note(undefined);
    if (flags === 'r') return this.note(file ?? fail('ENOENT', path));
    if (file !== undefined) fail('EEXIST', path);
    return this.note(this.content.create(path));
  }

  close(fd: number): void {
    this.opened.delete(fd);
  }

  async write(fd: number, bytes: Uint8Array, offset: number, length: number, at: number): Promise<number> {
    this.begin('write');
    if (this.room <= 0) fail('ENOSPC', 'no space left on device');
    const taken = Math.min(length, this.mostBytes, this.room);
    this.room -= taken;
    const given = Uint8Array.from(bytes.subarray(offset, offset + taken));
    const spoiled = this.spoiledByte - at;
    if (spoiled >= 0 && spoiled < taken) given[spoiled] = ~(given[spoiled] ?? 0);
    this.fileOf(fd).write(given, at);
    return taken;
  }

  async read(fd: number, into: Uint8Array, offset: number, length: number, at: number): Promise<number> {
    this.begin('read');
    return this.fileOf(fd).read(into, offset, Math.min(length, this.mostBytes), at);
  }

  async sync(fd: number): Promise<void> {
    const file = this.opened.get(fd);
    this.begin(file === undefined ? 'sync folder' : 'sync file');
    if (file === undefined) this.content.syncNames();
    else file.sync();
  }

  rename(from: string, to: string): void {
    this.begin('rename');
    this.content.rename(from, to);
  }

  remove(path: string): void {
    this.begin('remove');
    this.room += this.content.file(path)?.length ?? 0;
    this.content.remove(path);
  }

  makeFolder(path: string): void {
    this.begin('make folder');
    this.folders.add(path);
  }

  lengthAt(path: string): number | undefined {
    return this.folders.has(path) ? 0 : this.content.file(path)?.length;
  }

  list(folder: string): string[] {
    return this.content.list(folder).sort();
  }

  /** Flips a bit of a file that is there. */
  flip(path: string, at: number): void {
    const file = this.content.file(path) ?? fail('ENOENT', path);
    const byte = new Uint8Array(1);
    file.read(byte, 0, 1, at);
    file.write(Uint8Array.of((byte[0] ?? 0) ^ 1), at);
  }

  private begin(call: string): void {
    if (this.callsToDeath <= 0) throw new Error('the process is dead');
    if (--this.callsToDeath === 0) throw new Error('the process dies');
    this.calls.push(call);
  }

  private fileOf(fd: number): SimulatedFile {
    return this.opened.get(fd) ?? fail('EBADF', String(fd));
  }

  private note(file: SimulatedFile | undefined): number {
    const fd = this.opened.size + 3;
    this.opened.set(fd, file);
    return fd;
  }
}

function fail(code: string, what: string): never {
  throw Object.assign(new Error(`${code}: ${what}`), { code });
}
