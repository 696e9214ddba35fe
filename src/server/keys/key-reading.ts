/** The key file, read: what stands in it, and who else can read it. */
import type { BigIntStats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { messageOf } from '../../log/message-of.js';
import { type KeyEntry, KeyFileError, parseKeys } from './key-file.js';
import { elementsIn, faultIn, lineAndColumn } from '../../api/json-places.js';

/** A file with secrets that others than its user can read. */
export interface Exposure {
  /** Of the file, in octal digits: `0644`. */
  readonly mode: string;
}

/** A key file as it was found. */
export interface KeyText {
  /** Another one when the file has become another, or was written. */
  readonly state: string;
  /** Undefined where it could not be read: `trouble` says why. */
  readonly text: string | undefined;
  readonly trouble: string | undefined;
  readonly exposure: Exposure | undefined;
}

/** Never rejects. */
export async function readKeyText(file: string): Promise<KeyText> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file);
    const stats = await handle.stat({ bigint: true });
    const text = await handle.readFile('utf8');
    return {
      state: stateIn(stats),
      text,
      trouble: undefined,
      exposure: exposureOf(Number(stats.mode), Number(stats.uid)),
    };
  } catch (error) {
    const trouble = `cannot read the key file ${file}: ${messageOf(error)}`;
    return { state: stateWithout(error), text: undefined, trouble, exposure: undefined };
  } finally {
    await handle?.close();
  }
}

/** The state in which a file is, without reading it. Never rejects. */
export function stateOf(file: string): Promise<string> {
  return stat(file, { bigint: true }).then(stateIn, stateWithout);
}

function stateIn({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}

function stateWithout(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : messageOf(error);
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

const GROUP_AND_OTHERS = 0o077;
const OTHERS = 0o007;

/**
 * A file of this user's is for this user alone. One that belongs to another (a secret that is mounted into a container) reaches this
 * process through its group, so there only what all may do counts.
 */
export function exposureOf(mode: number, owner: number, self = process.getuid?.()): Exposure | undefined {
  if (self === undefined) return undefined; // where files have no such modes
  const readers = mode & (owner === self ? GROUP_AND_OTHERS : OTHERS);
  return readers === 0 ? undefined : { mode: (mode & 0o7777).toString(8).padStart(4, '0') };
}
