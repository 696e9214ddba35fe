// `npm run bench`: benchmarks run as compiled plain JavaScript. Arguments go to test/bench/main.ts.
import { ensureBuilt, ensureInstalled, runOrExit } from '../../src/cli/bootstrap.mjs';

await runOrExit(async () => {
  await ensureInstalled();
  await ensureBuilt('bench');
});
await import('../../dist/test/bench/main.js');
