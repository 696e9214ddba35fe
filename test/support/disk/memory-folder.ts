/**
 * A stand-in for a folder on a disk, in memory: its files behave like real ones without the time that a disk takes, for tests that make
 * thousands of them. An open file stays what it was whatever happens to its name, as with a real one.
 */
import type { LogHost } from '../../../infra/embedded/host.js';
import { LogLockedError } from '../../../src/log/port.js';
import { SimulatedDisk } from './simulated-disk.js';
import { fail, SimulatedFiles } from './simulated-files.js';

let folders = 0;

export class MemoryFolder {
  readonly path = `/in-memory/log-${++folders}`;
  readonly disk = new SimulatedDisk();
  readonly files = new SimulatedFiles(this.disk, new Set([this.path]));
  private isLocked = false;

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
    return this.disk.list(this.path);
  }

  /** A copy of them. */
  bytes(name: string): Buffer {
    const file = this.disk.file(this.pathOf(name)) ?? fail('ENOENT', name);
    const bytes = Buffer.alloc(file.length);
    file.read(bytes, 0, bytes.length, 0);
    return bytes;
  }

  put(name: string, bytes: Uint8Array): void {
    this.disk.create(this.pathOf(name)).write(bytes, 0);
  }

  remove(name: string): void {
    this.disk.remove(this.pathOf(name));
  }

  dispose(): void {
    for (const name of this.names) this.remove(name);
  }

  private pathOf(name: string): string {
    return `${this.path}/${name}`;
  }
}
