/** What the README's first page asks for, by npm itself. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { ended } from '../support/cli/parley.js';
import { removeFolder, temporaryFolder } from '../support/log/temporary-folder.js';

const checkout = path.join(import.meta.dirname, '../..');
const folder = temporaryFolder();
afterAll(() => removeFolder(folder));

/** Starts npm or npx in the checkout, in a group of its own, as a shell would. */
function run(command: 'npm' | 'npx', ...args: readonly string[]) {
  // npx does nothing without a cache that it can write to, not even offline: of a user without a home it gets none.
  const env = { ...process.env, npm_config_cache: path.join(folder, 'npm') };
  const child = spawn(command, args, { cwd: checkout, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const pid = child.pid ?? 0;
  const signal = (name: NodeJS.Signals): boolean => process.kill(-pid, name);
  const ran = { stdout: '', stderr: '', signal, ended: ended(child) };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (ran.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (ran.stderr += text));
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null) signal('SIGKILL');
  });
  return ran;
}

describe('npm', () => {
  it('`npm start` starts an exchange that takes commands, with a market to look at, and ends it when interrupted', async () => {
    const started = run('npm', 'start', '--', '--demo', '--port', '0', '--data', path.join(folder, 'data'));
    await expect.poll(() => started.stdout + started.stderr).toMatch(/listens on http:\S+/);
    const url = /listens on (http:\S+)/.exec(started.stdout)?.[1] ?? '';
    await expect.poll(async () => (await fetch(`${url}/health/ready`)).status).toBe(200);
    await expect.poll(async () => (await fetch(`${url}/v1/deals`)).text()).toContain('"price"');
    started.signal('SIGINT');
    await started.ended;
    expect(started.stderr).not.toMatch(/error/i);
  });

  it('An installed checkout has the command line at hand', async () => {
    const asked = run('npx', '--offline', 'parley', '--version');
    expect(await asked.ended).toBe(0);
    expect(asked.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
