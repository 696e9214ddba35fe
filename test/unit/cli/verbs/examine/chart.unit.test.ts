import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallFlow } from '../../../../support/cli/flows.js';
import { runInProcess, type Surroundings } from '../../../../support/cli/in-process.js';
import type { Ran } from '../../../../support/cli/parley.js';
import { removeFolder, temporaryFolder } from '../../../../support/log/temporary-folder.js';

const folder = temporaryFolder();
const data = path.join(folder, 'data');
beforeAll(async () => {
  fs.writeFileSync(path.join(folder, 'flow.txt'), smallFlow);
  await runInProcess(['run', path.join(folder, 'flow.txt'), '--data', data]);
});
afterAll(() => removeFolder(folder));

function look(line: string, around: Surroundings = {}): Promise<Ran> {
  return runInProcess([...line.split(' '), '--data', data], around);
}

function longest({ stdout }: Ran): number {
  return Math.max(...stdout.split('\n').map((line) => line.length));
}

describe('what is drawn and told on a terminal', () => {
  it.each(['chart 1-1', 'chart 3', 'why 3', 'why 4'])('`parley %s` keeps within its columns', async (line) => {
    for (const columns of [45, 60, 80, 120]) {
      const ran = await look(line, { columns });
      expect(ran).toMatchObject({ code: 0, stderr: '' });
      expect(longest(ran)).toBeLessThanOrEqual(Math.min(columns, 100));
    }
  });

  it('`parley chart` says that a terminal is too narrow for it', async () => {
    const ran = await look('chart 1-1', { columns: 20 });
    expect(ran).toMatchObject({ code: 0, stderr: `the chart needs ${longest(ran)} columns, and there are 20\n` });
  });

  it.each(['chart 1-1', 'chart 1-1 --format svg', 'why 3'])(
    '`parley %s` is the same in a pipe as on a wide terminal',
    async (line) => {
      expect(await look(line)).toEqual(await look(line, { columns: 100 }));
    },
  );
});
