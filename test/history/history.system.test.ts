/** A short dose of `npm run history`: the program itself, as a process of its own. */
import { expect, it } from 'vitest';
import { describeWith } from '../support/needs/suite.js';
import { PROGRAM_PATIENCE_MS } from '../support/patience.js';
import { runProgram } from '../support/program.js';
import { whenSuiteIsOver } from '../support/when-over.js';
import { historyMutantNames } from './mutants.js';

const SECONDS = process.env.PARLEY_SECONDS ?? '5';
const CLUSTER_SECONDS = process.env.PARLEY_SECONDS ?? '12';
const SEED = process.env.PARLEY_SEED ?? String(1 + (Date.now() % 0x7fff_ffff));

const whenOver = whenSuiteIsOver();

it(
  `What many clients see of a server that is killed is one order of events (seed ${SEED})`,
  { timeout: PROGRAM_PATIENCE_MS },
  async () => {
    const args = ['--seconds', SECONDS, '--seed', SEED, '--kill'];
    const { code, stdout, stderr } = await runProgram('history', args, whenOver);
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/server killed/);
  },
);

it.each(historyMutantNames)(
  `A wrong answer that something between server and clients gives is found (%s, seed ${SEED})`,
  { timeout: PROGRAM_PATIENCE_MS },
  async (mutant) => {
    const args = ['--seconds', '1', '--seed', SEED, '--plant', mutant]; // and on until it has lied
    const { code, stdout, stderr } = await runProgram('history', args, whenOver);
    expect(code, stdout + stderr).toBe(3);
  },
);

await describeWith('local-kafka', `clients of a cluster (seed ${SEED})`, () => {
  const members = ['--log', 'kafka', '--members', '3', '--seconds', CLUSTER_SECONDS, '--seed', SEED];

  it(
    'What many clients see of a cluster is one order of events, whichever member they ask, and whoever owns the shard',
    { timeout: PROGRAM_PATIENCE_MS },
    async () => {
      const { code, stdout, stderr } = await runProgram('history', [...members, '--kill', '--silence'], whenOver);
      expect(code, stdout + stderr).toBe(0);
      expect(stdout).toMatch(/(member|Kafka|one) (killed|still|ended by SIGTERM)/);
    },
  );
});
