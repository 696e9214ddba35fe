/** What the other files of a log's folder say about the log: claims, snapshots, the query store. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { deserialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import { SqlDatabase } from '../../../projections/store/database/database.js';
import type { LogAsLeft } from './log-as-left.js';

/** The log held every event before a position, the batch that ended there had a digest, or a file was there. */
export interface Known {
  readonly source: string;
  readonly position: number;
  readonly digest?: string | undefined;
  readonly file?: string;
}

const SNAPSHOT_MAGIC = Buffer.from('PARLEYS3');
const HEX_DIGEST = /^[0-9a-f]{64}$/;

/** All that can be read. What is damaged knows nothing. */
export function knownIn(folder: string): Known[] {
  return [...claimsIn(folder), ...snapshotsIn(folder), ...storesIn(folder)];
}

/** What of it the log contradicts. */
export function contradictedBy(log: LogAsLeft, known: readonly Known[]): string[] {
  return known.flatMap(({ source, position, digest, file }) => {
    if (file !== undefined) return log.segments.includes(file) ? [] : [`${source} knows of ${file}`];
    if (position > log.head) return [`${source} knows of position ${position}, the log ends at ${log.head}`];
    if (digest === undefined || position === 0 || log.digests.get(position) === digest) return [];
    return [`${source} knows another digest at position ${position}`];
  });
}

/** JSON lines: how far the log reached, which segment was made, how far it reached at the end. */
function claimsIn(folder: string): Known[] {
  return filesIn(folder, /^writer-\d+\.json$/).flatMap((source) =>
    fs
      .readFileSync(path.join(folder, source), 'utf8')
      .split('\n')
      .flatMap((line) => knownByLine(source, line)),
  );
}

function knownByLine(source: string, line: string): Known[] {
  const note = parsed(line);
  const reach = objectIn(note, 'closed') ?? note;
  const { head, digest } = reach;
  const known: Known[] = [];
  if (typeof head === 'number') {
    known.push({ source, position: head, digest: typeof digest === 'string' ? digest : undefined });
  }
  if (typeof note.segment === 'string') known.push({ source, position: 0, file: note.segment });
  return known;
}

function snapshotsIn(folder: string): Known[] {
  const snapshots = path.join(folder, 'snapshots');
  return filesIn(snapshots, /^snapshot-\d{20}\.bin$/).flatMap((source) => {
    try {
      const head = snapshotHead(fs.readFileSync(path.join(snapshots, source)));
      const { position, digest } = deserialize(head) as { position: number; digest: Uint8Array }; // by its checksum
      return [{ source, position, digest: Buffer.from(digest).toString('hex') }];
    } catch {
      return [];
    }
  });
}

/** What a snapshot says first: where it stands, and on which log. Throws for what is none. */
function snapshotHead(bytes: Buffer): Buffer {
  const head = SNAPSHOT_MAGIC.length + 8;
  const length = bytes.subarray(SNAPSHOT_MAGIC.length, head - 4);
  const body = bytes.subarray(head, head + length.readUInt32LE(0));
  const checksum = crc32(body, crc32(length, crc32(SNAPSHOT_MAGIC)));
  const isOne = bytes.subarray(0, SNAPSHOT_MAGIC.length).equals(SNAPSHOT_MAGIC);
  if (!isOne || bytes.readUInt32LE(head - 4) !== checksum) throw new Error('it is no snapshot');
  return body;
}

/** Read in a copy, because opening a store changes it. */
function storesIn(folder: string): Known[] {
  const stores = path.join(folder, 'projections');
  const names = filesIn(stores, /^queries.*\.db$/);
  if (names.length === 0) return [];
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'parley-tamper-store-'));
  try {
    for (const file of filesIn(stores, /^queries.*\.db(-wal)?$/))
      fs.copyFileSync(path.join(stores, file), path.join(copy, file));
    return names.flatMap((source) => checkpointOf(source, path.join(copy, source)));
  } finally {
    fs.rmSync(copy, { recursive: true, force: true });
  }
}

function checkpointOf(source: string, file: string): Known[] {
  let database: SqlDatabase | undefined;
  try {
    database = new SqlDatabase(file);
    const [position, digest] = database.row('SELECT position, seal_digest FROM checkpoint') ?? [];
    if (typeof position !== 'number' || typeof digest !== 'string' || !HEX_DIGEST.test(digest)) return [];
    return [{ source, position, digest }];
  } catch {
    return [];
  } finally {
    database?.close();
  }
}

function filesIn(folder: string, name: RegExp): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder).filter((file) => name.test(file) && fs.statSync(path.join(folder, file)).isFile());
}

function parsed(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}; // any object can be asked
  } catch {
    return {};
  }
}

function objectIn(note: Record<string, unknown>, name: string): Record<string, unknown> | undefined {
  const value = note[name];
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined; // any object can be asked
}
