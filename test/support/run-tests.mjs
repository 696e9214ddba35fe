// `npm test`: installs and builds what is missing, then runs vitest once. Arguments go to vitest.
import { ensureBuilt, ensureInstalled, run, runOrExit } from '../../src/cli/bootstrap.mjs';

await runOrExit(async () => {
  await ensureInstalled();
  await ensureBuilt();
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)];
  process.exitCode = await run(process.execPath, vitest, { stdio: 'inherit' });
});
