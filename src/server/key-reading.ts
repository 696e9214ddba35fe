/** The key file, read: what stands in it, and who else can read it. */
import { type FileHandle, open } from 'node:fs/promises';
import { messageOf } from '../log/message-of.js';
import { type KeyEntry, KeyFileError, parseKeys } from './key-file.js';
import { elementsIn, faultIn, lineAndColumn } from './json-places.js';

/** A file with secrets that others than its user can read. */
export interface Exposure {
  /** Of the file, in octal digits: `0644`. */
  readonly mode: string;
}

export interface KeyFile {
  readonly entries: readonly KeyEntry[];
  readonly exposure: Exposure | undefined;
}

/** Rejects with KeyFileError. */
export async function readKeyFile(file: string): Promise<KeyFile> {
  const { text, exposure } = await contentOf(file);
  return { entries: entriesIn(file, text), exposure };
}

/** What stands in the text of a key file, whose name is for messages. Throws KeyFileError. */
export function entriesIn(file: string, text: string): readonly KeyEntry[] {
  const content = jsonIn(file, text);
  let offsets: readonly number[] | undefined;
  const where = (entry: number): string => {
    offsets ??= elementsIn(text);
    return `${lineAndColumn(text, offsets[entry] ?? 0)}: entry ${entry}`;
  };
  try {
    return parseKeys(content, where);
  } catch (error) {
    if (error instanceof KeyFileError) throw new KeyFileError(`key file ${file}: ${error.message}`);
    throw error;
  }
}

function jsonIn(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Its own words, and so the error itself, quote what stands there.
    const where = lineAndColumn(text, faultIn(text) ?? 0);
    throw new KeyFileError(`cannot read the key file ${file}: it is not JSON: ${where}`);
  }
}

async function contentOf(file: string): Promise<{ text: string; exposure: Exposure | undefined }> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file);
    const { mode, uid } = await handle.stat();
    return { text: await handle.readFile('utf8'), exposure: exposureOf(mode, uid) };
  } catch (error) {
    throw new KeyFileError(`cannot read the key file ${file}: ${messageOf(error)}`);
  } finally {
    await handle?.close();
  }
}

const GROUP_AND_OTHERS = 0o077;
const OTHERS = 0o007;

/**
 * A file of this user's is for this user alone. One that belongs to another (a secret that is mounted into a container) reaches this
 * process through its group, so there only what all may do counts.
 */
function exposureOf(mode: number, uid: number): Exposure | undefined {
  const self = process.getuid?.();
  if (self === undefined) return undefined; // where files have no such modes
  const open = mode & (uid === self ? GROUP_AND_OTHERS : OTHERS);
  return open === 0 ? undefined : { mode: (mode & 0o7777).toString(8).padStart(4, '0') };
}
