/** Reads the journals of the preloaded library (journal.h has the format): what processes changed on the disk, in order. */
import fs from 'node:fs';
import path from 'node:path';

/** Made to a file, which its inode names. */
export interface ContentChange {
  readonly kind: 'write' | 'truncate';
  readonly inode: string;
  readonly offset: number;
  /** How many bytes were to be written, or are to be left. */
  readonly length: number;
  readonly oldSize: number;
  /** What stood there, as far as there was anything. */
  readonly old: Buffer;
}

export type ContentSync =
  { readonly kind: 'sync'; readonly inode: string } | { readonly kind: 'syncFailed'; readonly inode: string };

/** `name` and `other` are relative to the disk's folder. */
export type NameChange =
  | { readonly kind: 'create' | 'unlink'; readonly inode: string; readonly name: string }
  | {
      readonly kind: 'rename';
      readonly inode: string;
      readonly name: string;
      readonly other: string;
      /** The file that was called `other` before. */
      readonly replaced: string | undefined;
    };

export interface NamesSync {
  readonly kind: 'syncNames';
  readonly folder: string;
}

export type DiskRecord = ContentChange | ContentSync | NameChange | NamesSync;

const MAGIC = 0x314a4450;
const HEADER_BYTES = 64;
const kinds = ['write', 'truncate', 'sync', 'syncFailed', 'create', 'rename', 'unlink', 'syncNames'] as const;

interface Stamped {
  readonly atNs: bigint;
  readonly record: DiskRecord;
}

/** The records of all processes, ordered by when what they tell of began. */
export function readJournals(folder: string): DiskRecord[] {
  const stamped: Stamped[] = [];
  for (const file of fs.readdirSync(folder)) {
    if (file.endsWith('.journal')) stamped.push(...parse(fs.readFileSync(path.join(folder, file))));
  }
  stamped.sort((one, other) => (one.atNs < other.atNs ? -1 : one.atNs > other.atNs ? 1 : 0));
  return stamped.map(({ record }) => record);
}

/** A process may have been killed in the middle of its last record, and then has not begun what that would have told. */
function parse(bytes: Buffer): Stamped[] {
  const stamped: Stamped[] = [];
  let at = 0;
  while (at + HEADER_BYTES <= bytes.length) {
    if (bytes.readUInt32LE(at) !== MAGIC) throw new Error(`the undo journal cannot be read at byte ${at}`);
    const names = bytes.readUInt32LE(at + 48) + bytes.readUInt32LE(at + 52);
    const end = at + HEADER_BYTES + names + Number(bytes.readBigUInt64LE(at + 56));
    if (end > bytes.length) break;
    stamped.push({ atNs: bytes.readBigUInt64LE(at + 8), record: recordIn(bytes.subarray(at, end)) });
    at = end;
  }
  return stamped;
}

function recordIn(bytes: Buffer): DiskRecord {
  const kind = kinds[bytes.readUInt32LE(4) - 1];
  const inode = String(bytes.readBigUInt64LE(16));
  const offset = Number(bytes.readBigInt64LE(24));
  const nameEnd = HEADER_BYTES + bytes.readUInt32LE(48);
  const otherEnd = nameEnd + bytes.readUInt32LE(52);
  const name = bytes.toString('utf8', HEADER_BYTES, nameEnd);
  switch (kind) {
    case 'write':
    case 'truncate': {
      const length = Number(bytes.readBigInt64LE(32));
      const oldSize = Number(bytes.readBigInt64LE(40));
      return { kind, inode, offset, length, oldSize, old: bytes.subarray(otherEnd) };
    }
    case 'sync':
    case 'syncFailed':
      return { kind, inode };
    case 'create':
    case 'unlink':
      return { kind, inode, name };
    case 'rename': {
      const replaced = offset === 0 ? undefined : String(offset);
      return { kind, inode, name, other: bytes.toString('utf8', nameEnd, otherEnd), replaced };
    }
    case 'syncNames':
      return { kind, folder: name };
    default:
      throw new Error('the undo journal has a record of no known kind');
  }
}
