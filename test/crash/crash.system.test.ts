/** A short dose of `npm run crash`: the program itself, as a process of its own. */
import { beforeAll, describe, expect, it } from 'vitest';
import { skipWithout } from '../support/needs/suite.js';
import { PROGRAM_PATIENCE_MS } from '../support/patience.js';
import { runProgram } from '../support/program.js';
import { whenSuiteIsOver } from '../support/when-over.js';
import { listScenarios } from './scenarios.js';

const KILLS = process.env.PARLEY_KILLS ?? '18';
const SEED = process.env.PARLEY_SEED ?? String(1 + (Date.now() % 0x7fff_fffe));

/** Their names are the same whether or not a small disk may be mounted. */
const names = listScenarios(true).map(({ name }) => name);

let code = -1;
let output = '';

describe(`servers that are killed, ${KILLS} times (seed ${SEED})`, () => {
  const whenOver = whenSuiteIsOver();

  beforeAll(async () => {
    const ran = await runProgram('crash', ['--kills', KILLS, '--seed', SEED], whenOver);
    code = ran.code;
    output = ran.stdout + ran.stderr;
  }, PROGRAM_PATIENCE_MS);

  it('Servers that are killed keep what they promise', () => {
    expect(code, output).toBe(0);
  });

  for (const name of names) {
    it(`Servers that are killed keep what they promise: ${name}`, async (context) => {
      const [, reason, kills] = new RegExp(`^${name} +(?:skipped: (.*)|([\\d,]+) )`, 'm').exec(output) ?? [];
      if (reason !== undefined) await skipWithout(context, 'compiler');
      expect(Number(kills), output).toBeGreaterThan(0);
      expect(output).not.toContain(`\n${name}: run`);
    });
  }
});
