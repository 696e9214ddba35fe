import type { LogFiles, NamedBytes } from '../../../infra/embedded/files.js';
import type { SimulatedDisk, SimulatedFile } from './simulated-disk.js';

/**
 * A simulated disk as a program reaches it: every call is carried out at once and succeeds. What makes calls take time, fail or fall short
 * overrides the methods that are protected here.
 */
export class SimulatedFiles implements LogFiles {
  /** Undefined stands for a folder. */
  private readonly opened = new Map<number, SimulatedFile | undefined>();
  private descriptors = 2;

  constructor(
    readonly disk: SimulatedDisk,
    readonly folders: Set<string>,
  ) {}

  /** Before each call that a program that is dead could not make: `open wx`, `open folder`, `write`, `sync file`, … */
  protected begin(_call: string): void {
    // nothing stands in the way
  }

  /** Before a file is created or emptied. */
  protected refuseWhenFull(): void {
    // there is always room
  }

  /** Returns how many of the bytes were taken. */
  protected writeSome(file: SimulatedFile, bytes: Uint8Array, at: number): number {
    file.write(bytes, at);
    return bytes.length;
  }

  protected syncOne(file: SimulatedFile | undefined): void {
    if (file === undefined) this.disk.syncNames();
    else file.sync();
  }

  open(path: string, flags: string): number {
    const isFolder = this.folders.has(path);
    this.begin(`open ${isFolder ? 'folder' : flags}`);
    if (isFolder) return this.note(undefined);
    const file = this.disk.file(path);
    if (!flags.startsWith('w')) return this.note(file ?? fail('ENOENT', path));
    if (flags === 'wx' && file !== undefined) fail('EEXIST', path);
    this.refuseWhenFull();
    if (file === undefined) return this.note(this.disk.create(path));
    file.truncate(0);
    return this.note(file);
  }

  close(fd: number): void {
    this.opened.delete(fd);
  }

  async write(fd: number, bytes: Uint8Array, offset: number, length: number, at: number): Promise<number> {
    return this.writeNow(fd, bytes, offset, length, at);
  }

  writeNow(fd: number, bytes: Uint8Array, offset: number, length: number, at: number): number {
    this.begin('write');
    return this.writeSome(this.file(fd), bytes.subarray(offset, offset + length), at);
  }

  async read(fd: number, into: Uint8Array, offset: number, length: number, at: number): Promise<number> {
    return this.readNow(fd, into, offset, length, at);
  }

  readNow(fd: number, into: Uint8Array, offset: number, length: number, at: number): number {
    this.begin('read');
    return this.file(fd).read(into, offset, length, at);
  }

  async sync(fd: number): Promise<void> {
    this.dataSyncNow(fd);
  }

  async dataSync(fd: number): Promise<void> {
    this.dataSyncNow(fd);
  }

  dataSyncNow(fd: number): void {
    const file = this.opened.get(fd);
    this.begin(file === undefined ? 'sync folder' : 'sync file');
    this.syncOne(file);
  }

  truncate(fd: number, bytes: number): void {
    this.begin('truncate');
    this.file(fd).truncate(bytes);
  }

  rename(from: string, to: string): void {
    this.begin('rename');
    if (this.disk.file(from) === undefined) fail('ENOENT', from);
    this.disk.rename(from, to);
  }

  remove(path: string): void {
    this.begin('remove');
    this.disk.remove(path);
  }

  makeFolder(path: string): void {
    this.begin('make folder');
    this.folders.add(path);
  }

  lengthOf(fd: number): number {
    return this.file(fd).length;
  }

  lengthAt(path: string): number | undefined {
    return this.folders.has(path) ? 0 : this.disk.file(path)?.length;
  }

  fileAt(path: string): NamedBytes | undefined {
    const file = this.disk.file(path);
    return file && { file: file.number, bytes: file.length };
  }

  fileOf(fd: number): number {
    return this.file(fd).number;
  }

  list(folder: string): string[] {
    if (!this.folders.has(folder)) fail('ENOENT', folder);
    return this.disk.list(folder);
  }

  keyOf(folder: string): string | undefined {
    return this.folders.has(folder) ? folder : undefined;
  }

  protected file(fd: number): SimulatedFile {
    return this.opened.get(fd) ?? fail('EBADF', String(fd));
  }

  /** As `file`, where it may be a folder. */
  protected opening(fd: number): SimulatedFile | undefined {
    return this.opened.get(fd);
  }

  private note(file: SimulatedFile | undefined): number {
    this.opened.set(++this.descriptors, file);
    return this.descriptors;
  }
}

/** Throws what a file system throws. */
export function fail(code: string, what: string): never {
  throw Object.assign(new Error(`${code}: ${what}`), { code });
}
