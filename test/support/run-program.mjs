// `npm run bench`, `prove`, `simulate`, `crash`: programs under test/, run as compiled plain JavaScript. The first argument names the
// program's folder, the others are its own.
import { ensureBuilt, ensureInstalled, runOrExit } from '../../src/cli/bootstrap.mjs';

const [program, ...args] = process.argv.slice(2);
await runOrExit(async () => {
  await ensureInstalled();
  await ensureBuilt('programs');
});
process.argv.splice(2, Infinity, ...args);
await import(`../../dist/test/${program}/main.js`);
