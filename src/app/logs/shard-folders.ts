/**
 * How the folder of `--data` is divided among shards. One shard has the folder to itself. Of several each has a folder in it that is what
 * that of one shard is, `shard-0`, `shard-1` and so on, and `shards.json` says how many there are, permanently.
 *
 * 1. All the folders are there before `shards.json` is: one that is missing later is lost. So is the file, where they hold logs.
 * 2. A folder that holds a log is divided as it is. Nobody divides it anew: an instrument would belong to another shard than before.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseClaimFileName, parseSegmentFileName } from '../../../infra/embedded/format.js';
import { createFile, makeFolders, nodeFiles, syncFolder } from '../../../infra/embedded/files.js';
import { nodeHost } from '../../../infra/embedded/claims/lock.js';
import { errorCode } from '../../log/message-of.js';
import { DamagedLogError, LogLostError, LogRefusedError } from '../../log/port.js';

const FILE = 'shards.json';
/** What is made from a log, beside it. */
const DERIVED: ReadonlySet<string> = new Set(['snapshots', 'projections']);
const SHARD_FOLDER = /^shard-(?:0|[1-9]\d*)$/;

/** How many shards have their logs in a folder; undefined where nobody has begun one yet. */
export async function shardsIn(folder: string): Promise<number | undefined> {
  const names = await namesIn(folder);
  const folders = names.filter((name) => SHARD_FOLDER.test(name));
  const isOfOne = names.some((name) => isOfLog(name) || DERIVED.has(name));
  if (!names.includes(FILE)) {
    if (!isOfOne) await mustHoldNothing(folder, folders);
    return isOfOne ? 1 : undefined;
  }
  if (isOfOne)
    throw new LogRefusedError(`${folder} holds ${FILE}, and beside it the log of one shard: move one of them`);
  const shards = parse(await readFile(join(folder, FILE), 'utf8'));
  for (let shard = 0; shard < shards; shard++) {
    if (!folders.includes(nameOf(shard))) {
      const ways = 'put it back, or make an empty one to go on without what it held';
      throw new LogLostError(`${folder} has ${shards} shards, and the folder ${nameOf(shard)} is gone: ${ways}`);
    }
  }
  return shards;
}

/** How many shards a folder has, or is to have. Throws LogRefusedError where it has others than are wanted. Changes nothing. */
export async function shardsOf(folder: string, wanted: number | undefined): Promise<number> {
  const shards = await shardsIn(folder);
  if (shards === undefined || wanted === undefined || shards === wanted) return shards ?? wanted ?? 1;
  const has = shards === 1 ? 'one shard' : `${shards} shards`;
  const why = 'an instrument would belong to another shard than before';
  throw new LogRefusedError(
    `${folder} has ${has}, and not ${wanted}: ${why}; leave out --shards, or begin another folder`,
  );
}

/** Divides a folder among so many shards where nobody has begun a log there yet. Throws LogRefusedError where it has others. */
export async function divide(folder: string, shards: number): Promise<void> {
  if ((await shardsIn(folder)) !== undefined || shards === 1) {
    await shardsOf(folder, shards);
    return;
  }
  makeFolders(nodeFiles, folder);
  // The lock of a log that fills the folder: nobody begins one meanwhile.
  const lock = await nodeHost.lock(folder);
  try {
    if ((await shardsOf(folder, shards)) === (await shardsIn(folder))) return; // by another, meanwhile
    for (let shard = 0; shard < shards; shard++) makeFolders(nodeFiles, join(folder, nameOf(shard)));
    await syncFolder(nodeFiles, folder);
    const made = join(folder, `${FILE}.tmp`);
    nodeFiles.remove(made); // of one that was broken off
    await createFile(nodeFiles, made, Buffer.from(`${JSON.stringify({ shards })}\n`));
    nodeFiles.rename(made, join(folder, FILE));
    await syncFolder(nodeFiles, folder);
  } finally {
    await lock.release();
  }
}

/** What the folder of a shard is called in one that several share; undefined in one that it has to itself. Throws LogRefusedError for others. */
export async function nameOfShard(folder: string, shard: number): Promise<string | undefined> {
  const shards = (await shardsIn(folder)) ?? 1;
  // A folder that one shard has to itself may be that of any.
  if (shards === 1) return undefined;
  if (shard < shards) return nameOf(shard);
  throw new LogRefusedError(`there is no shard ${shard}: ${folder} has ${shards} shards`);
}

function nameOf(shard: number): string {
  return `shard-${shard}`;
}

function isOfLog(name: string): boolean {
  return parseSegmentFileName(name) !== undefined || parseClaimFileName(name) !== undefined;
}

async function mustHoldNothing(folder: string, folders: readonly string[]): Promise<void> {
  for (const name of folders) {
    if (!(await namesIn(join(folder, name))).some(isOfLog)) continue;
    throw new LogLostError(
      `${folder} holds the log of a shard in ${name}, but ${FILE} is gone, which says how many there are`,
    );
  }
}

function parse(text: string): number {
  const [, shards = 0] = /^\s*\{\s*"shards"\s*:\s*(\d{1,7})\s*\}\s*$/.exec(text) ?? [];
  if (Number(shards) > 1) return Number(shards);
  throw new DamagedLogError('it does not say how many shards there are', { file: FILE, byte: 0, frame: 0 });
}

/** What is in a folder; nothing where it does not exist. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
