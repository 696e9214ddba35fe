/** A short dose of `npm run history`: the program itself, as a process of its own. */
import { expect, it } from 'vitest';
import { PROGRAM_PATIENCE_MS } from '../support/patience.js';
import { runProgram } from '../support/program.js';
import { whenSuiteIsOver } from '../support/when-over.js';

const SECONDS = process.env.PARLEY_SECONDS ?? '5';
const SEED = process.env.PARLEY_SEED ?? String(1 + (Date.now() % 0x7fff_ffff));

/** Books and instruments are answered from the writer's memory: they show what is not durable. */
const undurable = ['book', 'instruments', 'instrument'].flatMap((about) =>
  ['ahead', 'future', 'stale', 'neverStood', 'earlierThanSaid', 'laterThanSaid'].map((kind) => `${kind} ${about}`),
);
/** Lists carry the position that was waited for, and their rows may stand later. */
const late = ['laterThanSaid intentions', 'laterThanSaid deals', 'laterThanSaid positions', 'sum positions'];
const overlook = ['--overlook', [...undurable, ...late].join(',')];

const whenOver = whenSuiteIsOver();

it(
  `shows what many clients saw of a killed server to be one order of events (seed ${SEED})`,
  { timeout: PROGRAM_PATIENCE_MS },
  async () => {
    const args = ['--seconds', SECONDS, '--seed', SEED, '--kill', ...overlook];
    const { code, stdout, stderr } = await runProgram('history', args, whenOver);
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/server killed/);
  },
);

it(
  `finds the deal that something between server and clients leaves out (seed ${SEED})`,
  { timeout: PROGRAM_PATIENCE_MS },
  async () => {
    const args = ['--seconds', SECONDS, '--seed', SEED, '--plant', 'lost-deal', ...overlook];
    const { code, stdout, stderr } = await runProgram('history', args, whenOver);
    expect(code, stdout + stderr).toBe(3);
    expect(stdout).toMatch(/found \d+ × neverStood deals/);
  },
);
