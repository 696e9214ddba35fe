/** A short dose of `npm run bots`: the program itself, as a process of its own. */
import { expect, it } from 'vitest';
import { faults } from '../reconcile/lying-fetch.js';
import { PROGRAM_PATIENCE_MS } from '../support/patience.js';
import { runProgram } from '../support/program.js';
import { whenSuiteIsOver } from '../support/when-over.js';

const KILLS = process.env.PARLEY_KILLS ?? '4';
const SEED = process.env.PARLEY_SEED ?? String(1 + (Date.now() % 0x7fff_ffff));

const whenOver = whenSuiteIsOver();

it(
  `The bots of the examples, whose server is killed again and again, have the ledger’s orders, fills and positions (seed ${SEED})`,
  { timeout: PROGRAM_PATIENCE_MS },
  async () => {
    const { code, stdout, stderr } = await runProgram(
      'bots',
      ['--kills', KILLS, '--kill-every', '2', '--seed', SEED],
      whenOver,
    );
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toContain('to the last lot');
  },
);

it.each(faults)(
  `A record that a bot has of an own stream that lies is found to differ from the ledger (%s, seed ${SEED})`,
  { timeout: PROGRAM_PATIENCE_MS },
  async (fault) => {
    const args = ['--kills', '1', '--kill-every', '2', '--seed', SEED, '--plant', fault];
    const { code, stdout, stderr } = await runProgram('bots', args, whenOver);
    expect(code, stdout + stderr).toBe(3);
    // A message that comes twice is refused by the client itself, so that the bot ends.
    expect(stdout).toMatch(fault === 'double' ? /UNREADABLE: position \d+ comes twice/ : / alone says deal /);
  },
);
