/** A short dose of `npm run tamper`, on the embedded log: the program itself, as a process of its own. */
import { beforeAll, describe, expect, it } from 'vitest';
import { PROGRAM_PATIENCE_MS } from '../support/patience.js';
import { runProgram } from '../support/program.js';
import { whenSuiteIsOver } from '../support/when-over.js';

const ROUNDS = 6;
/** The first rounds with it restore, cut and remove, two of them under a running server. */
const SEED = 1;

describe(`logs that are changed from outside, ${ROUNDS} times (seed ${SEED})`, () => {
  const whenOver = whenSuiteIsOver();
  let output = '';
  let code = -1;

  beforeAll(async () => {
    const ran = await runProgram('tamper', ['--rounds', `${ROUNDS}`, '--seed', `${SEED}`], whenOver);
    code = ran.code;
    output = ran.stdout + ran.stderr;
  }, PROGRAM_PATIENCE_MS);

  it('Logs that are changed from outside lose nothing without a word', () => {
    expect(code, output).toBe(0);
  });

  it('Logs that are changed from outside are each reported with their outcome', () => {
    expect(output.match(/^.+ {2,}\d+ {2}(as before|refused|otherwise) \d+/gm), output).toHaveLength(ROUNDS);
  });
});
