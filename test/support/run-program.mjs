// `npm run bench`, `prove`, `simulate`, `crash`: programs under test/, run as compiled plain JavaScript. The first argument names the
// program's folder, the others are its own.
import { prepare } from '../../src/cli/bootstrap.mjs';

const [program, ...args] = process.argv.slice(2);
await prepare('programs');
process.argv.splice(2, Infinity, ...args);
await import(`../../dist/test/${program}/main.js`);
