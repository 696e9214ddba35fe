/** `npm run tamper` on each kind of log: the program itself, as a process of its own. */
import { describe, expect, it } from 'vitest';
import { skipWithout } from '../support/needs/suite.js';
import { PROGRAM_PATIENCE_MS } from '../support/patience.js';
import { runProgram } from '../support/program.js';
import { whenSuiteIsOver } from '../support/when-over.js';

/** The same changes each time; PARLEY_SEED gives others. */
const SEED = process.env.PARLEY_SEED ?? '77';
const ROUNDS = { embedded: '16', eventstoredb: '11', kafka: '6' } as const;

describe(`logs that are changed from outside (seed ${SEED})`, () => {
  loseNothing('embedded');
  loseNothing('eventstoredb');
  loseNothing('kafka');
});

function loseNothing(log: keyof typeof ROUNDS): void {
  const whenOver = whenSuiteIsOver();
  const rounds = process.env.PARLEY_ROUNDS ?? ROUNDS[log];
  const args = ['--log', log, '--rounds', rounds, '--seed', SEED];

  it(
    `Logs that are changed from outside lose nothing without a word, and each change has its outcome, on ${log}`,
    { timeout: PROGRAM_PATIENCE_MS },
    async (context) => {
      if (log === 'kafka') await skipWithout(context, 'local-kafka');
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
