/** A short dose of `npm run reconcile`: the program itself, as a process of its own. */
import { expect, it } from 'vitest';
import { PROGRAM_PATIENCE_MS } from '../support/patience.js';
import { runProgram } from '../support/program.js';
import { whenSuiteIsOver } from '../support/when-over.js';

const ROUNDS = process.env.PARLEY_ROUNDS ?? '8';
const SEED = process.env.PARLEY_SEED ?? String(1 + (Date.now() % 0x7fff_ffff));

const whenOver = whenSuiteIsOver();

it(
  `Programs that are killed, like their server, keep books that equal account, ledger and log (seed ${SEED})`,
  { timeout: PROGRAM_PATIENCE_MS },
  async () => {
    const args = ['--rounds', ROUNDS, '--seed', SEED];
    const { code, stdout, stderr } = await runProgram('reconcile', args, whenOver);
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toContain('all books are equal');
  },
);

it.each(['drop', 'double', 'change'])(
  `An own stream that lies is found (%s, seed ${SEED})`,
  { timeout: PROGRAM_PATIENCE_MS },
  async (fault) => {
    const args = ['--rounds', '20', '--seed', SEED, '--plant', fault];
    const { code, stdout, stderr } = await runProgram('reconcile', args, whenOver);
    expect(code, stdout + stderr).toBe(3);
  },
);
