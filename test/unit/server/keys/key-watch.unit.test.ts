import { chmod, mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { exposureOf } from '../../../../src/server/keys/key-reading.js';
import { KeyWatch } from '../../../../src/server/keys/key-watch.js';
import { FileKeyring } from '../../../../src/server/keys/keys.js';

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly code?: string;
  readonly mode?: string;
  readonly mend?: string;
  readonly err?: { readonly message: string };
}

const WARN = 40;
const ERROR = 50;

const contentFor = (...participants: string[]): string =>
  JSON.stringify({ keys: participants.map((participant) => ({ key: `key-of-${participant}`, participant })) });

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'parley-key-watch-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  file = path.join(folder, 'keys.json');
});

async function write(text: string, where = file): Promise<void> {
  await writeFile(where, text, { mode: 0o600 });
}

/** Watches the file of a test, which looks when it wants. */
async function watch() {
  const logged: Line[] = [];
  // pino's lines have these fields
  const logger = pino({ level: 'info' }, { write: (line: string) => void logged.push(JSON.parse(line) as Line) });
  const keys = await FileKeyring.load(file);
  const keyWatch = new KeyWatch(keys, logger);
  return {
    ...{ keys, keyWatch, logged },
    errors: () => logged.filter(({ level }) => level === ERROR),
    warnings: () => logged.filter(({ level }) => level === WARN),
    knows: (participant: string): boolean => {
      try {
        return keys.identify(`Bearer key-of-${participant}`).participant === participant;
      } catch {
        return false;
      }
    },
    /** As many looks as it takes to believe what it sees. */
    look: async () => {
      await keyWatch.look();
      await keyWatch.look();
    },
  };
}

describe('a key file that changes', () => {
  it('A key file that changes is read again, and otherwise not', async () => {
    await write(contentFor('alice'));
    const { look, knows, logged } = await watch();
    await look();
    expect(logged).toEqual([]);
    await write(contentFor('alice', 'bob'));
    await look();
    expect([knows('alice'), knows('bob')]).toEqual([true, true]);
    await look();
    expect(logged).toMatchObject([{ msg: 'read the keys again', keys: 2, revoked: [] }]);
  });

  it('A key file that changes is seen when another is renamed onto it, of the same size and time', async () => {
    await write(contentFor('alice'));
    const when = new Date(0);
    await utimes(file, when, when);
    const { look, knows } = await watch();
    const other = path.join(folder, 'other.json');
    await write(contentFor('carol'), other);
    await utimes(other, when, when);
    await rename(other, file);
    await look();
    expect([knows('alice'), knows('carol')]).toEqual([false, true]);
  });

  it('A key file that changes is seen when a link on the way to it is turned, as Kubernetes does', async () => {
    const generation = async (name: string, text: string) => {
      await mkdir(path.join(folder, name));
      await write(text, path.join(folder, name, 'keys.json'));
      await symlink(name, path.join(folder, '..data_tmp'));
      await rename(path.join(folder, '..data_tmp'), path.join(folder, '..data'));
    };
    await generation('..1', contentFor('alice'));
    await symlink(path.join('..data', 'keys.json'), file);
    const { look, knows } = await watch();
    await generation('..2', contentFor('bob'));
    await rm(path.join(folder, '..1'), { recursive: true });
    await look();
    expect([knows('alice'), knows('bob')]).toEqual([false, true]);
  });

  it('A key file that changes is not read while it is still being written', async () => {
    await write(contentFor('alice'));
    const { keyWatch, knows, errors } = await watch();
    await write('{"keys":[');
    await keyWatch.look();
    await write(contentFor('bob'));
    await keyWatch.look();
    expect([knows('alice'), errors()]).toEqual([true, []]);
    await keyWatch.look();
    expect([knows('bob'), errors()]).toEqual([true, []]);
  });

  it('A key file that changes is read by the looks of a server, which end with it', async () => {
    await write(contentFor('alice'));
    const { keyWatch } = await watch();
    let ended = false;
    const tasks: (() => void)[] = [];
    keyWatch.start((periodMs, task) => {
      expect(periodMs).toBeGreaterThan(0);
      tasks.push(task);
      return () => (ended = true);
    });
    expect([tasks.length, ended]).toEqual([1, false]);
    keyWatch.end();
    expect(ended).toBe(true);
  });
});

describe('a key file that cannot be used any more', () => {
  it('A key file that cannot be used any more leaves the keys as they were, and is logged once for each content', async () => {
    await write(contentFor('alice'));
    const { look, knows, errors } = await watch();
    await write('{');
    await look();
    await write('{');
    await look();
    expect(errors()).toMatchObject([{ msg: 'the keys stay as they were', err: { type: 'KeyFileError' } }]);
    await write('{"keys":');
    await look();
    expect(errors()).toHaveLength(2);
    expect(knows('alice')).toBe(true);
    await write(contentFor('bob'));
    await look();
    await write('{');
    await look();
    expect([knows('bob'), errors().length]).toEqual([true, 3]);
  });

  it('A key file that cannot be used any more may be gone, and come back', async () => {
    await write(contentFor('alice'));
    const { look, knows, errors } = await watch();
    await rm(file);
    await look();
    await look();
    expect(errors()).toMatchObject([{ err: { message: expect.stringContaining('ENOENT') } }]);
    expect(knows('alice')).toBe(true);
    await write(contentFor('bob'));
    await look();
    expect([knows('alice'), knows('bob')]).toEqual([false, true]);
  });

  it('A key file that cannot be used any more is reported whenever somebody asks for it to be read', async () => {
    await write(contentFor('alice'));
    const { keyWatch, look, errors } = await watch();
    await write('{');
    for (const _again of [1, 2]) await expect(keyWatch.reload()).rejects.toThrow('line 1, column 2');
    await look();
    expect(errors()).toEqual([]);
  });
});

describe('a key file that others can read', () => {
  it.each([
    [0o644, '0644'],
    [0o640, '0640'],
    [0o604, '0604'],
    [0o602, '0602'],
  ])(
    'A key file that others can read of mode %o is warned about at the start, with what mends it',
    async (mode, shown) => {
      await write(contentFor('alice'));
      await chmod(file, mode);
      const { warnings } = await watch();
      expect(warnings()).toMatchObject([{ code: 'KEY_FILE_READABLE', mode: shown, mend: `chmod 600 ${file}` }]);
    },
  );

  it('A key file that others can read is none when it is mounted for the group of this process, and nobody else', () => {
    const [self, another] = [1000, 0];
    expect(exposureOf(0o100440, another, self)).toBeUndefined();
    expect(exposureOf(0o100440, self, self)).toEqual({ mode: '0440' });
    expect(exposureOf(0o100444, another, self)).toEqual({ mode: '0444' });
  });

  it('A key file that others can read is warned about when it becomes so, and no more once that is mended', async () => {
    await write(contentFor('alice'));
    const { look, warnings } = await watch();
    expect(warnings()).toEqual([]);
    await chmod(file, 0o644);
    await look();
    expect(warnings()).toHaveLength(1);
    await chmod(file, 0o600);
    await look();
    expect(warnings()).toHaveLength(1);
  });
});
