import fs from 'node:fs';
import path from 'node:path';
import { claimsIn, copy, namesIn, PROJECTIONS, remove, rewrite, SNAPSHOTS, snapshotsIn } from './folder.js';
import type { Ground, Operation } from './operation.js';

const GARBAGE_BYTES = 9_000;

/** What is done to what lies beside the log. */
export const besides: readonly Operation[] = [
  {
    name: 'remove a claim',
    harm: 'beside',
    apply: ({ folder, random }) => removeOne(folder, claimsIn(folder), random.below(99)),
  },
  {
    name: 'remove all claims',
    harm: 'beside',
    apply: ({ folder }) => removeAll(folder, claimsIn(folder)),
  },
  {
    name: 'flip a byte of a claim',
    harm: 'beside',
    apply: (ground) => flipOne(ground, ground.folder, claimsIn(ground.folder)),
  },
  { name: 'empty a claim', harm: 'beside', apply: emptyClaim },
  { name: 'remove the snapshots', harm: 'harmless', apply: ({ folder }) => removeAll(folder, [SNAPSHOTS]) },
  {
    name: 'flip a byte of a snapshot',
    harm: 'harmless',
    apply: (ground) => flipOne(ground, path.join(ground.folder, SNAPSHOTS), snapshotsIn(ground.folder)),
  },
  { name: 'cut a snapshot short', harm: 'harmless', apply: cutSnapshot },
  { name: 'a snapshot of another exchange', harm: 'beside', apply: foreignSnapshot },
  { name: 'an older snapshot under a newer name', harm: 'harmless', apply: renamedSnapshot },
  { name: 'remove the store', harm: 'harmless', apply: ({ folder }) => removeAll(folder, [PROJECTIONS]) },
  { name: 'the store of another exchange', harm: 'beside', apply: foreignStore },
  { name: 'an older store', harm: 'harmless', apply: olderStore },
  { name: 'garbage for a store', harm: 'harmless', apply: garbageStore },
  {
    name: 'remove snapshots and store',
    harm: 'harmless',
    apply: ({ folder }) => removeAll(folder, [SNAPSHOTS, PROJECTIONS]),
  },
  { name: 'foreign files', harm: 'harmless', apply: foreignFiles },
];

function removeAll(folder: string, names: readonly string[]): string {
  remove(folder, names);
  return names.join(', ');
}

function removeOne(folder: string, names: readonly string[], drawn: number): string | undefined {
  const name = names[drawn % Math.max(1, names.length)];
  return name === undefined ? undefined : removeAll(folder, [name]);
}

function flipOne({ random }: Ground, folder: string, names: readonly string[]): string | undefined {
  const name = names[random.below(Math.max(1, names.length))];
  if (name === undefined) return undefined;
  let says: string | undefined;
  rewrite(path.join(folder, name), (bytes) => {
    if (bytes.length === 0) return bytes;
    const at = random.below(bytes.length);
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 + random.below(255)), at);
    says = `${name}: byte ${at}`;
    return bytes;
  });
  return says;
}

function emptyClaim({ folder, random }: Ground): string | undefined {
  const claims = claimsIn(folder);
  const name = claims[random.below(Math.max(1, claims.length))];
  if (name === undefined) return undefined;
  fs.truncateSync(path.join(folder, name));
  return name;
}

function cutSnapshot({ folder, random }: Ground): string | undefined {
  const [name] = snapshotsIn(folder).slice(-1);
  if (name === undefined) return undefined;
  const file = path.join(folder, SNAPSHOTS, name);
  const bytes = random.below(fs.statSync(file).size);
  fs.truncateSync(file, bytes);
  return `${name} to ${bytes} bytes`;
}

function foreignSnapshot({ folder, twin, stranger, random }: Ground): string | undefined {
  const { folder: from } = random.chance(1, 2) ? twin : stranger;
  const names = snapshotsIn(from);
  const name = names[random.below(Math.max(1, names.length))];
  if (name === undefined) return undefined;
  copy(path.join(from, SNAPSHOTS), path.join(folder, SNAPSHOTS), [name]);
  return `${name} of ${from === twin.folder ? 'the twin' : 'a stranger'}`;
}

/** Its content says that it is another: it is as good as damaged. */
function renamedSnapshot({ folder }: Ground): string | undefined {
  const [name] = snapshotsIn(folder);
  if (name === undefined) return undefined;
  const raised = name.replace(/\d+/, (digits) => String(Number(digits) + 1).padStart(digits.length, '0'));
  fs.renameSync(path.join(folder, SNAPSHOTS, name), path.join(folder, SNAPSHOTS, raised));
  return `${name} as ${raised}`;
}

function foreignStore({ folder, twin, stranger, random }: Ground): string {
  const { folder: from } = random.chance(1, 2) ? twin : stranger;
  copy(from, folder, [PROJECTIONS]);
  return from === twin.folder ? 'the twin’s' : 'a stranger’s';
}

function olderStore({ folder, own, random }: Ground): string {
  const index = random.below(own.copies.length - 1);
  copy(own.copies[index] ?? '', folder, [PROJECTIONS]);
  return `of process ${index + 1}`;
}

function garbageStore({ folder, random }: Ground): string {
  const stores = path.join(folder, PROJECTIONS);
  const names = namesIn(stores);
  for (const name of names) fs.rmSync(path.join(stores, name));
  fs.mkdirSync(stores, { recursive: true });
  fs.writeFileSync(path.join(stores, 'queries.db'), Buffer.alloc(GARBAGE_BYTES, 1 + random.below(255)));
  return 'queries.db';
}

function foreignFiles({ folder, random }: Ground): string {
  const names = ['foo.log', 'segment.tmp', 'writer-1.json.bak', 'README', '00000000000000000000-000001.log.tmp'];
  const chosen = names.filter(() => random.chance(2, 3));
  for (const name of chosen) fs.writeFileSync(path.join(folder, name), 'not of this log\n');
  return chosen.join(', ');
}
