/** Verbs whose output cannot be written: none of them may say that it is done. */
import fs from 'node:fs';
import path from 'node:path';
import { Writable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runInProcess } from '../../support/cli/in-process.js';
import { removeFolder, temporaryFolder } from '../../support/log/temporary-folder.js';
import { runs } from '../../support/property/runs.js';

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'this user’s share of the disk is used up',
  EFBIG: 'no file may become that large here',
  EIO: 'the disk fails',
  EROFS: 'the disk is mounted read-only',
};
/** What a verb says on stderr once it is done. */
const DONE = /exported|imported|proved|shown this once|revoked/;

let folder: string;
beforeAll(async () => {
  folder = temporaryFolder();
  fs.writeFileSync(path.join(folder, 'flow'), 'post s1 S 101 300\npost b1 B 101 100\ndeal b1 s1 101 100\n');
  const data = path.join(folder, 'data');
  expect(await runInProcess(['run', path.join(folder, 'flow'), '--data', data])).toMatchObject({ code: 0 });
  const proof = await runInProcess(['log', 'prove', '3', '--data', data]);
  fs.writeFileSync(path.join(folder, 'proof'), proof.stdout);
  const { anchor } = JSON.parse(proof.stdout.split('\n')[0] ?? '') as { anchor: string }; // the proof’s header
  fs.writeFileSync(path.join(folder, 'anchor'), `${anchor}\n`);
});
afterAll(() => {
  removeFolder(folder);
});

/** Every verb that writes and needs no server. FOLDER stands for the folder of the test. */
const lines = [
  'log cat --data FOLDER/data',
  'log export --data FOLDER/data',
  'log stat --data FOLDER/data',
  'log prove 3 --data FOLDER/data',
  'log repair --data FOLDER/data',
  'log verify FOLDER/proof --anchor FOLDER/anchor',
  'replay --data FOLDER/data',
  'audit --data FOLDER/data',
  'book flow --data FOLDER/data',
  'deals --data FOLDER/data',
  'positions --data FOLDER/data',
  'list --data FOLDER/data',
  'intention 1 --data FOLDER/data',
  'why 1 --data FOLDER/data',
  'chart 1-1 --data FOLDER/data',
  'run FOLDER/flow',
  'completion bash',
  'keys add --file FOLDER/keys.json --role auditor',
  '--help',
  'help log',
  'log stat --help',
  '--version',
];

/** Takes so many bytes, and fails like a system that refuses the next. */
function refusing(code: string, afterBytes: number): Writable {
  let room = afterBytes;
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      room -= chunk.length;
      done(room >= 0 ? null : Object.assign(new Error(`${code}: raw words, write`), { code, syscall: 'write' }));
    },
  });
}

describe('a verb whose output cannot be written', () => {
  it('A verb whose output cannot be written fails, says why in a line of words, and never that it is done', async () => {
    const kinds = fc.record({ line: fc.constantFrom(...lines), code: fc.constantFrom(...Object.keys(reasons)) });
    await fc.assert(
      fc.asyncProperty(kinds, async ({ line, code }) => {
        const args = line.split(' ').map((word) => word.replace('FOLDER', () => folder));
        const { code: exitCode, stderr } = await runInProcess(args, { stdout: refusing(code, 0) });
        expect({ line, exitCode }).toEqual({ line, exitCode: 1 });
        expect(stderr).toContain(`error: standard output: cannot be written: ${reasons[code] ?? ''}`);
        expect(stderr).not.toMatch(DONE);
        expect(stderr).not.toContain('raw words');
      }),
      { ...runs(60), examples: lines.map((line): [{ line: string; code: string }] => [{ line, code: 'ENOSPC' }]) },
    );
  });

  it('A verb says that it is done when all has been written, and only then', async () => {
    const export_ = ['log', 'export', '--data', path.join(folder, 'data')];
    const whole = (await runInProcess(export_)).stdout.length;
    expect((await runInProcess(export_, { stdout: refusing('ENOSPC', whole) })).stderr).toMatch(
      /^exported 13 events$/m,
    );
    expect((await runInProcess(export_, { stdout: refusing('ENOSPC', whole - 1) })).stderr).not.toMatch(DONE);
  });

  it('A verb whose output cannot be written tells how to take back a key that nobody has seen', async () => {
    const file = path.join(folder, 'unseen.json');
    const { stderr } = await runInProcess(['keys', 'add', '--file', file, '--role', 'auditor'], {
      stdout: refusing('ENOSPC', 0),
    });
    const [, id = ''] = /parley keys revoke (\S+) --file/.exec(stderr) ?? [];
    expect(await runInProcess(['keys', 'revoke', id, '--file', file])).toMatchObject({ code: 0 });
  });

  it('A verb ends well where its reader has had enough', async () => {
    const { code, stderr } = await runInProcess(['log', 'cat', '--data', path.join(folder, 'data')], {
      stdout: refusing('EPIPE', 0),
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
