#!/usr/bin/env node
// The command line, runnable from a fresh clone: installs and builds what is missing, then hands over in this process.
import { ensureBuilt, ensureInstalled, runOrExit } from './bootstrap.mjs';

await runOrExit(async () => {
  await ensureInstalled();
  await ensureBuilt();
});
await import('../../dist/src/cli/main.js');
