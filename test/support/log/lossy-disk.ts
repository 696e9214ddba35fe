/**
 * A stand-in for a disk that loses power: a folder in memory whose every change is remembered as not durable until it is synced, a
 * file's bytes by a sync of the file, its name by a sync of the folder. At a given call everything stops; `lose` then leaves in the
 * folder what such a disk may hold.
 */
import path from 'node:path';
import type { LogFiles } from '../../../infra/embedded/files.js';
import type { MemoryFolder } from './memory-folder.js';

/** What happens to bytes and names that were not synced. A torn file has the first half of what it lost, or zeros in its place. */
export type Loss = 'kept' | 'lost' | 'torn' | 'zeroed';

interface Inode {
  durable: Buffer;
}

export class LossyDisk {
  readonly files: LogFiles;
  private readonly folder: MemoryFolder;
  private mostCalls: number;
  private calls = 0;
  private readonly current = new Map<string, Inode>();
  private durable: Map<string, Inode>;
  private readonly opened = new Map<number, Inode | undefined>();

  constructor(folder: MemoryFolder, mostCalls: number) {
    this.folder = folder;
    this.mostCalls = mostCalls;
    for (const file of folder.names) this.current.set(file, { durable: folder.bytes(file) });
    this.durable = new Map(this.current);
    this.files = this.over(folder.files);
  }

  /** A process was killed, and the machine goes on, for so many calls more. */
  goOn(mostCalls: number): void {
    this.calls = 0;
    this.mostCalls = mostCalls;
  }

  /** Whether everything has stopped. */
  get isOff(): boolean {
    return this.calls > this.mostCalls;
  }

  lose(loss: Loss): void {
    const bytes = new Map([...this.current].map(([file, inode]) => [inode, this.folder.bytes(file)]));
    const names = loss === 'lost' ? this.durable : this.current;
    const left = [...names].map(([file, inode]) => [file, hurt(inode.durable, bytes.get(inode), loss)] as const);
    for (const file of this.folder.names) this.folder.remove(file);
    for (const [file, content] of left) this.folder.put(file, content);
  }

  private over(files: LogFiles): LogFiles {
    return {
      ...files,
      open: (file, flags) => {
        const isFolder = file === this.folder.path;
        if (flags === 'r' && !isFolder) return files.open(file, flags); // reading changes nothing
        this.count();
        const name = path.basename(file);
        if (isFolder) return this.note(files.open(file, flags), undefined);
        if (flags === 'wx' && this.current.has(name)) return files.open(file, flags);
        if (flags.startsWith('w')) this.current.set(name, { durable: Buffer.alloc(0) });
        return this.note(files.open(file, flags), this.current.get(name));
      },
      write: async (fd, bytes, offset, length, at) => this.files.writeNow(fd, bytes, offset, length, at),
      writeNow: (fd, bytes, offset, length, at) => {
        this.count();
        return files.writeNow(fd, bytes, offset, length, at);
      },
      sync: async (fd) => this.sync(fd),
      dataSync: async (fd) => this.sync(fd),
      dataSyncNow: (fd) => this.sync(fd),
      truncate: (fd, bytes) => {
        this.count();
        files.truncate(fd, bytes);
      },
      rename: (from, to) => {
        this.count();
        const inode = this.current.get(path.basename(from));
        files.rename(from, to);
        this.current.delete(path.basename(from));
        if (inode !== undefined) this.current.set(path.basename(to), inode);
      },
      remove: (file) => {
        this.count();
        files.remove(file);
        this.current.delete(path.basename(file));
      },
    };
  }

  private sync(fd: number): void {
    this.count();
    const inode = this.opened.get(fd);
    if (inode === undefined) this.durable = new Map(this.current);
    else for (const [file, one] of this.current) if (one === inode) inode.durable = this.folder.bytes(file);
  }

  private count(): void {
    this.calls++;
    if (this.isOff) throw new Error('everything has stopped');
  }

  private note(fd: number, inode: Inode | undefined): number {
    this.opened.set(fd, inode);
    return fd;
  }
}

/** What may be on the disk of a file whose durable bytes are known, and those it has by now, if it is still there. */
function hurt(durable: Buffer, now: Buffer | undefined, loss: Loss): Buffer {
  if (now === undefined || loss === 'lost') return durable;
  if (loss === 'kept' || now.length <= durable.length) return now;
  const middle = durable.length + Math.ceil((now.length - durable.length) / 2);
  if (loss === 'torn') return now.subarray(0, middle);
  return Buffer.concat([now.subarray(0, durable.length), Buffer.alloc(now.length - durable.length)]);
}
