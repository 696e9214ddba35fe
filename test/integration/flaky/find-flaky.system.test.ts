import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ended } from '../../support/cli/parley.js';

const program = path.join(import.meta.dirname, '../../support/find-flaky.mjs');

/** Fails each second time, by a count that outlives the process that runs it. */
const planted = `
import { readFileSync, writeFileSync, existsSync } from 'node:fs';
const file = new URL('count', import.meta.url);
const count = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
test('is flaky', () => {
  writeFileSync(file, String(count + 1));
  if (count % 2 === 1) throw new Error('the second time');
});
test('is steady', () => undefined);
`;

async function findFlaky(...args: readonly string[]): Promise<{ code: number; stdout: string }> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  return { code: await ended(child), stdout };
}

/** A folder with one file of tests, which vitest takes for a project of its own. */
function folderWith(tests: string): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'parley-planted-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(path.join(folder, 'planted.test.mjs'), tests);
  return folder;
}

describe('the search for flaky tests', () => {
  it('The search for flaky tests finds one that was planted, says how often it failed and why, and names no other', async () => {
    const root = folderWith(planted);
    const { code, stdout } = await findFlaky(
      '--times',
      '4',
      '--load',
      '--seed',
      '7',
      '--',
      '--root',
      root,
      '--globals',
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/^run 1 of 4, seed 7: 2 passed, 0 failed, 0 skipped, \d+ s$/m);
    expect(stdout).toMatch(/^run 2 of 4, seed 8: 1 passed, 1 failed, 0 skipped, \d+ s$/m);
    expect(stdout).toMatch(/^2 of 4 {2}planted\.test\.mjs > is flaky\n +the second time$/m);
    expect(stdout).not.toContain('is steady');
  });

  it('The search for flaky tests counts what fails outside the tests, and a run that comes to no result', async () => {
    const hook = folderWith("beforeAll(() => { throw new Error('no way'); }); test('waits', () => undefined);");
    const failing = await findFlaky('--times', '1', '--', '--root', hook, '--globals');
    expect(failing).toMatchObject({ code: 1, stdout: expect.stringMatching(/1 of 1 {2}planted\.test\.mjs\n +no way/) });
    const none = await findFlaky('--times', '1', '--', '--root', hook, '--nonsense');
    expect(none).toMatchObject({ code: 1, stdout: expect.stringContaining('vitest ended with exit code 1') });
  });

  it('The search for flaky tests says so where nothing failed', async () => {
    const root = folderWith("test('is steady', () => undefined);");
    const found = await findFlaky('--times', '2', '--', '--root', root, '--globals');
    expect(found).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing failed in 2 runs') });
  });
});
