/** A short dose of `npm run crash:cluster`: the program itself, as a process of its own. */
import { beforeAll, expect, it } from 'vitest';
import { describeWith } from '../support/needs/suite.js';
import { PROGRAM_PATIENCE_MS } from '../support/patience.js';
import { runProgram } from '../support/program.js';
import { whenSuiteIsOver } from '../support/when-over.js';

const ROUNDS = process.env.PARLEY_ROUNDS ?? '3';
const SEED = process.env.PARLEY_SEED ?? String(1 + (Date.now() % 0x7fff_fffe));
const KINDS = 'kill,stall,broker';

await describeWith('local-kafka', `a cluster that is struck by faults ${ROUNDS} times (seed ${SEED})`, () => {
  const whenOver = whenSuiteIsOver();
  let code = -1;
  let output = '';

  beforeAll(async () => {
    const args = ['--rounds', ROUNDS, '--seconds', '4', '--seed', SEED, '--only', KINDS];
    const ran = await runProgram('cluster-crash', args, whenOver);
    code = ran.code;
    output = ran.stdout + ran.stderr;
  }, PROGRAM_PATIENCE_MS);

  it('A cluster that is struck by faults keeps what it promises', () => {
    expect(code, output).toBe(0);
  });

  it('A cluster that is struck by faults is asked in both ways, and goes on after each fault', () => {
    const of = (label: string): number =>
      Number(new RegExp(`^${label} +([\\d,]+)`, 'm').exec(output)?.[1]?.replaceAll(',', ''));
    expect(of('asked over HTTP'), output).toBeGreaterThan(50);
    expect(of('asked by topic'), output).toBeGreaterThan(100);
    expect(output).toContain('without an answer');
  });
});
