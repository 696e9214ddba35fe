// Whether what is installed and built is what the checkout asks for: one look at each file that went into it.
//
// 1. A stamp stands for one good build. It holds the time of every source that was compiled, of package-lock.json, and of what npm
//    installed; a time that differs, or a file that is gone, makes it void. Times are compared for being the same, not for being older:
//    what an archive or a tool unpacks may bear any time.
// 2. Every start looks, so that an edit is never answered by the code before it. Nothing less sees one: a directory's time and git's
//    index do not change when a file is written in place. For 500 files that is 4 ms, and the walk through the folders is left out: a file
//    that is new is of no use before one that is known imports it. `npm run build` and `npm test` take that walk too.
//    What the page alone is made of has a stamp of its own, at which only a start of the server looks.
// 3. An install without a compiler has nothing to look at: it runs what was built. So does the package, which has no sources at all.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** What npm is asked for, and what it says that it has installed. */
export const lockFiles = ['package-lock.json', 'node_modules/.package-lock.json'];

/** Whether the application can run as it is, in a checkout that somebody may have edited; and show its page, where that is wanted. */
export function isReady({ page }) {
  const wanted = page ? ['app', 'page'] : ['app'];
  return (hasCompiler() && wanted.every((target) => isCurrent(stampIn(target)))) || isPackage();
}

/** Whether this is what `npm pack` makes of a checkout: built, and without its sources. */
function isPackage() {
  return !existsSync(join(root, 'src/cli/bootstrap.mjs'));
}

export function hasCompiler() {
  return existsSync(join(root, 'node_modules/typescript'));
}

export function stampFile(target) {
  return join(root, 'dist', `.built-${target}`);
}

/** The times of all files that went into a build, by their paths; undefined where none has ended well. */
export function stampIn(target) {
  try {
    return JSON.parse(readFileSync(stampFile(target), 'utf8'));
  } catch {
    return undefined; // never built, or cut short by a full disk: built again
  }
}

/** Whether all that a stamp names is still as it was then. */
export function isCurrent(stamp) {
  return stamp !== undefined && Object.entries(stamp).every(([file, timeMs]) => timeOf(file) === timeMs);
}

/** The time of a file of the checkout, in milliseconds; 0 where it is not there. */
export function timeOf(file) {
  return statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
