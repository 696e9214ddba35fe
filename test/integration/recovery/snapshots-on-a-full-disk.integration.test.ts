import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { replay } from '../../../src/exchange/recovery/recovery.js';
import { SnapshotStore } from '../../../src/exchange/snapshots/snapshots.js';
import { stateDigest } from '../../../src/exchange/recovery/state-digest.js';
import { MemoryLog } from '../../support/log/memory-log.js';
import { removeFolder, temporaryFolder } from '../../support/log/temporary-folder.js';
import { describeWith } from '../../support/needs/suite.js';
import { post } from '../../support/reference/steps-of.js';
import { acme, ExchangeHarness } from '../../support/reference/exchange-harness.js';

const MORE_THAN_FITS = 1_500;

function mount(...args: string[]): void {
  expect(spawnSync('mount', args).status).toBe(0);
}

await describeWith('mount', 'snapshots on a small disk', () => {
  let folder: string;
  let snapshots: string;
  beforeEach(() => {
    folder = temporaryFolder();
    snapshots = path.join(folder, 'snapshots');
    fs.mkdirSync(snapshots);
    mount('-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', snapshots);
  });
  afterEach(() => {
    spawnSync('umount', ['--lazy', snapshots]);
    removeFolder(folder);
  });

  it('Snapshots on a small disk are as they were when the next one does not fit, and it is made once there is room', async () => {
    const log = new MemoryLog();
    const harness = await ExchangeHarness.open(log);
    await harness.play({ kind: 'list', listing: acme }, 'durable');
    const store = new SnapshotStore(snapshots);
    const usable = [await store.make(log)];
    await harness.play(post('alice', 'sell', 100, 5), 'durable');
    usable.push(await store.make(log));
    const good = fs.readdirSync(snapshots);
    for (let count = 0; count < MORE_THAN_FITS; count++) await harness.play(post('zoe', 'sell', 200, 1));
    await harness.exchange.log.flushed();

    await expect(store.make(log)).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(fs.readdirSync(snapshots)).toEqual(good);
    expect(await store.usableLatest(log)).toBe(usable[1]);

    mount('-o', 'remount,size=16m', snapshots);
    const head = await log.head();
    expect(await store.make(log)).toBe(head);
    const { state, events } = await replay(log, { snapshots: store });
    expect(events).toBe(0);
    expect(stateDigest(state.market)).toBe(stateDigest(harness.market));
    await harness.close();
  });
});
