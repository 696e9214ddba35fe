// `npm run check`: every check that runs nothing; `npm run verify`: these and all tests. All of them run, so that one pass tells
// everything there is to mend.
import { argumentsOf } from '../../src/cli/usage.mjs';
import { ensureInstalled, run, runOrExit } from '../../src/cli/bootstrap.mjs';

const checks = ['format:check', 'lint', 'types', 'types:page', 'types:package', 'boundaries', 'dead-code'];
const usage = `npm run check    ${checks.join(', ')}
npm run verify   these, and all tests

All of them run, whichever fail; the last line names those that did.
`;
const { positionals } = argumentsOf(usage, { allowPositionals: true });
const steps = positionals[0] === 'check' ? checks : [...checks, 'test', 'test:system'];
const failed = [];

await runOrExit(ensureInstalled);
for (const [index, step] of steps.entries()) {
  process.stdout.write(`\n[${index + 1}/${steps.length}] ${step}\n`);
  const code = await run('npm', ['run', '--silent', step], { stdio: 'inherit', shell: process.platform === 'win32' });
  if (code !== 0) failed.push(step);
}

if (failed.length > 0) {
  process.stderr.write(`\nfailed: ${failed.join(', ')}\n`);
  process.exitCode = 1;
}
