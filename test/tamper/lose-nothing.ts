/** The tests of `npm run tamper` on each kind of log: the program itself, as a process of its own. */
import { expect, it } from 'vitest';
import type { Need } from '../support/needs/table.js';
import { skipWithout } from '../support/needs/suite.js';
import { PROGRAM_PATIENCE_MS } from '../support/patience.js';
import { runProgram } from '../support/program.js';
import { whenSuiteIsOver } from '../support/when-over.js';
import type { LogKind } from './options.js';

/** The same changes each time; PARLEY_SEED gives others. */
const SEED = process.env.PARLEY_SEED ?? '77';

/** Changes logs of a kind from outside so many times, or as often as PARLEY_ROUNDS says. */
export function loseNothing(log: LogKind, usualRounds: number, need?: Need): void {
  const whenOver = whenSuiteIsOver();
  const rounds = process.env.PARLEY_ROUNDS ?? String(usualRounds);
  const args = ['--log', log, '--rounds', rounds, '--seed', SEED];

  it(
    `Logs that are changed from outside (seed ${SEED}) lose nothing without a word, and each change has its outcome, on ${log}`,
    { timeout: PROGRAM_PATIENCE_MS },
    async (context) => {
      if (need !== undefined) await skipWithout(context, need);
      const { code, stdout, stderr } = await runProgram('tamper', args, whenOver);
      expect(code, stdout + stderr).toBe(0);
      const told = [...stdout.matchAll(/^\S.* {2,}(\d+) {2}\w/gm)].map(([, count]) => Number(count));
      expect(
        told.reduce((sum, count) => sum + count, 0),
        stdout,
      ).toBe(Number(rounds));
    },
  );
}
