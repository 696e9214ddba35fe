/**
 * `snapshot-v2.bin` was made of the golden folder `folder-v1`, in format 2, in which all stands in one piece. It is never changed. What it
 * holds is no longer enough for a shard; what it knows of its log is read permanently.
 */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EmbeddedLog } from '../../../../infra/embedded/embedded-log.js';
import { replay } from '../../../../src/exchange/recovery/recovery.js';
import { SnapshotStore } from '../../../../src/exchange/snapshots/snapshots.js';
import { stateDigest } from '../../../../src/exchange/recovery/state-digest.js';
import { removeFolder } from '../../../support/log/temporary-folder.js';
import { Listener } from '../../../support/reference/exchange-harness.js';
import { goldenFolders, unpack } from '../../../golden/golden-folder.js';

const golden = fileURLToPath(new URL('../../../golden/snapshot-v2.bin', import.meta.url));
const outcome = goldenFolders().find(({ name }) => name === 'folder-v1')?.outcome;
const name = `snapshot-${String(outcome?.head).padStart(20, '0')}.bin`;

describe('the golden snapshot', () => {
  let folder: string;
  let store: SnapshotStore;
  let listener: Listener;
  beforeEach(() => {
    folder = unpack('folder-v1');
    const snapshots = path.join(folder, 'snapshots');
    fs.mkdirSync(snapshots);
    fs.copyFileSync(golden, path.join(snapshots, name));
    listener = new Listener();
    store = new SnapshotStore(snapshots, listener);
  });
  afterEach(() => {
    removeFolder(folder);
  });

  it('The golden snapshot is passed over, and its log replayed to what it came to then', async () => {
    const log = new EmbeddedLog({ folder });
    const { state, events } = await replay(log, { snapshots: store });
    expect(events).toBe(outcome?.head);
    expect(stateDigest(state.market)).toBe(outcome?.stateDigest);
    expect(listener.said).toMatchObject([{ level: 'warn', message: 'snapshot passed over' }]);
  });

  it('The golden snapshot says where it stands, and with which digest', async () => {
    expect(await store.seen()).toEqual([{ name, position: outcome?.head, digest: outcome?.batchDigest }]);
    expect(listener.said).toEqual([]);
  });
});
