import { readdir, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolders, nodeFiles, syncFolder } from '../../../infra/embedded/files.js';
import { failure } from '../exit.js';
import { DataFolder } from '../logs/data-folder.js';
import type { LogTarget } from '../logs/log-target.js';
import { type ImportTarget, NewLogTarget } from './import-target.js';

const STAGING = 'importing';

/**
 * Makes a log in an empty folder, or in one that is not there yet, as a whole or not at all. Fails where the folder holds anything.
 *
 * It is built beside where it is to be, and moved there once it is whole, the file with position 0 last: until then the folder holds no log
 * that anybody would take for one.
 */
export async function makeLogIn<Report>(
  { folder, settings }: LogTarget,
  build: (target: ImportTarget) => Promise<Report>,
): Promise<Report> {
  await mustBeEmpty(folder, []);
  const made = makeFolders(nodeFiles, folder.path);
  const staging = new DataFolder(join(folder.path, STAGING), settings.shard);
  try {
    const report = await buildIn(staging, build);
    await mustBeEmpty(folder, [STAGING]);
    const names = (await readdir(staging.path)).sort().reverse();
    for (const name of names) await rename(join(staging.path, name), join(folder.path, name));
    await rmdir(staging.path);
    await syncFolder(nodeFiles, folder.path);
    return report;
  } catch (error) {
    await rm(staging.path, { recursive: true, force: true });
    for (const each of made.reverse()) await rmdir(each);
    throw error;
  }
}

async function mustBeEmpty(folder: DataFolder, but: readonly string[]): Promise<void> {
  const [found] = (await folder.names()).filter((name) => !but.includes(name));
  if (found !== undefined) throw failure(`${folder.path} is not empty: it holds ${found}`);
}

async function buildIn<Report>(folder: DataFolder, build: (target: ImportTarget) => Promise<Report>): Promise<Report> {
  const writer = await folder.log().open();
  try {
    return await build(new NewLogTarget(writer));
  } finally {
    await writer.close();
  }
}
