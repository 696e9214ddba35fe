import { describe, expect, it } from 'vitest';
import { EmbeddedLog } from '../../../../infra/embedded/embedded-log.js';
import { asRead, collect, Sealer, type ReadBatch } from '../../../support/log/batches.js';
import { LossyDisk } from '../../../support/disk/lossy-disk.js';
import { MemoryFolder } from '../../../support/disk/memory-folder.js';
import type { Loss } from '../../../support/disk/simulated-disk.js';

/** What was asked of a log by several writers, one after the other. */
interface History {
  readonly acknowledged: ReadBatch[];
  /** The batch whose outcome nobody received. */
  unknown: ReadBatch | undefined;
}

/** One writer: it opens, appends some batches over two segments, closes. The power may go at any call. */
async function runWriter(folder: MemoryFolder, disk: LossyDisk, history: History, segmentBytes = 260): Promise<void> {
  const { host } = folder;
  const log = new EmbeddedLog({ folder: folder.path, files: disk, host, segmentBytes });
  const writer = await log.open().catch(() => undefined);
  if (writer === undefined) return;
  settle(history, await collect(log.read(0)));
  for (const count of [2, 3, 1]) {
    const batch = new Sealer(writer.head).sealSome(count);
    const outcome = await writer.append(batch);
    if (outcome === 'appended') history.acknowledged.push(asRead(batch));
    else history.unknown = asRead(batch);
    if (outcome !== 'appended') break;
  }
  await writer.close();
}

/** All that was acknowledged is there, in order; besides it there may be the one batch that was in doubt, which is then decided. */
function settle(history: History, read: ReadBatch[]): void {
  const extra = read.slice(history.acknowledged.length);
  expect(read.slice(0, history.acknowledged.length)).toEqual(history.acknowledged);
  expect(extra.length === 0 ? [] : [history.unknown]).toEqual(extra);
  history.acknowledged.push(...extra);
  history.unknown = undefined;
}

describe.each<Loss>(['kept', 'lost', 'torn', 'zeroed'])('losing power, with what was not synced %s', (loss) => {
  /** How many calls a writer takes when nothing happens. */
  async function callsOfAWriter(writers: number): Promise<number> {
    const folder = new MemoryFolder();
    const history: History = { acknowledged: [], unknown: undefined };
    for (let number = 1; number < writers; number++) await runWriter(folder, new LossyDisk(folder, Infinity), history);
    let calls = 0;
    for (; ; calls++) {
      const disk = new LossyDisk(folder, calls);
      await runWriter(folder, disk, history);
      if (!disk.isOff) break;
      disk.lose('kept');
    }
    return calls;
  }

  async function afterLosingPower(first: number, second: number): Promise<void> {
    const folder = new MemoryFolder();
    const history: History = { acknowledged: [], unknown: undefined };
    await runWriter(folder, new LossyDisk(folder, Infinity), history);
    for (const calls of [first, second]) {
      const disk = new LossyDisk(folder, calls);
      await runWriter(folder, disk, history);
      disk.lose(loss);
    }
    await runWriter(folder, new LossyDisk(folder, Infinity), history);
    const log = new EmbeddedLog({ folder: folder.path, files: folder.files });
    settle(history, await collect(log.read(0)));
    expect((await log.inspect()).damage).toBeUndefined();
  }

  it('Losing power leaves all that was called appended, whenever it happens, and no damage', async () => {
    const calls = await callsOfAWriter(2);
    expect(calls).toBeGreaterThan(25);
    for (let first = 0; first <= calls; first++) await afterLosingPower(first, Infinity);
  });

  it('Losing power leaves all that was called appended over room that was made ahead in one segment, whenever it happens, and no damage', async () => {
    for (let calls = 10; calls < 60; calls++) {
      const folder = new MemoryFolder();
      const history: History = { acknowledged: [], unknown: undefined };
      const disk = new LossyDisk(folder, calls);
      for (let writers = 0; writers < 3; writers++) await runWriter(folder, disk, history, 4000);
      disk.lose(loss);
      await runWriter(folder, new LossyDisk(folder, Infinity), history, 4000);
      const log = new EmbeddedLog({ folder: folder.path, files: folder.files });
      settle(history, await collect(log.read(0)));
      expect((await log.inspect()).damage).toBeUndefined();
    }
  });

  it('Losing power leaves all that was called appended when it happens to the next writer after a kill -9', async () => {
    for (let first = 10; first < 36; first += 2) {
      for (const second of [14, 16, 18, 20, 22]) {
        const folder = new MemoryFolder();
        const history: History = { acknowledged: [], unknown: undefined };
        const disk = new LossyDisk(folder, first);
        await runWriter(folder, disk, history);
        disk.goOn(second);
        await runWriter(folder, disk, history);
        disk.lose(loss);
        await runWriter(folder, new LossyDisk(folder, Infinity), history);
      }
    }
  });

  it('Losing power leaves all that was called appended when it happens again while the log is opened', async () => {
    for (let first = 10; first < 36; first += 3) {
      for (let second = 0; second < 20; second += 2) await afterLosingPower(first, second);
    }
  });
});
