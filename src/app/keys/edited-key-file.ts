/**
 * The file of API keys, edited.
 *
 * 1. The file is at every moment the old one or the new one, whole and durable: the new one is renamed onto it.
 * 2. Nobody's change is lost: one edit at a time holds the lock beside the file, and what anybody else has written since it was read is
 *    left as it is.
 * 3. Mode and owner stay; a file that is made is for its user alone. What is not edited stays as it was written.
 */
import { type FileHandle, open, realpath, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { nodeFiles, syncFolder } from '../../../infra/embedded/files.js';
import { FILE_MODE } from '../../log/file-modes.js';
import { errorCode } from '../../log/message-of.js';
import { type KeyEntry, KeyFileError } from '../../server/keys/key-file.js';
import { entriesIn, type Exposure, readKeyText, stateOf } from '../../server/keys/key-reading.js';
import { failure } from '../exit.js';

export interface ReadKeyFile {
  readonly entries: readonly KeyEntry[];
  readonly exposure: Exposure | undefined;
}

/** Rejects with KeyFileError where there is none, or one that cannot be used. */
export async function readKeyFile(file: string): Promise<ReadKeyFile> {
  const { text, trouble, exposure } = await readKeyText(file);
  if (text === undefined) throw new KeyFileError(trouble ?? 'it cannot be read');
  return { entries: entriesIn(file, text), exposure };
}

/** The entries as they are written, which `change` gets beside what they mean; what it returns is written in their place. */
type Change = (written: readonly unknown[], entries: readonly KeyEntry[]) => readonly unknown[];

/** Changes the file, or makes it. Rejects with Failure when another does so at the same time, and with KeyFileError. */
export async function editKeyFile(
  file: string,
  { mayMake }: { readonly mayMake: boolean },
  change: Change,
): Promise<ReadKeyFile> {
  // A link stays one: what it leads to is replaced.
  const target = await realpath(file).catch(() => path.resolve(file));
  return withLock(target, async () => {
    const {
      state,
      text = emptyIf(mayMake && (await isMissing(target))),
      trouble,
      exposure,
    } = await readKeyText(target);
    if (text === undefined) throw new KeyFileError(trouble ?? 'it cannot be read');
    const before = entriesIn(file, text);
    const { keys } = JSON.parse(text) as { keys: readonly unknown[] }; // as was just checked
    const written = `${JSON.stringify({ keys: change(keys, before) }, undefined, 2)}\n`;
    const entries = entriesIn(file, written);
    await replace(target, written, state);
    return { entries, exposure };
  });
}

function emptyIf(isToBeMade: boolean): string | undefined {
  return isToBeMade ? '{"keys":[]}' : undefined;
}

async function isMissing(target: string): Promise<boolean> {
  return (await stateOf(target)) === 'ENOENT';
}

async function withLock<Result>(target: string, work: () => Promise<Result>): Promise<Result> {
  const lock = `${target}.lock`;
  let handle: FileHandle;
  try {
    handle = await open(lock, 'wx', FILE_MODE);
  } catch (cause) {
    if (errorCode(cause) !== 'EEXIST') throw cause;
    const says = `another edit of ${target} is under way; if none is, one was cut short: remove ${lock}`;
    throw failure(says, cause);
  }
  try {
    await handle.close();
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

/** Puts the text in the place of a file that is still in the state in which it was read. */
async function replace(target: string, text: string, state: string): Promise<void> {
  const unfinished = `${target}.new`;
  await rm(unfinished, { force: true });
  try {
    await write(unfinished, text, target);
    if ((await stateOf(target)) !== state) {
      throw failure(`${target} was changed meanwhile and is left so: try again`);
    }
    await rename(unfinished, target);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  await syncFolder(nodeFiles, path.dirname(target));
}

/** Durable, with mode and owner of what it is to replace. */
async function write(file: string, text: string, like: string): Promise<void> {
  const handle = await open(file, 'wx', FILE_MODE);
  try {
    const model = await open(like).catch(() => undefined);
    if (model !== undefined) {
      const [{ mode, uid, gid }, own] = await Promise.all([model.stat(), handle.stat()]);
      await model.close();
      if (uid !== own.uid || gid !== own.gid) await handle.chown(uid, gid);
      await handle.chmod(mode & 0o7777);
    }
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
