import fs from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { formList } from '../../../src/flow/script/forms.js';
import { largeFlow, smallFlow, wrongFlow } from '../../support/cli/flows.js';
import { ended, jsonLines, parley, start } from '../../support/cli/parley.js';
import { commandLineFolder } from '../../support/cli/suite.js';
import { skipWithout } from '../../support/needs/suite.js';

const folder = commandLineFolder();

function written(name: string, content: string | Buffer): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, content);
  return file;
}

describe('parley run', () => {
  it('`parley run` prints how many expectations of each kind held, and exits with 0', async () => {
    const { code, stdout, stderr } = await parley(['run', written('small.txt', smallFlow)]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^accepted +14 +0$/m);
    expect(stdout).toMatch(/^rejected +1 +0$/m);
    expect(stdout).toMatch(/^deal +4 +0$/m);
    expect(stdout).toMatch(/^uncross +1 +0$/m);
    expect(stdout).toMatch(/^state digest +[0-9a-f]{64}$/m);
    expect(stdout).toMatch(/^instruments +one, two$/m);
    expect(stderr).toContain('temporary');
  });

  it('`parley run` leaves nothing behind without --data', async () => {
    const own = path.join(folder, 'tmp');
    fs.mkdirSync(own);
    await parley(['run', written('small.txt', smallFlow)], { env: { TMPDIR: own } });
    expect(fs.readdirSync(own)).toEqual([]);
  });

  it('`parley run` plays one file after the other into the log that is given, and a JSON object tells of each', async () => {
    const data = path.join(folder, 'two');
    const file = written('small.txt', smallFlow);
    const { code, stdout } = await parley(['run', file, file, '--data', data, '--json']);
    expect(code).toBe(0);
    const [first, second] = jsonLines(stdout);
    expect(first).toMatchObject({
      file,
      format: 'script',
      instruments: ['one', 'two'],
      deals: 4,
      failed: 0,
      mismatches: [],
    });
    expect(second).toMatchObject({ file, instruments: ['one.2', 'two.2'], deals: 4, failed: 0 });
    expect(first?.expectations).toMatchObject({ deal: { held: 4, failed: 0 }, book: { held: 1, failed: 0 } });
    expect(Number(second?.head)).toBe(Number(first?.head) + Number(second?.events));
  });

  it('`parley run` makes the same log of the same flow each time: the same export, state digest and audit', async () => {
    const flow = written('large.txt', largeFlow(2_000));
    const play = async (name: string): Promise<readonly unknown[]> => {
      const data = path.join(folder, name);
      const run = await parley(['run', flow, '--data', data, '--json']);
      expect(run.code).toBe(0);
      const [exported, audit] = await Promise.all([
        parley(['log', 'export', '--data', data]),
        parley(['audit', '--data', data, '--json']),
      ]);
      return [jsonLines(run.stdout)[0]?.stateDigest, exported.stdout, audit.code, audit.stdout];
    };
    const once = await play('once');
    expect(once[2]).toBe(0);
    expect(await play('again')).toEqual(once);
  });

  it('`parley run` exits with 3 when an expectation fails, and names file, line, what was expected and what came', async () => {
    const file = written('wrong.txt', wrongFlow);
    const { code, stdout } = await parley(['run', file]);
    expect(code).toBe(3);
    expect(stdout).toContain(`${file}:7: expected deal s1 b1 100 9; got deal s1 b1 100 10`);
    expect(stdout).toContain(`${file}:17: expected top 0 0 104 6; got top 0 0 104 5`);
    expect(stdout).toMatch(/^2 expectations failed$/m);
    const few = await parley(['run', file, '--mismatches', '1', '--json']);
    expect(few.code).toBe(3);
    expect(jsonLines(few.stdout)[0]).toMatchObject({ failed: 2, mismatches: [{ line: 7, kind: 'deal' }] });
  });

  it('`parley run` says of a single expectation that fails that it is one', async () => {
    const { code, stdout } = await parley(['run', written('one.txt', 'post s1 S 100 5\ntop 0 0 100 6\n')]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^1 expectation failed$/m);
  });

  it('`parley run` goes on from the time of a log that it played before, and does not warn of its clock', async () => {
    const file = written('later.txt', 'at 01:00\npost s1 S 100 5\n');
    const play = (): ReturnType<typeof parley> => parley(['run', file, '--data', path.join(folder, 'twice')]);
    expect(await play()).toMatchObject({ code: 0, stderr: '' });
    expect(await play()).toMatchObject({ code: 0, stderr: '' });
  });

  it('`parley run` plays the example of a morning, all of which holds', async () => {
    const example = path.join(import.meta.dirname, '../../../examples/morning/morning.flow');
    const { code, stdout } = await parley(['run', example, '--json']);
    expect(code).toBe(0);
    expect(jsonLines(stdout)[0]).toMatchObject({ format: 'script', failed: 0, instruments: ['FERRY', 'FERRY-BONDS'] });
  });

  it('`parley run` says of a LOBSTER record how many executions were as recorded, and exits with 3 for one that was not', async () => {
    const orders = ['1,11,10,1000000,-1', '1,12,10,1000100,-1', '1,13,10,1000100,-1'];
    const executions = ['4,12,10,1000100,-1', '4,11,10,1000000,-1', '4,13,5,1000200,-1', '4,99,5,1000200,-1'];
    const file = written('record.csv', [...orders, ...executions].map((row) => `34200.5,${row}\n`).join(''));
    const shown = await parley(['run', file]);
    expect(shown.code).toBe(3);
    expect(shown.stdout).toMatch(/^executions +1 as recorded, 2 otherwise, 0 not at all$/m);
    expect(shown.stdout).toMatch(/^rows skipped +notPosted: 1$/m);
    expect(shown.stdout).toContain(`${file}:4: expected deal x4 12 1000100 10; got deal x4 11 1000000 10`);
    expect(shown.stdout).toContain(`${file}:6: expected deal x6 13 1000200 5; got deal x6 13 1000100 5`);
    const { stdout } = await parley(['run', file, '--format', 'lobster', '--json']);
    expect(jsonLines(stdout)[0]).toMatchObject({ failed: 2, executions: { asRecorded: 1, otherwise: 2, notAtAll: 0 } });
    const held = written('held.csv', [...orders, ...executions.slice(1, 2)].map((row) => `34200.5,${row}\n`).join(''));
    expect(await parley(['run', held])).toMatchObject({ code: 0 });
  });

  it('`parley run` exits with 2 for an `at` line whose time has passed', async () => {
    const { code, stderr } = await parley(['run', written('late.txt', 'at 09:30\npost a B 1 1\nat 09:29\n')]);
    expect(code).toBe(2);
    expect(stderr).toContain('late.txt:3: it is 09:30:00.001 already');
  });

  it('`parley run --help` shows every form that a line of a script may have', async () => {
    const { stdout } = await parley(['run', '--help']);
    expect(formList.filter(({ syntax }) => !stdout.includes(`\n  ${syntax}\n`))).toEqual([]);
  });

  it('`parley run` reads gzip, and stdin', async () => {
    const zipped = written('small.txt.gz', gzipSync(smallFlow));
    const [fromFile, fromStdin] = await Promise.all([
      parley(['run', zipped, '--json']),
      parley(['run', '-', '--json', '--instrument', 'X'], { stdin: 'post a B 1 1\npost b S 1 1\ndeal b a 1 1\n' }),
    ]);
    expect(fromFile.code).toBe(0);
    expect(jsonLines(fromFile.stdout)[0]).toMatchObject({ deals: 4, failed: 0 });
    expect(fromStdin.code).toBe(0);
    expect(jsonLines(fromStdin.stdout)[0]).toMatchObject({ file: '-', instruments: ['X'], deals: 1, failed: 0 });
  });

  it('`parley run` exits with 2 for input that cannot be read, naming the file and, where there is one, the line', async () => {
    const bad = written('bad.txt', 'post a B 1 1\nnonsense\n');
    const zipped = gzipSync(largeFlow(2_000));
    const cut = written('cut.gz', zipped.subarray(0, zipped.length - 20));
    const empty = written('empty.txt', '');
    const missing = path.join(folder, 'missing.txt');
    const [malformed, damaged, nothing, none] = await Promise.all(
      [bad, cut, empty, missing].map((file) => parley(['run', file])),
    );
    expect(malformed).toMatchObject({ code: 2, stdout: '' });
    expect(malformed?.stderr).toContain(`${bad}:2: `);
    expect(damaged?.code).toBe(2);
    expect(damaged?.stderr).toMatch(new RegExp(`${cut}:\\d+: the compressed data are damaged`));
    expect(nothing?.code).toBe(2);
    expect(nothing?.stderr).toContain(`${empty}: is empty`);
    expect(none?.code).toBe(2);
    expect(none?.stderr).toContain(`${missing}: no such file`);
  });

  it('`parley run` refuses a line of 200 MB from a stream as soon as it is too long', async () => {
    let left = 200;
    const stream = new Readable({
      read() {
        this.push(left-- > 0 ? Buffer.alloc(1 << 20, 'a') : null);
      },
    });
    const { code, stderr } = await parley(['run', '-'], { stdin: stream });
    expect(code).toBe(2);
    expect(stderr).toContain('stdin:1: ');
    expect(left).toBeGreaterThan(150);
  });

  it('`parley run` says so when the disk is full, and what is in the log by then is whole', async (context) => {
    await skipWithout(context, 'bash'); // which limits what a file may grow to
    const data = path.join(folder, 'full');
    const flow = written('large.txt', largeFlow(3_000));
    const { code, stderr } = await parley(['run', flow, '--data', data], { maxFileKiB: 64 });
    expect(code).toBe(1);
    expect(stderr).toContain('no file may become that large here');
    expect(stderr).toContain('the exchange stopped');
    expect((await parley(['audit', '--data', data])).code).toBe(0);
    const again = await parley(['run', flow, '--data', data]);
    expect(again.code).toBe(0);
    expect(again.stderr).toContain('torn tail cut back');
  });

  it.skipIf(process.platform === 'win32')(
    '`parley run` ends with 130 when it is interrupted, though its input does not',
    async () => {
      const own = path.join(folder, 'interrupted');
      fs.mkdirSync(own);
      const child = start(['run', '-'], { env: { TMPDIR: own } });
      child.stdin?.write(smallFlow);
      const files = (): string[] => fs.readdirSync(own, { recursive: true, encoding: 'utf8' });
      await expect.poll(files).toContainEqual(expect.stringMatching(/\.log$/));
      child.kill('SIGINT');
      expect(await ended(child)).toBe(130);
      expect(fs.readdirSync(own)).toEqual([]);
    },
  );
});
