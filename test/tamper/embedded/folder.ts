/** Lists, removes, copies and rewrites the files of a log's folder. */
import fs from 'node:fs';
import path from 'node:path';

export const SNAPSHOTS = 'snapshots';
export const PROJECTIONS = 'projections';

export function segmentsIn(folder: string): string[] {
  return namesIn(folder).filter((name) => /^\d{20}-\d{6,}\.log$/.test(name));
}

export function claimsIn(folder: string): string[] {
  return namesIn(folder).filter((name) => /^writer-\d{6,}\.json$/.test(name));
}

export function snapshotsIn(folder: string): string[] {
  return namesIn(path.join(folder, SNAPSHOTS)).filter((name) => name.endsWith('.bin'));
}

export function namesIn(folder: string): string[] {
  return fs.existsSync(folder) ? fs.readdirSync(folder).sort() : [];
}

/** Removes files or folders, by their names in a folder. */
export function remove(folder: string, names: readonly string[]): void {
  for (const name of names) fs.rmSync(path.join(folder, name), { recursive: true, force: true });
}

/** Copies files or folders over those of the same names; missing ones are passed over. */
export function copy(from: string, to: string, names: readonly string[]): void {
  fs.mkdirSync(to, { recursive: true });
  for (const name of names) {
    const source = path.join(from, name);
    if (!fs.existsSync(source)) continue;
    fs.rmSync(path.join(to, name), { recursive: true, force: true });
    fs.cpSync(source, path.join(to, name), { recursive: true });
  }
}

/** A folder as another one is. */
export function restore(from: string, to: string): void {
  fs.rmSync(to, { recursive: true, force: true });
  fs.cpSync(from, to, { recursive: true });
}

/** Changes a file's bytes. */
export function rewrite(file: string, change: (bytes: Buffer) => Buffer): void {
  fs.writeFileSync(file, change(fs.readFileSync(file)));
}

/** The log itself: segments and claims, with their content. */
export function logContent(folder: string): ReadonlyMap<string, string> {
  const names = [...segmentsIn(folder), ...claimsIn(folder)];
  return new Map(names.map((name) => [name, fs.readFileSync(path.join(folder, name), 'base64')]));
}

/** What was added, removed or changed. */
export function changesOf(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name));
}
