/** What package-lock.json has of the packages that Parley brings along: which they are, and under which licences. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const checkout = path.join(import.meta.dirname, '../../..');

/** An entry of the lockfile. */
interface LockEntry {
  readonly version: string;
  readonly license?: string;
  readonly os?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression. */
  readonly license: string;
  /** Where it is installed: `node_modules/pino-pretty/node_modules/sonic-boom`. */
  readonly folder: string;
  /** A binary for one platform, of which each machine installs its own. */
  readonly isOfOnePlatform: boolean;
}

const { packages: lock } = JSON.parse(readFileSync(path.join(checkout, 'package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, LockEntry>>;
}; // as npm writes it

/** The client for EventStoreDB, which the image has besides what the package needs. */
const ADDED_TO_IMAGE = ['@eventstore/db-client'];

/** What an installation of the npm package brings. */
export function packagesOfPackage(): LockedPackage[] {
  return reachedFrom(Object.keys(lock['']?.dependencies ?? {}));
}

/** What the image has installed, and binaries for other platforms than its own. */
export function packagesOfImage(): LockedPackage[] {
  return reachedFrom([...Object.keys(lock['']?.dependencies ?? {}), ...ADDED_TO_IMAGE]);
}

/** What the page's scripts hold parts of: asked of its bundler. */
export function packagesOfPage(): LockedPackage[] {
  const args = [path.join(checkout, 'src/web/build.mjs'), '--packages'];
  return execFileSync(process.execPath, args, { encoding: 'utf8' }).trim().split('\n').map(lockedIn);
}

/** In the order of their names. */
function reachedFrom(names: readonly string[]): LockedPackage[] {
  const reached = new Set<string>();
  const waiting = names.map((name) => folderOf(name, ''));
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    if (reached.has(folder)) continue;
    reached.add(folder);
    const from = folder;
    const { dependencies, optionalDependencies } = lock[from] ?? {};
    waiting.push(...Object.keys({ ...dependencies, ...optionalDependencies }).map((name) => folderOf(name, from)));
  }
  return [...reached].map(lockedIn).sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

function keyOf({ name, version }: LockedPackage): string {
  return `${name} ${version}`;
}

/** Where a package that lies at `from` finds another: as Node looks for it, in folder after folder upwards. */
function folderOf(name: string, from: string): string {
  const folder = path.posix.join(from, 'node_modules', name);
  if (folder in lock) return folder;
  if (from === '') throw new Error(`package-lock.json has no ${name}: run npm install`);
  return folderOf(name, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))));
}

function lockedIn(folder: string): LockedPackage {
  const entry = lock[folder];
  if (entry === undefined) throw new Error(`package-lock.json has no ${folder}`);
  const { version, license = '', os } = entry;
  const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
  return { name, version, license, folder, isOfOnePlatform: os?.length === 1 };
}
