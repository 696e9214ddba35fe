import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DamagedLogError } from '../../../../src/log/port.js';
import { collect } from '../../../support/log/batches.js';
import { EmbeddedFolder } from '../../../support/log/embedded-folder.js';

let folder: EmbeddedFolder;
beforeEach(async () => {
  folder = new EmbeddedFolder();
  await folder.write([2, 3]);
});
afterEach(() => {
  folder.dispose();
});

describe('a file in a log’s folder', () => {
  it.each([
    ...['notes.txt', '.DS_Store', 'writer-1.json', 'writer-000002.json.bak', 'writer-abc.json', 'writer--00001.json'],
    ...[
      '0-1.log',
      '00000000000000000000-1.log',
      '00000000000000000000-000001.LOG',
      '00000000000000000009-000001.log.tmp',
    ],
    ...[
      'x00000000000000000009-000001.log',
      '-0000000000000000009-000001.log',
      '0000000000000000000９-000001.log',
      '.log',
    ],
    ...[
      '00000000000000000000-0000001.log',
      '99999999999999999999-000001.log',
      '99999999999999999999-000001.log.cut',
      'writer-０00002.json',
      '99999999999999999999-000001.log',
    ],
  ])('A file in a log’s folder that is none of its own is no part of it: %s', async (name) => {
    folder.put(name, Buffer.from('nonsense'));
    expect(await collect(folder.log().read(0))).toEqual(folder.batches);
    await folder.write([1]);
    expect(await collect(folder.log().read(0))).toEqual(folder.batches);
    expect(folder.bytes(name).toString()).toBe('nonsense');
  });

  it.each(['writer-4294967295.json', 'writer-4294967296.json', 'writer-9999999999.json'])(
    'A file in a log’s folder that claims the last epoch there can be, or one beyond, keeps everyone from opening the log, and it stays as it is: %s',
    async (name) => {
      folder.put(name, Buffer.from('{}\n'));
      const before = folder.snapshot();
      await expect(folder.log().open()).rejects.toThrow(DamagedLogError);
      expect(folder.snapshot()).toEqual(before);
      folder.remove(name);
      await folder.write([1]);
      expect(await collect(folder.log().read(0))).toEqual(folder.batches);
    },
  );

  it.each(['00000000000000000000-9999999999.log', '09007199254740993000-000002.log'])(
    'A file in a log’s folder that is named like a segment that nobody can have written is damage: %s',
    async (name) => {
      folder.put(name, folder.bytes(folder.segments[0] ?? ''));
      const before = folder.snapshot();
      await expect(collect(folder.log().read(0))).rejects.toThrow(DamagedLogError);
      await expect(folder.log().open()).rejects.toThrow(DamagedLogError);
      expect(folder.snapshot()).toEqual(before);
    },
  );

  it('A file in a log’s folder that is a folder named like a segment is said to be one, and nothing is changed', async () => {
    fs.mkdirSync(path.join(folder.path, '00000000000000000007-000002.log'));
    await expect(collect(folder.log().read(0))).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(folder.log().open()).rejects.toMatchObject({ code: 'EISDIR' });
    expect(fs.readdirSync(folder.path).filter((name) => name.startsWith('writer'))).toEqual(['writer-000001.json']);
  });
});
