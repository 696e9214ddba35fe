/** A short dose of `npm run siege`: the program itself, as a process of its own. How long anything takes is for people to look at. */
import { expect, it } from 'vitest';
import { PROGRAM_PATIENCE_MS } from '../support/patience.js';
import { runProgram } from '../support/program.js';
import { whenSuiteIsOver } from '../support/when-over.js';

const ATTACKS = ['unread-lines', 'lines', 'sent-ahead', 'lists'];
const DOSE = ['--seconds', '2', '--instruments', '200', '--deals', '500', '--json'];

interface Line {
  readonly attack: string;
  readonly beside: { readonly refused: number };
}

const whenOver = whenSuiteIsOver();

it('One who is greedy keeps nobody else from being answered', { timeout: PROGRAM_PATIENCE_MS }, async () => {
  const { code, stdout, stderr } = await runProgram(
    'siege',
    [...DOSE, ...ATTACKS.flatMap((attack) => ['--attack', attack])],
    whenOver,
  );
  expect(code, stdout + stderr).toBe(0);
  const lines = JSON.parse(stdout) as readonly Line[]; // siege/main.ts writes it
  expect(lines.map(({ attack }) => attack)).toEqual(ATTACKS);
  expect(lines.map(({ attack, beside }) => [attack, beside.refused])).toEqual(lines.map(({ attack }) => [attack, 0]));
});
