// npm links the bins of dependencies, never the package's own: this makes `npx parley` work in the checkout at once. It is the script
// `dependencies` of package.json, which npm runs when it has changed a checkout’s node_modules, and never where the package is installed.
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const binDir = join(import.meta.dirname, '..', '..', 'node_modules', '.bin');

// Windows needs privileges for links; `node src/cli/parley.mjs` works there as well.
if (process.platform !== 'win32') {
  mkdirSync(binDir, { recursive: true });
  rmSync(join(binDir, 'parley'), { force: true });
  symlinkSync('../../src/cli/parley.mjs', join(binDir, 'parley'));
}
