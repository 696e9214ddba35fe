import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { removeFolder, temporaryFolder } from '../log/temporary-folder.js';
import { smallFlow } from './flows.js';
import { runInProcess } from './in-process.js';

/** The folder of a log into which the small flow has been played, once for a file of tests: known when its tests run. */
export function playedLog(): () => string {
  let folder = '';
  const data = (): string => path.join(folder, 'data');
  beforeAll(async () => {
    folder = temporaryFolder();
    const flow = path.join(folder, 'flow.txt');
    fs.writeFileSync(flow, smallFlow);
    expect((await runInProcess(['run', flow, '--data', data()])).code).toBe(0);
  });
  afterAll(() => {
    removeFolder(folder);
  });
  return data;
}
