import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallFlow } from '../../../support/cli/flows.js';
import { runInProcess } from '../../../support/cli/in-process.js';
import { jsonLines, type Ran } from '../../../support/cli/parley.js';
import { removeFolder, temporaryFolder } from '../../../support/log/temporary-folder.js';

const folder = temporaryFolder();
afterAll(() => removeFolder(folder));
const data = path.join(folder, 'data');
let anchor: string;
beforeAll(async () => {
  fs.writeFileSync(path.join(folder, 'flow.txt'), smallFlow);
  await runInProcess(['run', path.join(folder, 'flow.txt'), '--data', data]);
  const [, found = ''] = /^anchor +(\S+)$/m.exec((await audit()).stdout) ?? [];
  anchor = found;
});

const audit = (...more: string[]): Promise<Ran> => runInProcess(['audit', '--data', data, ...more]);

function written(content: string): string {
  const file = path.join(folder, 'anchors.txt');
  fs.writeFileSync(file, content);
  return file;
}

describe('an audit that expects anchors', () => {
  it('An audit that expects anchors prints one to keep, which holds, with its shard or without, also from a file of them', async () => {
    expect(anchor).toMatch(/^0\/\d+:[0-9a-f]{64}$/);
    expect(jsonLines((await audit('--json')).stdout).at(-1)).toMatchObject({ anchor });
    expect(await audit('--expect', anchor, '--expect', anchor.slice(2))).toMatchObject({ code: 0 });
    const file = written(
      `# kept\n\n${anchor} 2026-11-28T12:00:00Z\n  ${anchor.slice(2)}\nanchor           ${anchor}\n`,
    );
    expect(await audit('--expect', file)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/all is well/) as string,
    });
  });

  it('An audit that expects anchors goes on to hold what grows behind an anchor', async () => {
    await runInProcess(['run', path.join(folder, 'flow.txt'), '--data', data, '--instrument', 'more']);
    expect(await audit('--expect', anchor)).toMatchObject({ code: 0 });
  });

  it('An audit that expects anchors ends with 3 where the log does not hold one, and names who says so', async () => {
    const other = anchor.replace(/[0-9a-f]$/, (digit) => (digit === '0' ? '1' : '0'));
    const beyond = anchor.replace(/\/\d+:/, '/99999:');
    const within = anchor.replace(/\/\d+:/, '/3:');
    const file = written(`${anchor}\n${other}\n`);
    for (const [value, says] of [
      [other, /^position \d+: violation ANCHOR_NOT_HELD: the anchor \d+:[0-9a-f]+ of the command line is not held/m],
      [beyond, /the log ends before position \d+$/m],
      [within, /no batch ends there$/m],
      [file, /ANCHOR_NOT_HELD: the anchor \d+:[0-9a-f]+ of \S*anchors\.txt:2 is not held/],
    ] as const) {
      const { code, stdout } = await audit('--expect', value);
      expect({ value, code }).toEqual({ value, code: 3 });
      expect(stdout).toMatch(says);
      expect(stdout).toMatch(/^result +the log does not hold what was expected of it$/m);
    }
  });

  it('An audit that expects anchors expects one of a log that is not there, too', async () => {
    const none = ['audit', '--data', path.join(folder, 'none')];
    expect(await runInProcess(none)).toMatchObject({ code: 1 });
    expect(await runInProcess([...none, '--expect', anchor])).toMatchObject({ code: 3 });
  });

  it.each([
    ['68:1234', /neither an anchor nor a file of them that can be read/],
    [`x/68:${'0'.repeat(64)}`, /is no anchor: an anchor is \[SHARD\/\]POSITION:DIGEST/],
    ['anchors.txt', /anchors\.txt:3: "68" is no anchor/],
    [`5/68:${'0'.repeat(64)}`, /none of the anchors is of shard 0/],
  ])('An audit that expects anchors refuses what is none, and names where it stands: %s', async (value, says) => {
    const file = written(`# kept\n${anchor}\n68\n`);
    const { code, stdout, stderr } = await audit('--expect', value === 'anchors.txt' ? file : value);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(says);
  });

  it('An audit that expects anchors passes over one that a crash left torn at the end of a file, and says so', async () => {
    const file = written(`${anchor}\n${anchor.slice(0, 30)}`);
    const { code, stderr } = await audit('--expect', file);
    expect(code).toBe(0);
    expect(stderr).toContain('anchors.txt:2: the end of an anchor is missing: it is passed over');
    expect(await audit('--expect', written(anchor.slice(0, 30)))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no anchor in it') as string,
    });
  });

  it('An audit that expects anchors says which anchors it did not look at', async () => {
    const elsewhere = anchor.replace(/^0/, '5');
    const { code, stdout } = await audit('--expect', anchor, '--expect', elsewhere);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^not judged: shard 5 is not read, so not the anchor 5\//m);
    const json = jsonLines((await audit('--json', '--expect', anchor, '--expect', elsewhere)).stdout);
    expect(json).toContainEqual(expect.objectContaining({ kind: 'notJudged', shard: 5 }));
  });
});
