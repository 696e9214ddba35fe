/**
 * A stand-in for a disk that fails: real files, but with calls that can be made to fail, to fall short or to wait. What happens to files in
 * memory is told by SimulatedFiles; here the files are real, because the tests look at what other processes and the system make of them.
 */
import { nodeFiles, type LogFiles } from '../../../infra/embedded/files.js';

export class FaultyFiles {
  /** Every call that changed something, in order, as `write file.log 0+32`. */
  readonly calls: string[] = [];
  /** At most so many bytes are taken by one write. */
  mostBytes = Infinity;
  /** So many bytes are left on the disk. */
  room = Infinity;
  /** Thrown by every sync of a file's data. */
  syncError: Error | undefined;
  /** Awaited before each overlapped write and each overlapped sync of data. */
  beforeWrite: () => Promise<void> = async () => undefined;
  beforeSync: () => Promise<void> = async () => undefined;
  private readonly names = new Map<number, string>();

  readonly files: LogFiles = {
    ...nodeFiles,
    open: (path, flags) => {
      if (flags.startsWith('w') && this.room <= 0) throw noSpace();
      const fd = nodeFiles.open(path, flags);
      this.names.set(fd, path.slice(path.lastIndexOf('/') + 1));
      return fd;
    },
    write: async (fd, bytes, offset, length, at) => {
      await this.beforeWrite();
      return this.files.writeNow(fd, bytes, offset, length, at);
    },
    writeNow: (fd, bytes, offset, length, at) => {
      const there = Math.max(0, nodeFiles.lengthOf(fd) - at);
      if (length > there && this.room + there <= 0) throw noSpace();
      const taken = Math.min(length, this.mostBytes, there + this.room);
      this.room -= Math.max(0, taken - there);
      this.note('write', fd, ` ${at}+${taken}`);
      return nodeFiles.writeNow(fd, bytes, offset, taken, at);
    },
    sync: async (fd) => {
      this.note('sync', fd);
      await nodeFiles.sync(fd);
    },
    dataSync: async (fd) => {
      await this.beforeSync();
      this.files.dataSyncNow(fd);
    },
    dataSyncNow: (fd) => {
      this.note('dataSync', fd);
      if (this.syncError !== undefined) throw this.syncError;
      nodeFiles.dataSyncNow(fd);
    },
    truncate: (fd, bytes) => {
      this.note('truncate', fd, ` ${bytes}`);
      nodeFiles.truncate(fd, bytes);
    },
    rename: (from, to) => {
      const name = to.slice(to.lastIndexOf('/') + 1);
      this.calls.push(`rename ${name}`);
      for (const [fd, old] of this.names) if (from.endsWith(old)) this.names.set(fd, name);
      nodeFiles.rename(from, to);
    },
  };

  private note(what: string, fd: number, rest = ''): void {
    this.calls.push(`${what} ${this.names.get(fd) ?? fd}${rest}`);
  }
}

function noSpace(): Error {
  return Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
}
