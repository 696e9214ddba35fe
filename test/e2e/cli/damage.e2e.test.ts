import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { smallFlow } from '../../support/cli/flows.js';
import { contentOf, jsonLines, parley, segmentIn } from '../../support/cli/parley.js';
import { commandLineFolder } from '../../support/cli/suite.js';

const folder = commandLineFolder();
const sound = path.join(folder, 'sound');

beforeAll(async () => {
  await parley(['run', '-', '--data', sound], { stdin: smallFlow });
});

/** A copy of the log whose segment has been changed. */
function changed(name: string, change: (bytes: Buffer) => Buffer): string {
  const copy = path.join(folder, name);
  fs.cpSync(sound, copy, { recursive: true });
  const segment = segmentIn(copy);
  fs.writeFileSync(segment, change(fs.readFileSync(segment)));
  return copy;
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
}

describe('a damaged log', () => {
  it('A damaged log is refused by every verb with 4 and the place, and left as it is', async () => {
    const damaged = changed('flipped', (bytes) => flipped(bytes, Math.floor(bytes.length / 2)));
    const before = contentOf(damaged);
    const verbs = [
      ...['replay', 'book one', 'deals', 'positions', 'intention 1', 'why 1', 'chart 1', 'log cat', 'log export'],
      ...['log stat', 'log repair', 'run -', 'serve --port 0'],
    ];
    for (let at = 0; at < verbs.length; at += 4) {
      const some = verbs.slice(at, at + 4);
      const results = await Promise.all(
        some.map((verb) => parley([...verb.split(' '), '--data', damaged], { stdin: smallFlow })),
      );
      for (const [index, { code, stderr }] of results.entries()) {
        expect({ verb: some[index], code }).toEqual({ verb: some[index], code: 4 });
        expect(stderr).toMatch(/\.log: frame \d+ at byte \d+: /);
      }
    }
    expect(contentOf(damaged)).toEqual(before);
  });

  it('A damaged log is audited up to the damage, which is named by file, frame and byte', async () => {
    const damaged = changed('audited', (bytes) => flipped(bytes, Math.floor(bytes.length / 2)));
    const [text, json] = await Promise.all([
      parley(['audit', '--data', damaged]),
      parley(['audit', '--data', damaged, '--json']),
    ]);
    expect(text.code).toBe(4);
    expect(text.stdout).toMatch(/LOG_DAMAGED: 0+-000001\.log: frame \d+ at byte \d+: /);
    expect(json.code).toBe(4);
    const [finding, summary] = jsonLines(json.stdout);
    expect(finding).toMatchObject({ kind: 'finding', code: 'LOG_DAMAGED' });
    expect(summary).toMatchObject({
      kind: 'summary',
      damaged: true,
      damage: { frame: expect.any(Number), byte: expect.any(Number) },
    });
  });

  it('A damaged log is repaired only on request, and what is cut off is kept', async () => {
    const damaged = changed('repaired', (bytes) => flipped(bytes, Math.floor(bytes.length / 2)));
    const asked = await parley(['log', 'repair', '--data', damaged]);
    expect(asked.code).toBe(4);
    expect(asked.stderr).toMatch(
      /end before position \d+, and positions \d+ to \d+ at least be gone; to do that: .*--yes/,
    );
    const { code, stdout } = await parley(['log', 'repair', '--yes', '--json', '--data', damaged]);
    expect(code).toBe(0);
    expect(jsonLines(stdout)[0]).toMatchObject({ repaired: true });
    expect(fs.readdirSync(damaged).filter((name) => name.endsWith('.cut'))).toHaveLength(1);
    const [audit, run] = [
      await parley(['audit', '--data', damaged]),
      await parley(['run', '-', '--data', damaged], { stdin: smallFlow }),
    ];
    expect(audit.code).toBe(0);
    expect(run.code).toBe(0);
  });

  it('A damaged log is not what a crash leaves: a torn tail is a note, and the next writer cuts it back and says so', async () => {
    const torn = changed('torn', (bytes) => bytes.subarray(0, bytes.length - 5));
    // A process that is killed does not close its log.
    const claim = path.join(torn, 'writer-000001.json');
    fs.writeFileSync(claim, fs.readFileSync(claim, 'utf8').replace(/^.*"closed".*\n/m, ''));
    const before = contentOf(torn);
    const [audit, stat] = await Promise.all([
      parley(['audit', '--data', torn]),
      parley(['log', 'stat', '--data', torn]),
    ]);
    expect(audit.code).toBe(0);
    expect(audit.stdout).toContain('torn tail: ');
    expect(stat.stdout).toMatch(/^torn tail +0+-000001\.log at byte \d+/m);
    expect(contentOf(torn)).toEqual(before);
    const run = await parley(['run', '-', '--data', torn], { stdin: smallFlow });
    expect(run.code).toBe(0);
    expect(run.stderr).toContain('torn tail cut back');
  });

  it('A damaged log whose frames are whole but break the rules is a violation: exit 3 with the position', async () => {
    const forged = path.join(folder, 'forged');
    const { stdout } = await parley(['log', 'export', '--data', sound]);
    const lines = stdout.trimEnd().split('\n').slice(0, 14);
    const settled = lines.findIndex((line) => line.includes('DealSettled'));
    const cut = lines.map((line, at) =>
      at === settled ? line.replace('"quantityLots":10', '"quantityLots":9') : line,
    );
    expect((await parley(['log', 'import', '-', '--data', forged], { stdin: cut.join('\n') })).code).toBe(0);
    const audit = await parley(['audit', '--data', forged]);
    expect(audit.code).toBe(3);
    expect(audit.stdout).toMatch(new RegExp(`^position ${settled}: violation I3_SETTLED_DIFFERS`, 'm'));
  });
});
