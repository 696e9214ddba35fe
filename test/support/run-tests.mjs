// `npm test` and `npm run test:system`: install and build what is missing, then run vitest once. The first argument names the suite,
// the others go to vitest.
import { run, runOrExit } from '../../src/cli/bootstrap.mjs';
import { prepareTests, vitestRun } from './suites.mjs';

const [suite, ...args] = process.argv.slice(2);
await runOrExit(async () => {
  await prepareTests();
  process.exitCode = await run(process.execPath, vitestRun(suite, args), { stdio: 'inherit' });
});
