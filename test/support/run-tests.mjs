// `npm test`: installs and builds what is missing, then runs vitest once. Arguments go to vitest.
import { ensureBuilt, ensureInstalled, run, runOrExit } from '../../src/cli/bootstrap.mjs';

await runOrExit(async () => {
  await ensureInstalled();
  await ensureBuilt();
  await ensureBuilt('programs'); // now, for a build under way would pull the rug from under whoever runs the last one
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)];
  process.exitCode = await run(process.execPath, vitest, { stdio: 'inherit' });
});
