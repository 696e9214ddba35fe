import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

const GUARD = new URL('../../../infra/kafka/local/guard.ts', import.meta.url).href;

/** A process that guards the one with `pid`, and waits to be killed. */
async function guarding(guarded: object): Promise<() => void> {
  const script = `import { guard } from '${GUARD}'; guard(${JSON.stringify(guarded)}); console.log('on'); setInterval(() => {}, 1e6);`;
  const owner = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { stdio: 'pipe' });
  onTestFinished(() => void owner.kill('SIGKILL'));
  await once(owner.stdout, 'data');
  return () => void owner.kill('SIGKILL');
}

/** Longer than any test takes; the number differs from those of others. */
const SLEEP_SECONDS = '86400.0625';

function sleeper(): { pid: number; exited: Promise<unknown[]> } {
  const child = spawn('sleep', [SLEEP_SECONDS]);
  onTestFinished(() => void child.kill('SIGKILL'));
  return { pid: child.pid ?? 0, exited: once(child, 'exit') };
}

describe('the guard of a local broker', () => {
  it('The guard of a local broker kills the broker and removes its folder when the process that started it is killed', async () => {
    const { pid, exited } = sleeper();
    const folder = mkdtempSync(path.join(os.tmpdir(), 'parley-guard-'));
    const killOwner = await guarding({ pid, mark: SLEEP_SECONDS, folder });
    killOwner();
    expect(await exited).toEqual([null, 'SIGKILL']);
    await expect.poll(() => existsSync(folder)).toBe(false);
  });

  it('The guard of a local broker leaves alone a process that has only the same pid', async () => {
    const { pid, exited } = sleeper();
    const folder = mkdtempSync(path.join(os.tmpdir(), 'parley-guard-'));
    const killOwner = await guarding({ pid, mark: 'server.properties', folder });
    killOwner();
    // The folder goes last: by then the process has been spared.
    await expect.poll(() => existsSync(folder)).toBe(false);
    process.kill(pid, 'SIGTERM');
    expect(await exited).toEqual([null, 'SIGTERM']);
  });
});
