import { describe, expect, it, onTestFinished } from 'vitest';
import { PROGRAM_PATIENCE_MS } from '../support/patience.js';
import { type ProgramRan, runProgram } from '../support/program.js';
import { runSeed } from './seed-run.js';

/** Runs `npm run simulate`. */
function simulate(...args: string[]): Promise<ProgramRan> {
  return runProgram('simulation', args, onTestFinished);
}

/** The failure, without what depends on how it was started. */
function failureIn({ stdout }: ProgramRan): string {
  return stdout.slice(stdout.indexOf('failed at step'), stdout.indexOf('\nreplay:'));
}

describe('a short dose of simulation', { timeout: PROGRAM_PATIENCE_MS }, () => {
  it('A short dose of simulation finds nothing', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const { failure } = await runSeed(seed);
      expect({ seed, failure }).toEqual({ seed, failure: undefined });
    }
  });

  it('A short dose of simulation has the same trace for a seed each time, and another for another seed', async () => {
    const traces: string[] = [];
    const lines: string[] = [];
    const once = await runSeed(31, (line) => lines.push(line));
    traces.push(once.digest, (await runSeed(31)).digest, (await runSeed(32)).digest);
    expect(traces[1]).toBe(traces[0]);
    expect(traces[2]).not.toBe(traces[0]);
    expect(lines.length).toBeGreaterThan(100);
  });

  it('A short dose of simulation finds the bug of a mutant, and its seed replays to the same failure with its trace', async () => {
    const found = await simulate('--seeds', '20', '--workers', '1', '--plant', 'answers-before-durable');
    expect(found.code).toBe(3);
    const replay = /^replay: npm run simulate -- (--seed (\d+) --plant answers-before-durable)$/m.exec(found.stdout);
    expect(replay).not.toBeNull();
    const replayed = await simulate(...(replay?.[1] ?? '').split(' '));
    expect(replayed.code).toBe(3);
    expect(failureIn(replayed)).toBe(failureIn(found));
    expect(replayed.stdout).toMatch(/process 1 serves from position/);
  });
});

describe('the command', { timeout: PROGRAM_PATIENCE_MS }, () => {
  it('`npm run simulate` prints its options, and refuses others', async () => {
    expect(await simulate('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('--plant NAME') });
    expect(await simulate('--seeds', 'many')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--seeds takes'),
    });
    expect(await simulate('--plant', 'none')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no mutant none'),
    });
    expect((await simulate('--sed', '1')).code).toBe(2);
  });
});
