import path from 'node:path';
import { expect, it } from 'vitest';
import { parley } from '../../support/cli/parley.js';
import { Serving } from '../../support/cli/serving.js';
import { commandLineFolder } from '../../support/cli/suite.js';
import { PROGRAM_PATIENCE_MS } from '../../support/patience.js';

const folder = commandLineFolder();

it(
  'A server takes a key that is added to its file while it runs, and no more one that is revoked',
  { timeout: PROGRAM_PATIENCE_MS },
  async () => {
    const file = path.join(folder, 'keys.json');
    const keys = async (verb: string, ...args: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await parley(['keys', verb, '--file', file, ...args]);
      expect(code, stderr).toBe(0);
      return stdout.trimEnd();
    };
    const first = await keys('add', '--role', 'operator', '--name', 'first');
    const serving = await Serving.start('--data', path.join(folder, 'data'), '--keys', file);
    const status = async (key: string): Promise<number> => {
      const headers = { authorization: `Bearer ${key}` };
      return (await fetch(`${serving.url}/v1/instruments`, { headers })).status;
    };
    expect(await status(first)).toBe(200);
    const second = await keys('add', '--role', 'participant', '--participant', 'alice', '--name', 'second');
    await expect.poll(() => status(second)).toBe(200);
    await keys('revoke', 'first');
    await expect.poll(() => status(first)).toBe(401);
    expect(await status(second)).toBe(200);
    expect(await serving.end()).toBe(0);
    expect(serving.stderr).toContain('read the keys again');
    for (const key of [first, second]) expect(serving.stderr).not.toContain(key);
  },
);
