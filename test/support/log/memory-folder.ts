/**
 * A stand-in for a folder on a disk, in memory: its files behave like real ones without the time that a disk takes, for tests that make thousands of them.
 * An open file stays what it was whatever happens to its name, as with a real one.
 */
import path from 'node:path';
import type { LogFiles } from '../../../infra/embedded/files.js';
import type { LogHost } from '../../../infra/embedded/host.js';
import { LogLockedError } from '../../../src/log/port.js';

/** A file, whatever names it has. */
interface Content {
  readonly file: number;
  bytes: Buffer;
}

let folders = 0;
let files = 0;

export class MemoryFolder {
  readonly path = `/in-memory/log-${++folders}`;
  private readonly contents = new Map<string, Content>();
  /** Undefined stands for the folder itself. */
  private readonly opened = new Map<number, Content | undefined>();
  private descriptors = 2;
  private isLocked = false;

  readonly files: LogFiles = {
    open: (file, flags) => {
      if (file === this.path) return this.note(undefined);
      const found = this.contents.get(path.basename(file));
      if (!flags.startsWith('w')) return this.note(found ?? fail('ENOENT', file));
      if (flags === 'wx' && found !== undefined) fail('EEXIST', file);
      const content = found ?? { file: ++files, bytes: Buffer.alloc(0) };
      content.bytes = Buffer.alloc(0);
      this.contents.set(path.basename(file), content);
      return this.note(content);
    },
    close: (fd) => void this.opened.delete(fd),
    write: async (fd, bytes, offset, length, at) => this.files.writeNow(fd, bytes, offset, length, at),
    writeNow: (fd, bytes, offset, length, at) => {
      const content = this.content(fd);
      const end = Math.max(content.bytes.length, at + length);
      const written = Buffer.concat([content.bytes], end);
      written.set(bytes.subarray(offset, offset + length), at);
      content.bytes = written;
      return length;
    },
    sync: async () => undefined,
    dataSync: async () => undefined,
    dataSyncNow: () => undefined,
    truncate: (fd, bytes) => {
      const content = this.content(fd);
      content.bytes = Buffer.concat([content.bytes], bytes);
    },
    rename: (from, to) => {
      const content = this.contents.get(path.basename(from)) ?? fail('ENOENT', from);
      this.contents.delete(path.basename(from));
      this.contents.set(path.basename(to), content);
    },
    remove: (file) => void this.contents.delete(path.basename(file)),
    makeFolder: (folder) => fail('EEXIST', folder),
    read: async (fd, into, offset, length, at) => this.files.readNow(fd, into, offset, length, at),
    readNow: (fd, into, offset, length, at) => {
      const piece = this.content(fd).bytes.subarray(at, at + length);
      into.set(piece, offset);
      return piece.length;
    },
    lengthOf: (fd) => this.content(fd).bytes.length,
    lengthAt: (file) => (file === this.path ? 0 : this.contents.get(path.basename(file))?.bytes.length),
    fileAt: (file) => {
      const content = this.contents.get(path.basename(file));
      return content && { file: content.file, bytes: content.bytes.length };
    },
    fileOf: (fd) => this.content(fd).file,
    list: () => [...this.contents.keys()],
    keyOf: (folder) => folder,
  };

  /** One process is all there is, so the lock is between its writers. */
  readonly host: LogHost = {
    whoAmI: () => ({ pid: 1, host: 'in memory', startedAt: '2026-01-01T00:00:00.000Z' }),
    lock: async (folder) => {
      if (this.isLocked) throw new LogLockedError(`${folder}: it is locked`);
      this.isLocked = true;
      return { release: async () => void (this.isLocked = false) };
    },
  };

  /** What a log takes to work on it, besides its path. */
  readonly options = { files: this.files, host: this.host };

  get names(): string[] {
    return this.files.list(this.path);
  }

  /** A copy of them. */
  bytes(name: string): Buffer {
    return Buffer.from((this.contents.get(name) ?? fail('ENOENT', name)).bytes);
  }

  put(name: string, bytes: Uint8Array): void {
    this.contents.set(name, { file: ++files, bytes: Buffer.from(bytes) });
  }

  remove(name: string): void {
    this.contents.delete(name);
  }

  dispose(): void {
    this.contents.clear();
  }

  private content(fd: number): Content {
    return this.opened.get(fd) ?? fail('EBADF', String(fd));
  }

  private note(content: Content | undefined): number {
    this.opened.set(++this.descriptors, content);
    return this.descriptors;
  }
}

function fail(code: string, what: string): never {
  throw Object.assign(new Error(`${code}: ${what}`), { code });
}
