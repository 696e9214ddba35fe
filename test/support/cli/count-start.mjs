// Preloaded into a process (`node --import`), writes down what its start takes: each module that it loads and each file that it asks the
// file system for itself, one a line (`module URL`, `statSync PATH`), into the file that PARLEY_TEST_START_COST names.
import fs from 'node:fs';
import { register, syncBuiltinESMExports } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';

const { appendFileSync } = fs;
const note = (line) => appendFileSync(process.env.PARLEY_TEST_START_COST, `${line}\n`);

/** Node's own loader calls this, in a thread of its own. */
export function load(url, context, next) {
  note(`module ${url}`);
  return next(url, context);
}

if (isMainThread) {
  register(import.meta.url);
  for (const name of ['statSync', 'lstatSync', 'existsSync', 'accessSync', 'readdirSync', 'readFileSync']) {
    const usual = fs[name];
    fs[name] = (path, ...args) => {
      note(`${name} ${path instanceof URL ? fileURLToPath(path) : path}`);
      return usual(path, ...args);
    };
  }
  syncBuiltinESMExports();
}
