import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeHost } from '../../../../infra/embedded/claims/lock.js';
import { DataFolder } from '../../../../src/app/logs/data-folder.js';
import { divide, nameOfShard, shardsIn, shardsOf } from '../../../../src/app/logs/shard-folders.js';
import { removeFolder, temporaryFolder } from '../../../support/log/temporary-folder.js';

let folder: string;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => removeFolder(folder));

const names = (): string[] => fs.readdirSync(folder).sort();

async function beginLog(place: string, shard = 0): Promise<void> {
  const writer = await new DataFolder(place, shard).log().open();
  await writer.close();
}

describe('a folder of shards', () => {
  it('A folder of shards is undivided until somebody divides it, and says how many it has from then on', async () => {
    await expect(shardsIn(folder)).resolves.toBeUndefined();
    await expect(shardsIn(path.join(folder, 'nowhere'))).resolves.toBeUndefined();
    await divide(folder, 3);
    await divide(folder, 3);
    expect(names()).toEqual(['shard-0', 'shard-1', 'shard-2', 'shards.json']);
    await expect(shardsIn(folder)).resolves.toBe(3);
    await expect(shardsOf(folder, undefined)).resolves.toBe(3);
    await expect(nameOfShard(folder, 2)).resolves.toBe('shard-2');
    await expect(nameOfShard(folder, 3)).rejects.toMatchObject({ code: 'LOG_REFUSED' });
  });

  it('A folder of shards keeps their number: another is refused, and nothing of the folder changes', async () => {
    await divide(folder, 2);
    const before = names();
    for (const wanted of [1, 3]) {
      await expect(shardsOf(folder, wanted)).rejects.toMatchObject({ code: 'LOG_REFUSED' });
      await expect(divide(folder, wanted)).rejects.toThrow(`has 2 shards, and not ${wanted}`);
    }
    expect(names()).toEqual(before);
  });

  it('A folder of shards is not made of one whose log one shard has to itself, nor of what is left of that', async () => {
    await divide(folder, 1);
    expect(names()).toEqual([]);
    await beginLog(folder);
    await expect(shardsOf(folder, 1)).resolves.toBe(1);
    await expect(nameOfShard(folder, 0)).resolves.toBeUndefined();
    await expect(divide(folder, 2)).rejects.toThrow('has one shard, and not 2');
    for (const name of names()) fs.rmSync(path.join(folder, name));
    fs.mkdirSync(path.join(folder, 'snapshots'));
    await expect(divide(folder, 2)).rejects.toMatchObject({ code: 'LOG_REFUSED' });
    expect(names()).toEqual(['snapshots']);
  });

  it('A folder of shards whose making was broken off is made by the next that divides it, into as many as that says', async () => {
    fs.mkdirSync(path.join(folder, 'shard-0'));
    fs.writeFileSync(path.join(folder, 'shards.json.tmp'), '{"sha');
    await expect(shardsIn(folder)).resolves.toBeUndefined();
    await divide(folder, 2);
    expect(names()).toEqual(['shard-0', 'shard-1', 'shards.json']);
  });

  it('A folder of shards is not divided while somebody begins a log that fills it', async () => {
    const lock = await nodeHost.lock(folder);
    await expect(divide(folder, 2)).rejects.toMatchObject({ code: 'LOG_LOCKED' });
    await lock.release();
    expect(names()).toEqual([]);
  });

  it('A folder of shards is lost where one of theirs is gone, or the file that says how many there are', async () => {
    await divide(folder, 2);
    await beginLog(path.join(folder, 'shard-1'), 1);
    fs.rmdirSync(path.join(folder, 'shard-0'));
    await expect(shardsIn(folder)).rejects.toMatchObject({ code: 'LOG_LOST' });
    await expect(nameOfShard(folder, 1)).rejects.toThrow('the folder shard-0 is gone');
    fs.mkdirSync(path.join(folder, 'shard-0'));
    fs.rmSync(path.join(folder, 'shards.json'));
    await expect(divide(folder, 2)).rejects.toMatchObject({ code: 'LOG_LOST' });
  });

  it.each(['', '{', 'null', '{"shards":1}', '{"shards":"2"}', '{"shards":2.5}'])(
    'A folder of shards is damaged where its file says no number of them: %j',
    async (text) => {
      await divide(folder, 2);
      fs.writeFileSync(path.join(folder, 'shards.json'), text);
      await expect(shardsIn(folder)).rejects.toMatchObject({ code: 'LOG_DAMAGED', file: 'shards.json' });
    },
  );

  it('A folder of shards that holds the log of one beside them is refused, for one of the two would go unseen', async () => {
    await divide(folder, 2);
    await beginLog(folder);
    await expect(shardsIn(folder)).rejects.toMatchObject({ code: 'LOG_REFUSED' });
  });
});
