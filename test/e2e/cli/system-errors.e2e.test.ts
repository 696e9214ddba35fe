/** Real refusals of the system, as people meet them. */
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { once } from 'node:events';
import { spawnSync } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parley } from '../../support/cli/parley.js';
import { commandLineFolder } from '../../support/cli/suite.js';
import { describeWith } from '../../support/needs/suite.js';
import { PROGRAM_PATIENCE_MS } from '../../support/patience.js';

const folder = commandLineFolder();
const data = path.join(folder, 'data');
const file = path.join(folder, 'file');
const root = path.join(import.meta.dirname, '../../..');

beforeAll(async () => {
  fs.writeFileSync(file, 'post s1 S 101 300\n');
  expect((await parley(['run', file, '--data', data])).code).toBe(0);
}, PROGRAM_PATIENCE_MS);

describe('what the system refuses', { timeout: PROGRAM_PATIENCE_MS }, () => {
  it.each([
    [['log', 'stat', '--data', file], `${file}: cannot be listed: it is a file, not a folder; name a folder`],
    [['run', file, '--data', path.join(file, 'a')], `${file} is a file, not a folder`],
    [['log', 'import', file, '--data', file], `${file}: cannot be listed: it is a file, not a folder; name a folder`],
    [['log', 'export', file, '--data', data], `${file}: cannot be written: it is there already; remove it`],
    [['log', 'export', path.join(folder, 'no', 'a'), '--data', data], `there is no folder ${path.join(folder, 'no')}`],
    [['keys', 'list', '--file', folder], `${folder}: it is a folder, not a file`],
    [
      ['serve', '--port', '0', '--data', data, '--anchor', folder],
      `${folder}: anchors cannot be read from there: it is a folder`,
    ],
    [
      ['serve', '--port', '0', '--data', data, '--config', path.join(folder, 'no')],
      `${path.join(folder, 'no')}: there is no such file or folder`,
    ],
  ])('What the system refuses to %j is told in words', async (args, says) => {
    const { code, stdout, stderr } = await parley(args);
    expect([1, 2]).toContain(code);
    expect(stdout).toBe('');
    expect(stderr).toContain(says);
    expect(stderr).not.toMatch(/\bE[A-Z]{4,}\b/);
  });

  it('A server tells which port is in use, and how to choose another', async () => {
    const taken = net.createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void taken.close());
    await once(taken, 'listening');
    const port = String((taken.address() as AddressInfo).port); // it listens on TCP
    const { code, stderr } = await parley(['serve', '--port', port, '--data', data]);
    expect(code).toBe(1);
    expect(stderr).toBe(
      `error: port ${port} of 127.0.0.1 is in use: another process listens there; --port (or --health-port) chooses another (0: a free one)\n`,
    );
  });

  it('A verb tells whose permission is missing', async (context) => {
    if (process.getuid?.() === 0) context.skip('root may do everything');
    if (process.platform === 'win32') context.skip('folders have no modes here');
    const closed = path.join(folder, 'closed');
    fs.mkdirSync(closed, { mode: 0o000 });
    onTestFinished(() => fs.chmodSync(closed, 0o700));
    const { code, stderr } = await parley(['log', 'stat', '--data', closed]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `error: ${closed}: cannot be listed: this user has no permission; run this as its owner, or have its permissions changed\n`,
    });
  });
});

/** A shell whose locale is not installed says so on stderr. */
const PLAIN = { ...process.env, LC_ALL: 'C' };

await describeWith(['linux', 'bash'], 'a full disk behind stdout', () => {
  it.each(['log export', 'log cat', 'log stat', 'audit'])(
    'A full disk behind stdout makes parley %s fail in words, and nothing is said to be done',
    (verb) => {
      const command = `exec "$0" src/cli/parley.mjs ${verb} --data "$1" > /dev/full`;
      const { status, stderr } = spawnSync('bash', ['-c', command, process.execPath, data], {
        ...{ cwd: root, env: PLAIN, encoding: 'utf8' },
      });
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr: 'error: standard output: cannot be written: the disk is full; make room, or use another disk\n',
      });
    },
    PROGRAM_PATIENCE_MS,
  );

  it('A limit on files lets an export into one fail, and leaves no part of it', async () => {
    const part = path.join(folder, 'part.jsonl');
    const { code, stderr } = await parley(['log', 'export', part, '--data', data], { maxFileKiB: 1 });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `error: ${part}: cannot be written: no file may become that large here; ulimit -f tells how large\n`,
    });
    expect(fs.existsSync(part)).toBe(false);
  });

  it.each(['--version', '--help'])(
    'A full disk behind stdout makes parley %s fail in the same words',
    (option) => {
      const command = `exec "$0" src/cli/parley.mjs ${option} > /dev/full`;
      const { status, stderr } = spawnSync('bash', ['-c', command, process.execPath], {
        ...{ cwd: root, env: PLAIN, encoding: 'utf8' },
      });
      expect({ status, stderr }).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/^error: standard output: /) as string,
      });
    },
    PROGRAM_PATIENCE_MS,
  );
});
