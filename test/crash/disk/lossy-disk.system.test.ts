/** The disk that loses power, with a process that writes to it by Node's own calls and is killed. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Random } from '../../support/random.js';
import { removeFolder, temporaryFolder } from '../../support/log/temporary-folder.js';
import { describeWith } from '../../support/needs/suite.js';
import { compileDisk } from './compile.js';
import { FaultPage, type Faults } from './fault-page.js';
import { losePower } from './power-loss.js';

const SEEDS = 16;

const prelude = `
  const fs = require('node:fs');
  const folder = process.env.PARLEY_DISK_FOLDER;
  const file = (name) => folder + '/' + name;
  const syncFolder = () => { const fd = fs.openSync(folder); fs.fsyncSync(fd); fs.closeSync(fd); };
  const create = (name, text) => { const fd = fs.openSync(file(name), 'w'); fs.writeSync(fd, text, 0); return fd; };
  const die = () => process.kill(process.pid, 'SIGKILL');
`;

await describeWith('compiler', 'a disk that loses power', () => {
  const library = compileDisk();
  let place: string;
  beforeEach(() => {
    place = fs.realpathSync(temporaryFolder());
  });
  afterEach(() => {
    removeFolder(place);
  });

  /** Runs the script on a new disk, takes the power from it, and returns what is left: contents by name. */
  function after(script: string, seed: number, faults: Faults = {}): Record<string, string> {
    const folder = path.join(place, `disk-${seed}`);
    const journals = path.join(place, `journals-${seed}`);
    for (const each of [folder, journals]) fs.mkdirSync(each);
    const page = new FaultPage(path.join(place, `faults-${seed}`));
    page.set({ random: seed, ...faults });
    const env = {
      ...{ LD_PRELOAD: library, PARLEY_DISK_FOLDER: folder },
      ...{ PARLEY_DISK_JOURNAL: journals, PARLEY_DISK_FAULTS: path.join(place, `faults-${seed}`) },
    };
    const { signal, stderr } = spawnSync(process.execPath, ['-e', prelude + script], { env, encoding: 'utf8' });
    expect(signal, stderr).toBe('SIGKILL');
    losePower(folder, journals, new Random(seed));
    expect(fs.readdirSync(journals)).toEqual([]);
    return Object.fromEntries(
      fs.readdirSync(folder).map((name) => [name, fs.readFileSync(path.join(folder, name), 'latin1')]),
    );
  }

  function afterEachSeed(script: string, faults: Faults = {}): Record<string, string>[] {
    return Array.from({ length: SEEDS }, (_, index) => after(script, index + 1, faults));
  }

  it('A disk that loses power keeps what was synced, and of the rest any part, none or all', () => {
    const script = `
      const fd = create('a', 'A'.repeat(1500));
      fs.fdatasyncSync(fd); syncFolder();
      fs.writeSync(fd, 'B'.repeat(1500), 1500);
      die();`;
    const left = afterEachSeed(script).map(({ a = '' }) => a);
    for (const a of left) {
      expect(a.slice(0, 1500)).toBe('A'.repeat(1500));
      expect(a.slice(1500)).toMatch(/^[B\0]*$/);
    }
    expect(left.some((a) => a.length === 1500)).toBe(true);
    expect(left.some((a) => a === 'A'.repeat(1500) + 'B'.repeat(1500))).toBe(true);
    expect(left.some((a) => /B\0|\0B/.test(a))).toBe(true);
  });

  it('A disk that loses power keeps names whose folder was synced, and of the others any', () => {
    const script = `
      for (const name of ['kept', 'gone', 'old']) fs.fsyncSync(create(name, name));
      syncFolder();
      fs.fsyncSync(create('new', 'new'));
      fs.unlinkSync(file('gone'));
      fs.renameSync(file('old'), file('other'));
      die();`;
    const left = afterEachSeed(script);
    for (const files of left) {
      expect(files.kept).toBe('kept');
      expect(['gone', undefined]).toContain(files.gone);
      expect([files.old, files.other].filter((content) => content === 'old')).toHaveLength(1);
    }
    for (const name of ['new', 'gone', 'old', 'other']) {
      expect(left.some((files) => name in files)).toBe(true);
      expect(left.some((files) => !(name in files))).toBe(true);
    }
  });

  it('A disk that loses power never has what a failed sync should have made durable, though a later one succeeds', () => {
    const script = `
      const fd = create('a', 'first');
      try { fs.fsyncSync(fd); } catch (error) { if (error.code !== 'EIO') throw error; }
      fs.fsyncSync(fd);
      die();`;
    for (const { a } of afterEachSeed(script, { failingSyncs: 1 })) expect([undefined, '']).toContain(a);
  });

  it('A disk that loses power loses what was synced when it lies', () => {
    const script = `fs.fsyncSync(create('a', 'A')); syncFolder(); die();`;
    expect(afterEachSeed(script, { lies: 1 }).some((files) => files.a !== 'A')).toBe(true);
  });

  it('A disk that loses power can be undone wherever in a call the process dies', () => {
    const script = `
      const fd = create('a.tmp', 'A'.repeat(700)); fs.fsyncSync(fd); fs.renameSync(file('a.tmp'), file('a')); syncFolder();
      for (let at = 700; at < 7000; at += 700) { fs.writeSync(fd, 'A'.repeat(700), at); fs.fdatasyncSync(fd); fs.ftruncateSync(fd, at); }
      die();`;
    for (let step = 1; step <= 60; step += 2) {
      const files = after(script, step, { stepsToDeath: step });
      for (const content of Object.values(files)) expect(content).toMatch(/^[A\0]*$/);
    }
  });
});
