// The suites of tests. What starts brokers, kills clusters or takes long is in files named *.system.test.ts.
import { join } from 'node:path';
import { prepare, root } from '../../src/cli/bootstrap.mjs';

const SUITES = { quick: ['--exclude', '**/*.system.test.ts'], system: ['.system.test.ts'], all: [] };

export const suiteNames = Object.keys(SUITES);

/** Vitest's arguments for a suite, with further ones; those that name files choose among all. */
export function vitestRun(suite, args) {
  const namesFiles = args.some((arg) => /^test\/|\.test\./.test(arg));
  return [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...(namesFiles ? [] : SUITES[suite]), ...args];
}

/** Installs and builds what tests run, now: a build under way would pull the rug from under whoever runs the last one. */
export function prepareTests() {
  return prepare('programs'); // which hold the command line
}
