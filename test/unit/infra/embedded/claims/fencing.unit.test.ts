import fs from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFiles } from '../../../../../infra/embedded/files.js';
import { HEADER_BYTES, putFrameHeader, segmentFileName, segmentHeader } from '../../../../../infra/embedded/format.js';
import { LogLockedError, type SealedBatch } from '../../../../../src/log/port.js';
import { asRead, collect, kept, type ReadBatch } from '../../../../support/log/batches.js';
import { EmbeddedFolder } from '../../../../support/log/embedded-folder.js';
import { gate } from '../../../../support/gate.js';
import { FaultyFiles } from '../../../../support/disk/faulty-files.js';

describe('fencing', () => {
  let folder: EmbeddedFolder;
  let disk: FaultyFiles;

  beforeEach(() => {
    folder = new EmbeddedFolder();
    disk = new FaultyFiles();
  });

  afterEach(() => {
    folder.dispose();
  });

  it('Fencing answers unknown for a batch that was written before a newer writer looked, which then has it', async () => {
    const older = await folder.log({ files: disk.files }).open();
    await folder.append(older, 2);
    const { reached, wait, open } = gate();
    disk.beforeSync = wait;
    const batch = folder.next(3);
    const appending = older.append(batch);
    await reached;
    const newer = await folder.log({ takeOver: true }).open();
    open();
    expect(await appending).toBe('unknown');
    expect(older.failure?.message).toContain('newer writer');
    expect(newer.head).toBe(batch.firstPosition + batch.count);
    expect(await collect(folder.log().read(0))).toEqual([...folder.batches, asRead(batch)]);
    await newer.close();
    await older.close();
  });

  it('Fencing answers unknown for a batch that was written after a newer writer looked, and no reader ever sees it', async () => {
    const older = await folder.log({ files: disk.files }).open();
    await folder.append(older, 2);
    const { reached, wait, open } = gate();
    disk.beforeWrite = wait;
    const appending = older.append(folder.next(3));
    await reached;
    const newer = await folder.log({ takeOver: true }).open();
    open();
    expect(await appending).toBe('unknown');
    await folder.append(newer, 1);
    await newer.close();
    await older.close();
    await folder.write([2]);
    expect(await collect(folder.log().read(0))).toEqual(folder.batches);
    const { segments, damage, head } = await folder.log().inspect();
    expect({ damage, head }).toEqual({ damage: undefined, head: folder.head });
    expect(segments.map(({ ignoredFrames, ignoredEvents }) => [ignoredFrames, ignoredEvents])).toEqual([
      [1, 4],
      [0, 0],
      [0, 0],
    ]);
    const frames: (ReadBatch & { ignored: boolean })[] = [];
    for await (const frame of folder.log().frames()) frames.push({ ...kept(frame), ignored: frame.ignored });
    expect(frames.map(({ ignored }) => ignored)).toEqual([false, true, false, false]);
  });

  it('Fencing is nothing to a reader that follows meanwhile: it goes past what a fenced writer left, and on', async () => {
    const older = await folder.log({ files: disk.files }).open();
    await folder.append(older, 2);
    const seen: ReadBatch[] = [];
    const mayGoOn = gate();
    const following = (async () => {
      for await (const batch of folder.log().follow(0, new AbortController().signal)) {
        if (seen.push(kept(batch)) === 3) return;
        await mayGoOn.reached;
      }
    })();
    const { reached, wait, open } = gate();
    disk.beforeWrite = wait;
    const appending = older.append(folder.next(3));
    await reached;
    const newer = await folder.log({ takeOver: true }).open();
    open();
    expect(await appending).toBe('unknown');
    await folder.append(newer, 1);
    await folder.append(newer, 5);
    void mayGoOn.wait();
    await following;
    expect(seen).toEqual(folder.batches);
    await newer.close();
    await older.close();
  });

  it('Fencing has the newer writer go on behind a batch that was appended until the very moment of its claim', async () => {
    await folder.write([2]);
    const [file = ''] = folder.segments;
    const batch = folder.next(3);
    const files = {
      ...nodeFiles,
      open: (name: string, flags: string) => {
        if (flags === 'wx') fs.appendFileSync(path.join(folder.path, file), frameOf(batch, 1));
        return nodeFiles.open(name, flags);
      },
    };
    const writer = await folder.log({ files }).open();
    expect(writer.head).toBe(batch.firstPosition + batch.count);
    await writer.close();
    expect(await collect(folder.log().read(0))).toEqual([...folder.batches, asRead(batch)]);
  });

  it('Fencing gives out the last frame only once it is decided, while a newer writer opens in another process', async () => {
    await folder.write([2, 3]);
    const [before, last] = folder.batches;
    folder.put('writer-000002.json', Buffer.from('{}'));
    expect(await collect(folder.log().read(0))).toEqual([before]);
    expect(await folder.log().head()).toBe(last?.firstPosition);

    let looks = 0;
    const list = (name: string): string[] => {
      looks++;
      return nodeFiles.list(name);
    };
    const controller = new AbortController();
    const seen: ReadBatch[] = [];
    const following = (async () => {
      const log = folder.log({ files: { ...nodeFiles, list } });
      for await (const batch of log.follow(0, controller.signal)) if (seen.push(kept(batch)) === 2) return;
    })();
    await expect.poll(() => seen).toEqual([before]);
    const looksBefore = looks;
    await expect.poll(() => looks - looksBefore).toBeGreaterThan(1); // all that the first of them led to came before the second
    expect(seen).toEqual([before]);
    const name = { firstPosition: folder.head, epoch: 2 };
    folder.put(segmentFileName(name), segmentHeader(0, name));
    await following;
    expect(seen).toEqual([before, last]);
    controller.abort();
  });

  it('Fencing does not wait for a writer that gave up', async () => {
    await folder.write([2, 3]);
    folder.put('writer-000002.json', Buffer.alloc(0));
    expect(await collect(folder.log().read(0))).toEqual(folder.batches);
    expect(await folder.log().head()).toBe(folder.head);
  });

  it('Fencing refuses a writer that a newer one overtook while it opened, and removes its segment', async () => {
    await folder.write([2]);
    const claimed = path.join(folder.path, 'writer-000003.json');
    const files = {
      ...nodeFiles,
      rename: (from: string, to: string) => {
        fs.writeFileSync(claimed, '{}');
        nodeFiles.rename(from, to);
      },
    };
    await expect(folder.log({ files }).open()).rejects.toThrow(LogLockedError);
    expect(folder.segments.length).toBe(1);
    await folder.write([1]);
    expect(await collect(folder.log().read(0))).toEqual(folder.batches);
    expect((await folder.log().inspect()).epoch).toBe(4);
  });

  it('Fencing lets an empty segment of a writer that was overtaken as it opened decide nothing, wherever it begins', async () => {
    await folder.write([2, 3]);
    for (const epoch of [2, 3]) folder.put(`writer-00000${epoch}.json`, Buffer.from('{}'));
    await folder.write([1, 1, 1]);
    for (const firstPosition of [3, 7, 9, 13, 99]) {
      for (const epoch of [2, 3]) {
        const name = { firstPosition, epoch };
        folder.put(segmentFileName(name), segmentHeader(0, name));
        for (let from = 0; from <= folder.head; from++) {
          const expected = folder.batches.filter((batch) => batch.firstPosition + batch.count > from);
          expect(await collect(folder.log().read(from))).toEqual(expected);
        }
        expect(await folder.log().inspect()).toMatchObject({ damage: undefined, head: folder.head });
        await folder.write([1]);
        folder.remove(segmentFileName(name));
      }
    }
  });

  it('Fencing gives each of many writers that open at once an epoch of its own, and only one of them the log', async () => {
    await folder.write([1]);
    const opened = await Promise.allSettled(Array.from({ length: 5 }, () => folder.log({ takeOver: true }).open()));
    const writers = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const epochs = writers.map(({ epoch }) => epoch);
    expect(new Set(epochs).size).toBe(epochs.length);
    const newest = writers.find(({ epoch }) => epoch === Math.max(...epochs));
    for (const writer of writers) {
      if (writer !== newest) expect(await writer.append(folder.next(1))).toBe('fenced');
    }
    if (newest !== undefined) await folder.append(newest, 2);
    for (const writer of writers) await writer.close();
    expect(await collect(folder.log().read(0))).toEqual(folder.batches);
    expect((await folder.log().inspect()).damage).toBeUndefined();
  });
});

/** What a writer of that epoch puts on the disk for a batch. */
function frameOf({ firstPosition, count, buffer, start, end }: SealedBatch, epoch: number): Uint8Array {
  const payload = buffer.subarray(start, end);
  const header = { epoch, firstPosition, count, payloadBytes: payload.length, payloadCrc: crc32(payload) };
  putFrameHeader(buffer, start - HEADER_BYTES, header);
  return buffer.subarray(start - HEADER_BYTES, end);
}
