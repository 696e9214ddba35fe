/** A short dose of `npm run crash:cluster`: the program itself, as a process of its own. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { ended } from '../support/cli/parley.js';
import { describeWith } from '../support/needs/suite.js';
import { PROGRAM_PATIENCE_MS } from '../support/patience.js';

const ROUNDS = process.env.PARLEY_ROUNDS ?? '3';
const SEED = process.env.PARLEY_SEED ?? String(1 + (Date.now() % 0x7fff_fffe));
const KINDS = 'kill,stall,broker';
const program = path.join(import.meta.dirname, '../support/run-program.mjs');

await describeWith('local-kafka', `a cluster that is harmed ${ROUNDS} times (seed ${SEED})`, () => {
  let code = -1;
  let output = '';

  beforeAll(async () => {
    const args = ['--rounds', ROUNDS, '--seconds', '4', '--seed', SEED, '--only', KINDS];
    const child = spawn(process.execPath, [program, 'cluster-crash', ...args]);
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    code = await ended(child);
  }, PROGRAM_PATIENCE_MS);

  it('keeps what it promises', () => {
    expect(code, output).toBe(0);
  });

  it('was asked by both ways, and went on after each harm', () => {
    const of = (label: string): number =>
      Number(new RegExp(`^${label} +([\\d,]+)`, 'm').exec(output)?.[1]?.replaceAll(',', ''));
    expect(of('asked over HTTP'), output).toBeGreaterThan(50);
    expect(of('asked by topic'), output).toBeGreaterThan(100);
    expect(output).toContain('without an answer');
  });
});
