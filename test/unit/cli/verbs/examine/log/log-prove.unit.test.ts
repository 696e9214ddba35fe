import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { largeFlow } from '../../../../../support/cli/flows.js';
import { runInProcess } from '../../../../../support/cli/in-process.js';
import { jsonLines, type Ran } from '../../../../../support/cli/parley.js';
import { removeFolder, temporaryFolder } from '../../../../../support/log/temporary-folder.js';

const folder = temporaryFolder();
afterAll(() => removeFolder(folder));
const data = path.join(folder, 'data');
const anchors: string[] = [];

/** Grows the log by a batch or two, and keeps an anchor. */
async function grow(): Promise<void> {
  const flow = path.join(folder, 'flow.txt');
  fs.writeFileSync(flow, largeFlow(5));
  await runInProcess(['run', flow, '--data', data]);
  const { stdout } = await runInProcess(['audit', '--data', data]);
  anchors.push(/^anchor +(\S+)$/m.exec(stdout)?.[1] ?? '');
}

beforeAll(async () => {
  await grow();
  await grow();
});

const prove = (...more: string[]): Promise<Ran> => runInProcess(['log', 'prove', '--data', data, ...more]);

function written(name: string, content: string): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, content);
  return file;
}

describe('log prove and log verify', () => {
  it('`log prove` and `log verify` prove an event to the holder of an anchor, and print its batch', async () => {
    const cat = await runInProcess(['log', 'cat', '--data', data, '--from', '20', '--limit', '1']);
    const kept = written('anchors.txt', `${anchors.join('\n')}\n`);
    const { code, stdout } = await prove('20', '--anchor', kept);
    expect(code).toBe(0);
    expect(jsonLines(stdout)[0]).toMatchObject({ kind: 'proof', shard: 0, anchor: anchors[0] });
    const proof = written('proof.jsonl', stdout);
    const verified = await runInProcess(['log', 'verify', proof, '--anchor', kept]);
    expect(verified).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^proved: the events at positions /) as string,
    });
    expect(jsonLines(verified.stdout)).toContainEqual(jsonLines(cat.stdout)[0]);
    const later = await prove('20', '--anchor', anchors[1] ?? '');
    expect(jsonLines(later.stdout).length).toBeGreaterThan(jsonLines(stdout).length);
    const far = written('far.jsonl', later.stdout);
    expect(await runInProcess(['log', 'verify', far, '--anchor', anchors[1] ?? ''])).toMatchObject({ code: 0 });
    expect(await runInProcess(['log', 'verify', far, '--anchor', anchors[0] ?? ''])).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringMatching(/not among the anchors[^]*the proof does not hold/) as string,
    });
  });

  it('`log prove` and `log verify` end a proof with its batch where no anchor is given', async () => {
    const { stdout } = await prove('0');
    const [header, ...batches] = jsonLines(stdout);
    expect(batches).toHaveLength(1);
    const proof = written('alone.jsonl', stdout);
    expect(await runInProcess(['log', 'verify', proof, '--anchor', String(header?.anchor)])).toMatchObject({ code: 0 });
    expect(await runInProcess(['log', 'verify', proof])).toMatchObject({ code: 2 });
  });

  it('`log prove` and `log verify` refuse what cannot be proved, and say why', async () => {
    expect(await prove('99999')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('beyond') as string,
    });
    const early = anchors[0] ?? '';
    const [, position = ''] = /\/(\d+):/.exec(early) ?? [];
    expect(await prove(position, '--anchor', early)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('there is no anchor from position 0/') as string,
    });
    const wrong = early.replace(/[0-9a-f]$/, (digit) => (digit === '0' ? '1' : '0'));
    expect(await prove('3', '--anchor', wrong)).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringContaining('ANCHOR_NOT_HELD') as string,
    });
    expect(await runInProcess(['log', 'verify', path.join(folder, 'none'), '--anchor', early])).toMatchObject({
      code: 1,
    });
  });
});
