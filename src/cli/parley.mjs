#!/usr/bin/env node
// The command line, runnable from a fresh clone: installs and builds what is missing, then hands over in this process.
import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isReady, root } from './stamp.mjs';

const args = process.argv.slice(2);

if (!(args.length === 1 && ['-V', '--version'].includes(args[0]) && hasToldVersion())) {
  if (!isReady({ page: args.includes('serve') })) {
    const { prepare, say } = await import('./bootstrap.mjs');
    if (await prepare()) say(`running parley ${args.join(' ')}`);
  }
  await import('../../dist/src/cli/main.js');
}

/** That takes nothing which would have to be installed, built or loaded. Where it cannot be written, the others know how to say so. */
function hasToldVersion() {
  try {
    return writeSync(1, `${JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version}\n`) > 0;
  } catch {
    return false;
  }
}
