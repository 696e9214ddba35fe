/** A short dose of `npm run crash:containers`: the program itself, as a process of its own. */
import { beforeAll, expect, it } from 'vitest';
import { describeWith } from '../support/needs/suite.js';
import { PROGRAM_PATIENCE_MS } from '../support/patience.js';
import { runProgram } from '../support/program.js';
import { whenSuiteIsOver } from '../support/when-over.js';

const KINDS = ['mute', 'delay', 'memory'];
const ROUNDS = process.env.PARLEY_ROUNDS ?? String(KINDS.length);
const SEED = process.env.PARLEY_SEED ?? String(1 + (Date.now() % 0x7fff_fffe));

await describeWith('container-images', `a cluster in containers that is struck ${ROUNDS} times (seed ${SEED})`, () => {
  const whenOver = whenSuiteIsOver();
  let code = -1;
  let output = '';

  beforeAll(async () => {
    const args = ['--rounds', ROUNDS, '--seconds', '4', '--seed', SEED, '--only', KINDS.join(',')];
    const ran = await runProgram('container-crash', args, whenOver);
    code = ran.code;
    output = ran.stdout + ran.stderr;
  }, PROGRAM_PATIENCE_MS);

  it('A cluster in containers keeps what it promises when network and memory fail', () => {
    expect(code, output).toBe(0);
  });

  it('An exchange that the kernel kills for want of memory is started again, and clients are answered', () => {
    expect(output).toMatch(/^ended by itself +\d+ exchange-\d: killed for want of memory$/m);
    for (const kind of KINDS) expect(output).toMatch(new RegExp(`^without an answer +${kind} `, 'm'));
  });

  it(
    'What many clients see of a cluster in containers, whose owner or leading broker is cut off, is one order of events',
    { timeout: PROGRAM_PATIENCE_MS },
    async () => {
      const kinds = 'halves,lonely-broker';
      const args = ['--clients', 'history', '--rounds', '2', '--seconds', '4', '--seed', SEED, '--only', kinds];
      const ran = await runProgram('container-crash', args, whenOver);
      expect(ran.code, ran.stdout + ran.stderr).toBe(0);
      expect(ran.stdout).toMatch(/^clean$/m);
    },
  );
});
