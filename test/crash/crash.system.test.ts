/** A short dose of `npm run crash`: the program itself, as a process of its own. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ended } from '../support/cli/parley.js';
import { skipWithout } from '../support/needs/suite.js';
import { PROGRAM_PATIENCE_MS } from '../support/patience.js';
import { listScenarios } from './scenarios.js';

const KILLS = process.env.PARLEY_KILLS ?? '18';
const SEED = process.env.PARLEY_SEED ?? String(1 + (Date.now() % 0x7fff_fffe));
const program = path.join(import.meta.dirname, '../support/run-program.mjs');

/** Their names are the same whether or not a small disk may be mounted. */
const names = listScenarios(true).map(({ name }) => name);

let code = -1;
let output = '';

async function crash(...args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [program, 'crash', ...args]);
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  code = await ended(child);
}

describe(`servers that are killed, ${KILLS} times (seed ${SEED})`, () => {
  beforeAll(() => crash('--kills', KILLS, '--seed', SEED), PROGRAM_PATIENCE_MS);

  it('keep what they promise', () => {
    expect(code, output).toBe(0);
  });

  for (const name of names) {
    it(`keep what they promise: ${name}`, async (context) => {
      const [, reason, kills] = new RegExp(`^${name} +(?:skipped: (.*)|([\\d,]+) )`, 'm').exec(output) ?? [];
      if (reason !== undefined) await skipWithout(context, 'compiler');
      expect(Number(kills), output).toBeGreaterThan(0);
      expect(output).not.toContain(`\n${name}: life`);
    });
  }
});
