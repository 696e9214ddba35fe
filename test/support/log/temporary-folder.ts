import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A folder of its own for one test, whose caller removes it. */
export function temporaryFolder(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'parley-log-'));
}

export function removeFolder(folder: string): void {
  fs.rmSync(folder, { recursive: true, force: true });
}
