import { spawn } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runSeed } from './seed-run.js';

const program = path.join(import.meta.dirname, '../support/run-program.mjs');

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `npm run simulate`; what is out of date is built first. */
function simulate(...args: string[]): Promise<Ran> {
  const child = spawn(process.execPath, [program, 'simulation', ...args]);
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code: code ?? -1, ...output })));
}

/** The failure, without what depends on how it was started. */
function failureIn({ stdout }: Ran): string {
  return stdout.slice(stdout.indexOf('failed at step'), stdout.indexOf('\nreplay:'));
}

describe('a short dose of simulation', () => {
  it('finds nothing', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const { failure } = await runSeed(seed);
      expect({ seed, failure }).toEqual({ seed, failure: undefined });
    }
  });

  it('tells the same story of a seed each time, and another one of another', async () => {
    const stories: string[] = [];
    const heard: string[] = [];
    const once = await runSeed(31, (line) => heard.push(line));
    stories.push(once.digest, (await runSeed(31)).digest, (await runSeed(32)).digest);
    expect(stories[1]).toBe(stories[0]);
    expect(stories[2]).not.toBe(stories[0]);
    expect(heard.length).toBeGreaterThan(100);
  });

  it('finds a planted bug, and its seed replays to the same failure with its story', async () => {
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

describe('the command', () => {
  it('tells its options, and refuses others', async () => {
    expect(await simulate('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('--plant NAME') });
    expect(await simulate('--seeds', 'many')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--seeds takes'),
    });
    expect(await simulate('--plant', 'none')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no plant none'),
    });
    expect((await simulate('--sed', '1')).code).toBe(2);
  });
});
