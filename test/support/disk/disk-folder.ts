/** A folder on the real disk, with what MemoryFolder can do. */
import fs from 'node:fs';
import path from 'node:path';
import { removeFolder, temporaryFolder } from '../log/temporary-folder.js';

export class DiskFolder {
  readonly path = temporaryFolder();
  /** What a log takes to work on it: nothing but its path. */
  readonly options = {};

  get names(): string[] {
    return fs.readdirSync(this.path);
  }

  bytes(name: string): Buffer {
    return fs.readFileSync(path.join(this.path, name));
  }

  put(name: string, bytes: Uint8Array): void {
    fs.writeFileSync(path.join(this.path, name), bytes);
  }

  remove(name: string): void {
    fs.rmSync(path.join(this.path, name));
  }

  dispose(): void {
    removeFolder(this.path);
  }
}
