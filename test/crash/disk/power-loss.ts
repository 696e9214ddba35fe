/**
 * Takes from a folder what a disk would have lost with its power. It is called once all processes that used the folder are dead.
 *
 * 1. What was synced stays: bytes by a sync of their file, names by a sync of their folder.
 * 2. Of the rest any part may be lost, bytes and names independently of each other.
 * 3. Until it is called the journals are kept, over any number of processes: a process that is killed takes no power from the disk.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Random } from '../../support/random.js';
import { FileHistory, type Loss, losses } from './file-history.js';
import { type ContentChange, type DiskRecord, type NameChange, readJournals } from './undo-journal.js';

export interface Lost {
  readonly loss: Loss;
  readonly bytes: number;
  readonly names: number;
}

type Names = Map<string, string>;

/** The folder of the disk that is not on it. */
const THROWN_AWAY = 'projections';

export function losePower(folder: string, journals: string, random: Random): Lost {
  const loss = losses[random.below(losses.length)] ?? 'lost';
  const records = readJournals(journals);
  const now = namesIn(folder);
  const files = new Map<string, FileHistory>();
  for (const [name, inode] of now) files.set(inode, new FileHistory(fs.readFileSync(path.join(folder, name))));
  for (const [name, inode] of gravesIn(journals)) {
    files.set(inode, new FileHistory(fs.readFileSync(path.join(journals, name))));
  }
  const left = survivingNames(records, now, files, loss, random);
  const bytes = rewrite(folder, now, left, files, loss, random);
  for (const file of fs.readdirSync(journals)) fs.rmSync(path.join(journals, file));
  const names = [...now.keys(), ...left.keys()].filter((name) => now.get(name) !== left.get(name));
  return { loss, bytes, names: new Set(names).size };
}

/** Goes back to the first record, then forward again through all syncs. Returns the names that are left. */
function survivingNames(
  records: readonly DiskRecord[],
  now: Names,
  files: Map<string, FileHistory>,
  loss: Loss,
  random: Random,
): Names {
  const names: Names = new Map(now);
  for (const record of records.toReversed()) {
    if (isContent(record)) files.get(record.inode)?.undo(record);
    else if (isName(record)) undoName(names, record);
  }
  let pending: NameChange[] = [];
  for (const record of records) {
    if (isContent(record)) files.get(record.inode)?.redo();
    else if (isName(record)) pending.push(record);
    else if (record.kind === 'sync') files.get(record.inode)?.sync();
    else if (record.kind === 'syncFailed') files.get(record.inode)?.failSync();
    else pending = makeDurable(names, pending, record.folder);
  }
  for (const change of survivors(pending, loss, random)) doName(names, change);
  return names;
}

/** Returns what is pending in other folders. */
function makeDurable(names: Names, pending: readonly NameChange[], folder: string): NameChange[] {
  for (const change of pending) if (folderOf(change) === folder) doName(names, change);
  return pending.filter((change) => folderOf(change) !== folder);
}

function survivors(pending: readonly NameChange[], loss: Loss, random: Random): readonly NameChange[] {
  switch (loss) {
    case 'kept':
      return pending;
    case 'lost':
      return [];
    case 'prefix':
      return pending.slice(0, random.below(pending.length + 1));
    case 'sectors':
    case 'zeroed':
      return pending.filter(() => random.chance(1, 2));
  }
}

/** Leaves the files that survived, and nothing else of what is on the disk. Returns how many bytes are not as they were. */
function rewrite(
  folder: string,
  now: Names,
  left: Names,
  files: ReadonlyMap<string, FileHistory>,
  loss: Loss,
  random: Random,
): number {
  let lost = 0;
  for (const [name, inode] of now) {
    const file = files.get(inode);
    if (left.get(name) === inode && file?.isDurable === true) continue;
    fs.rmSync(path.join(folder, name));
    if (!left.has(name)) lost += file?.now.length ?? 0;
  }
  for (const [name, inode] of left) {
    const file = files.get(inode);
    if (file === undefined || (now.get(name) === inode && file.isDurable)) continue;
    const content = file.lose(loss, random);
    lost += difference(file.now, content);
    fs.writeFileSync(path.join(folder, name), content);
  }
  return lost;
}

function difference(before: Buffer, after: Buffer): number {
  let count = Math.abs(before.length - after.length);
  for (let at = 0; at < Math.min(before.length, after.length); at++) if (before[at] !== after[at]) count++;
  return count;
}

function undoName(names: Names, change: NameChange): void {
  if (change.kind === 'create') names.delete(change.name);
  else names.set(change.name, change.inode);
  if (change.kind !== 'rename') return;
  if (change.replaced === undefined) names.delete(change.other);
  else names.set(change.other, change.replaced);
}

function doName(names: Names, change: NameChange): void {
  if (change.kind === 'create') names.set(change.name, change.inode);
  else names.delete(change.name);
  if (change.kind === 'rename') names.set(change.other, change.inode);
}

function folderOf(change: NameChange): string {
  const folder = path.dirname(change.name);
  return folder === '.' ? '' : folder;
}

function isContent(record: DiskRecord): record is ContentChange {
  return record.kind === 'write' || record.kind === 'truncate';
}

function isName(record: DiskRecord): record is NameChange {
  return record.kind === 'create' || record.kind === 'unlink' || record.kind === 'rename';
}

/** The inodes of the files on the disk by their names, relative to its folder. */
function namesIn(folder: string): Names {
  const names: Names = new Map();
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (name === THROWN_AWAY || name.startsWith(`${THROWN_AWAY}/`)) continue;
    const stat = fs.statSync(path.join(folder, name), { bigint: true });
    if (stat.isFile()) names.set(name, String(stat.ino));
  }
  return names;
}

function gravesIn(journals: string): [name: string, inode: string][] {
  const graves = fs.readdirSync(journals).filter((file) => file.endsWith('.grave'));
  return graves.map((file) => [file, path.basename(file, '.grave')]);
}
