// `npm run test:flaky`: runs the tests many times, shuffled, beside load if asked, and prints what failed how often. Exit code 1 if anything did.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, run, runOrExit } from '../../src/cli/bootstrap.mjs';
import { argumentsOf, refuse } from '../../src/cli/usage.mjs';
import { prepareTests, suiteNames, vitestRun } from './suites.mjs';

const LONGEST_MESSAGE = 160;

const usage = `npm run test:flaky -- [options] [files] [-- what else vitest takes]
  --times N       how often (5)
  --seed S        of the first shuffle; the next run has the next one
  --load          beside load that keeps every processor busy
  --suite NAME    ${suiteNames.join(', ')} (quick)
  -t NAME         only tests whose names hold this
  --help          this

Exit codes: 0 nothing failed, 1 something did, 2 usage.
`;
const { times, seed, hasLoad, suite, vitestArgs } = readArguments();

await runOrExit(async () => {
  await prepareTests();
  const load = hasLoad ? Array.from({ length: availableParallelism() }, spin) : [];
  try {
    process.exitCode = await findFlaky();
  } finally {
    for (const child of load) child.kill('SIGKILL');
  }
});

async function findFlaky() {
  /** @type {Map<string, { count: number, message: string }>} */
  const failed = new Map();
  for (let number = 1; number <= times; number++) {
    const began = performance.now();
    const { line, failures } = await runOnce(seed + number - 1);
    const seconds = ((performance.now() - began) / 1_000).toFixed(0);
    say(`run ${number} of ${times}, seed ${seed + number - 1}: ${line}, ${seconds} s`);
    for (const { where, message } of failures) {
      say(`failed: ${where}\n${message.replace(/^/gm, '        ')}`); // whole: a property's message has its seed and path
      failed.set(where, { count: (failed.get(where)?.count ?? 0) + 1, message });
    }
  }
  const rows = [...failed].sort(([, a], [, b]) => b.count - a.count);
  for (const [where, { count, message }] of rows) {
    say(`${count} of ${times}  ${where}\n        ${message.split('\n')[0].slice(0, LONGEST_MESSAGE)}`);
  }
  if (rows.length === 0) say(`nothing failed in ${times} runs`);
  return rows.length === 0 ? 0 : 1;
}

/** What a run ends with, by the summary reporter; what it printed is shown where it ended without that. */
async function runOnce(runSeed) {
  const folder = mkdtempSync(join(tmpdir(), 'parley-flaky-'));
  const resultsFile = join(folder, 'results.json');
  const args = [
    '--sequence.shuffle',
    `--sequence.seed=${runSeed}`,
    `--reporter=${join(root, 'test/support/summary-reporter.ts')}`,
  ];
  const env = { ...process.env, RESULTS_FILE: resultsFile };
  delete env.SUMMARY_FILE; // the tally of whoever runs this is not for what fails here
  try {
    const code = await run(process.execPath, vitestRun(suite, [...args, ...vitestArgs]), { env });
    if (existsSync(resultsFile)) return JSON.parse(readFileSync(resultsFile, 'utf8'));
    return {
      line: 'no result',
      failures: [{ where: 'the run itself', message: `vitest ended with exit code ${code}` }],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Keeps one core busy until it is killed, or this process is gone. */
function spin() {
  const program = `const parent = ${process.pid}; for (;;) { for (let i = 0; i < 1e9; i++); process.kill(parent, 0); }`;
  return spawn(process.execPath, ['-e', program], { stdio: 'ignore' });
}

function readArguments() {
  const options = {
    ...{ times: { type: 'string', default: '5' }, seed: { type: 'string' }, load: { type: 'boolean', default: false } },
    ...{ suite: { type: 'string', default: 'quick' }, testNamePattern: { type: 'string', short: 't' } },
  };
  const { values, positionals } = argumentsOf(usage, { options, allowPositionals: true });
  if (!suiteNames.includes(values.suite)) refuse(`--suite takes ${suiteNames.join(', ')}`, usage);
  const named = values.testNamePattern === undefined ? [] : ['-t', values.testNamePattern];
  return {
    times: wholeNumber('--times', values.times),
    seed: wholeNumber('--seed', values.seed ?? String(1 + (Date.now() % 1_000_000))),
    hasLoad: values.load,
    suite: values.suite,
    vitestArgs: [...named, ...positionals],
  };
}

function wholeNumber(option, text) {
  return /^[1-9]\d{0,8}$/.test(text)
    ? Number(text)
    : refuse(`${option} takes a whole number from 1, not ${text}`, usage);
}

function say(text) {
  process.stdout.write(`${text}\n`);
}
