// `npm test` and `npm run test:system`: install and build what is missing, then run vitest once. The first argument names the suite,
// `quick` or `system`; the others go to vitest. What starts brokers, kills clusters or takes long is in files named *.system.test.ts.
import { ensureBuilt, ensureInstalled, run, runOrExit } from '../../src/cli/bootstrap.mjs';

const suites = { quick: ['--exclude', '**/*.system.test.ts'], system: ['.system.test.ts'] };

const [suite, ...args] = process.argv.slice(2);
await runOrExit(async () => {
  await ensureInstalled();
  await ensureBuilt();
  await ensureBuilt('programs'); // now, for a build under way would pull the rug from under whoever runs the last one
  const namesFiles = args.some((arg) => !arg.startsWith('-'));
  const chosen = suite === 'system' && namesFiles ? [] : suites[suite];
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', ...chosen, ...args];
  process.exitCode = await run(process.execPath, vitest, { stdio: 'inherit' });
});
