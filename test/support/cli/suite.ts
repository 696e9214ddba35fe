import { afterAll, afterEach, beforeAll } from 'vitest';
import { removeFolder, temporaryFolder } from '../log/temporary-folder.js';
import { built, endAll } from './parley.js';

/**
 * For a suite of the command line: it is built before the first test, and what a test has left running is killed after it. Returns a
 * folder for the suite's files, which is removed in the end.
 */
export function commandLineFolder(): string {
  const folder = temporaryFolder();
  beforeAll(built);
  afterEach(endAll);
  afterAll(() => removeFolder(folder));
  return folder;
}
