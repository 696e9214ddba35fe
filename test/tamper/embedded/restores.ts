import fs from 'node:fs';
import path from 'node:path';
import { claimsIn, copy, namesIn, PROJECTIONS, remove, restore, segmentsIn, SNAPSHOTS } from './folder.js';
import type { Ground, Operation } from './operation.js';

/** What restores, copies and hands do to the folder as a whole. */
export const restores: readonly Operation[] = [
  { name: 'restore an older copy', harm: 'log', apply: (ground) => fromOlder(ground, restore) },
  { name: 'older segments under all else', harm: 'log', apply: (ground) => fromOlder(ground, olderSegments) },
  { name: 'older claims, snapshots and store', harm: 'beside', apply: (ground) => fromOlder(ground, olderBesides) },
  { name: 'older segments and claims', harm: 'log', apply: (ground) => fromOlder(ground, olderLog) },
  {
    name: 'older segments and snapshots',
    harm: 'log',
    apply: (ground) => fromOlder(ground, olderSegmentsAndSnapshots),
  },
  {
    name: 'an older copy over it',
    harm: 'log',
    apply: (ground) => fromOlder(ground, (from, to) => copy(from, to, namesIn(from))),
  },
  { name: 'the segments of a twin', harm: 'log', apply: ({ folder, twin }) => exchangeSegments(twin.folder, folder) },
  {
    name: 'the segments of a stranger',
    harm: 'log',
    apply: ({ folder, stranger }) => exchangeSegments(stranger.folder, folder),
  },
  { name: 'segments and claims of a twin', harm: 'log', apply: ({ folder, twin }) => exchangeLog(twin.folder, folder) },
  { name: 'all of a twin', harm: 'log', apply: ({ folder, twin }) => all(twin.folder, folder) },
  { name: 'mix two folders', harm: 'log', apply: mix },
  { name: 'empty the folder', harm: 'log', apply: ({ folder }) => keepOnly(folder, []) },
  { name: 'remove the folder', harm: 'log', apply: ({ folder }) => removeFolder(folder) },
  { name: 'only the claims left', harm: 'log', apply: ({ folder }) => keepOnly(folder, claimsIn(folder)) },
  { name: 'only the snapshots left', harm: 'log', apply: ({ folder }) => keepOnly(folder, [SNAPSHOTS]) },
  { name: 'only the store left', harm: 'log', apply: ({ folder }) => keepOnly(folder, [PROJECTIONS]) },
  { name: 'only the segments left', harm: 'beside', apply: ({ folder }) => keepOnly(folder, segmentsIn(folder)) },
  {
    name: 'cut the last segment and all beside',
    harm: 'log',
    apply: ({ folder }) => keepOnly(folder, segmentsIn(folder).slice(0, -1)),
  },
];

function fromOlder({ folder, own, random }: Ground, put: (from: string, to: string) => void): string {
  const index = random.below(own.copies.length - 1);
  put(own.copies[index] ?? '', folder);
  return `of process ${index + 1}`;
}

function olderSegments(from: string, to: string): void {
  remove(to, segmentsIn(to));
  copy(from, to, segmentsIn(from));
}

function olderBesides(from: string, to: string): void {
  const besides = (folder: string): string[] => [...claimsIn(folder), SNAPSHOTS, PROJECTIONS];
  remove(to, besides(to));
  copy(from, to, besides(from));
}

function olderLog(from: string, to: string): void {
  remove(to, [...segmentsIn(to), ...claimsIn(to)]);
  copy(from, to, [...segmentsIn(from), ...claimsIn(from)]);
}

function olderSegmentsAndSnapshots(from: string, to: string): void {
  olderSegments(from, to);
  remove(to, [SNAPSHOTS]);
  copy(from, to, [SNAPSHOTS]);
}

function exchangeSegments(from: string, to: string): string {
  remove(to, segmentsIn(to));
  copy(from, to, segmentsIn(from));
  return segmentsIn(to).join(', ');
}

function exchangeLog(from: string, to: string): string {
  remove(to, claimsIn(to));
  copy(from, to, claimsIn(from));
  return exchangeSegments(from, to);
}

function all(from: string, to: string): string {
  restore(from, to);
  return 'everything';
}

/** Of each file that only one has, that one; of the others either. */
function mix({ folder, stranger, random }: Ground): string {
  const names = namesIn(stranger.folder).filter(() => random.chance(1, 2));
  copy(stranger.folder, folder, names);
  return names.join(', ');
}

function keepOnly(folder: string, names: readonly string[]): string {
  remove(
    folder,
    namesIn(folder).filter((name) => !names.includes(name)),
  );
  return names.length === 0 ? 'nothing is left' : names.join(', ');
}

function removeFolder(folder: string): string {
  fs.rmSync(folder, { recursive: true });
  return path.basename(folder);
}
