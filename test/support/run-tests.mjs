// `npm test` and `npm run test:system`: install and build what is missing, then run vitest once. The first argument names the suite,
// the others go to vitest.
import { run, runOrExit } from '../../src/cli/bootstrap.mjs';
import { prepareTests, vitestRun } from './suites.mjs';

const [suite, ...args] = process.argv.slice(2);
const usage = `npm test [-- what vitest takes: files, -t NAME, …]
npm run test:system [-- …]

Installs and builds what is missing, and runs the tests once: the quick ones, or those that start brokers, kill servers and clusters,
and take longer. Files that are named are run whatever they are. npx vitest run --help tells what vitest takes.
`;
if (args.includes('--help') || args.includes('-h')) {
  process.stdout.write(usage);
  process.exit(0);
}
await runOrExit(async () => {
  await prepareTests();
  process.exitCode = await run(process.execPath, vitestRun(suite, args), { stdio: 'inherit' });
});
