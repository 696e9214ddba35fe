import fs from 'node:fs';
import path from 'node:path';
import { claimsIn, copy, namesIn, PROJECTIONS, remove, restore, rewrite, segmentsIn, SNAPSHOTS } from './folder.js';
import { framesOf } from './log-as-left.js';
import type { Ground, Operation } from './operation.js';

/** Done to a folder under the server that writes it. */
export interface RunningOperation extends Operation {
  /** The server must notice it, and stop with a reason, while it is posted to. */
  readonly isNoticed: boolean;
}

const HEADER_BYTES = 32;
const noticed = { harm: 'log', isNoticed: true } as const;
const harmless = { harm: 'harmless', isNoticed: false } as const;

export const runningOperations: readonly RunningOperation[] = [
  {
    name: 'running: cut frames off',
    ...noticed,
    apply: (ground) => onNewest(ground, (file) => fs.truncateSync(file, cutOf(file, ground))),
  },
  {
    name: 'running: cut the newest segment to nothing',
    ...noticed,
    apply: (ground) => onNewest(ground, (file) => fs.truncateSync(file)),
  },
  {
    name: 'running: remove the newest segment',
    ...noticed,
    apply: (ground) => onNewest(ground, (file) => fs.rmSync(file)),
  },
  {
    name: 'running: put a shorter segment in its place',
    ...noticed,
    apply: (ground) => onNewest(ground, (file) => replaceByShorter(file, ground)),
  },
  {
    name: 'running: write a shorter segment over it',
    ...noticed,
    apply: (ground) => onNewest(ground, (file) => overwriteByShorter(file, ground)),
  },
  { name: 'running: remove the oldest segment', ...noticed, apply: removeOldest },
  { name: 'running: remove the folder', ...noticed, apply: removeFolder },
  { name: 'running: move the folder away', ...noticed, apply: moveFolder },
  { name: 'running: restore an older copy in its place', ...noticed, apply: restoreOlder },
  {
    name: 'running: the folder of a stranger in its place',
    ...noticed,
    apply: ({ folder, stranger }) => replaceFolder(stranger.folder, folder),
  },
  { name: 'running: older segments alone', ...noticed, apply: olderSegments },
  { name: 'running: flip a byte of the oldest segment', harm: 'log', isNoticed: false, apply: flipOldest },
  { name: 'running: append to the newest segment', harm: 'log', isNoticed: false, apply: appendGarbage },
  { name: 'running: remove all claims', harm: 'beside', isNoticed: false, apply: removeClaims },
  { name: 'running: remove the snapshots', ...harmless, apply: ({ folder }) => removeOne(folder, SNAPSHOTS) },
  { name: 'running: remove the store', ...harmless, apply: ({ folder }) => removeOne(folder, PROJECTIONS) },
  { name: 'running: foreign files', ...harmless, apply: foreignFiles },
];

function onNewest({ folder }: Ground, change: (file: string) => void): string {
  const [name = ''] = segmentsIn(folder).slice(-1);
  change(path.join(folder, name));
  return name;
}

/** Where one of the last frames begins. */
function cutOf(file: string, { random }: Pick<Ground, 'random'>): number {
  const frames = framesOf(fs.readFileSync(file));
  return frames[frames.length - 1 - random.below(Math.min(4, frames.length))]?.start ?? HEADER_BYTES;
}

function replaceByShorter(file: string, ground: Ground): void {
  fs.writeFileSync(`${file}.tmp`, fs.readFileSync(file).subarray(0, cutOf(file, ground)));
  fs.renameSync(`${file}.tmp`, file);
}

function overwriteByShorter(file: string, ground: Ground): void {
  rewrite(file, (bytes) => bytes.subarray(0, cutOf(file, ground)));
}

function removeOldest({ folder }: Ground): string {
  const names = segmentsIn(folder).slice(0, 1);
  remove(folder, names);
  return names.join(', ');
}

function removeFolder({ folder }: Ground): string {
  fs.rmSync(folder, { recursive: true });
  return path.basename(folder);
}

function moveFolder({ folder }: Ground): string {
  fs.renameSync(folder, `${folder}.aside`);
  return `${path.basename(folder)}.aside`;
}

function restoreOlder({ folder, own, random }: Ground): string {
  const index = random.below(own.copies.length);
  restore(own.copies[index] ?? '', folder);
  return `of process ${index + 1}`;
}

function replaceFolder(from: string, to: string): string {
  restore(from, to);
  return path.basename(path.dirname(from));
}

function olderSegments({ folder, own, random }: Ground): string {
  const index = random.below(own.copies.length);
  const from = own.copies[index] ?? '';
  remove(folder, segmentsIn(folder));
  copy(from, folder, segmentsIn(from));
  return `of process ${index + 1}`;
}

function flipOldest({ folder, random }: Ground): string {
  const [name = ''] = segmentsIn(folder);
  rewrite(path.join(folder, name), (bytes) => {
    const at = random.below(bytes.length);
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 + random.below(255)), at);
    return bytes;
  });
  return name;
}

function appendGarbage(ground: Ground): string {
  return onNewest(ground, (file) => fs.appendFileSync(file, Buffer.alloc(1 + ground.random.below(200), 0x41)));
}

function removeClaims({ folder }: Ground): string {
  const names = claimsIn(folder);
  remove(folder, names);
  return names.join(', ');
}

function removeOne(folder: string, name: string): string {
  remove(folder, [name]);
  return name;
}

function foreignFiles({ folder }: Ground): string {
  for (const name of ['foo.log', 'note.tmp']) fs.writeFileSync(path.join(folder, name), 'not of this log\n');
  return namesIn(folder).join(', ');
}
