import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SqlDatabase } from '../../../../../projections/store/database/database.js';
import { QueryStore } from '../../../../../projections/store/database/query-store.js';
import { FORMAT_VERSION } from '../../../../../projections/store/database/schema.js';
import { readCheckpoint } from '../../../../../projections/store/database/stored-checkpoint.js';
import { contentOf } from '../../../../support/cli/parley.js';
import { History } from '../../../../support/history/history.js';
import { removeFolder, temporaryFolder } from '../../../../support/log/temporary-folder.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = temporaryFolder();
  file = path.join(folder, 'queries.db');
});
afterEach(() => {
  removeFolder(folder);
});

/** A store with a commit for each batch; left open, so that much of it stands in the write-ahead log. */
function storeOf(batches: number): QueryStore {
  const history = new History();
  const [alice, acme] = [history.admit('alice'), history.list('ACME')];
  history.seal();
  for (let batch = 0; batch < batches; batch++) {
    history.post(alice, acme, 'sell', 100 + batch, 5);
    history.seal();
  }
  const store = new QueryStore(file);
  for (const batch of history.batches()) {
    store.add(batch);
    store.commit();
  }
  return store;
}

describe('the checkpoint of a store in a file', () => {
  it('The checkpoint of a store in a file is read while another holds the store open, and after it was closed, and nothing is locked, made or changed', () => {
    for (const batches of [1, 7, 40]) {
      const store = storeOf(batches);
      const { checkpoint } = store;
      const before = contentOf(folder);
      expect(Object.keys(before)).toContain('queries.db-wal');
      expect(readCheckpoint(file)).toEqual(checkpoint);
      expect(contentOf(folder)).toEqual(before);
      store.close();
      expect(readCheckpoint(file)).toEqual(checkpoint);
      fs.rmSync(file);
    }
  });

  it('The checkpoint of a store in a file is that of the last transaction which was written whole', () => {
    const store = storeOf(5);
    const { checkpoint } = store;
    const copy = path.join(folder, 'copy.db');
    fs.copyFileSync(file, copy);
    const wal = fs.readFileSync(`${file}-wal`);
    store.close();
    const seen = new Set<number>();
    for (let length = wal.length; length > 32; length -= 512) {
      fs.writeFileSync(`${copy}-wal`, wal.subarray(0, length));
      const { position, sealDigest } = readable(copy) ?? { position: -1, sealDigest: '' };
      seen.add(position);
      if (position > 0) expect(sealDigest).toMatch(/^[0-9a-f]{64}$/);
    }
    expect(seen).toContain(checkpoint.position);
    expect(seen.size).toBeGreaterThan(4);
  });

  it('The checkpoint of a store in a file is undefined for a file that is none of Parley’s, of another format, or damaged', () => {
    expect(() => readCheckpoint(file)).toThrow('ENOENT');
    fs.writeFileSync(file, 'foo');
    expect(() => readCheckpoint(file)).toThrow('it is no database');
    fs.rmSync(file);
    const other = new SqlDatabase(file);
    other.exec(
      `CREATE TABLE checkpoint (id INTEGER PRIMARY KEY, position INTEGER); PRAGMA user_version = ${FORMAT_VERSION};`,
    );
    other.close();
    expect(() => readCheckpoint(file)).toThrow('it has no checkpoint');
    const later = new SqlDatabase(file);
    later.exec('PRAGMA user_version = 99');
    later.close();
    expect(() => readCheckpoint(file)).toThrow('it has format 99');
    fs.truncateSync(file, 200);
    expect(() => readCheckpoint(file)).toThrow('it has no page 1');
  });
});

function readable(of: string): ReturnType<typeof readCheckpoint> | undefined {
  try {
    return readCheckpoint(of);
  } catch {
    return undefined;
  }
}
