import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asRead, collect } from '../../../support/log/batches.js';
import { EmbeddedFolder } from '../../../support/log/embedded-folder.js';
import { FaultyFiles } from '../../../support/disk/faulty-files.js';

describe.each(['overlapped', 'inline'] as const)('a disk that fails, %s syncs', (sync) => {
  let folder: EmbeddedFolder;
  let disk: FaultyFiles;

  beforeEach(() => {
    folder = new EmbeddedFolder();
    disk = new FaultyFiles();
  });

  afterEach(() => {
    folder.dispose();
  });

  const open = () => folder.log({ files: disk.files, sync, segmentBytes: 2000 }).open();

  it('A disk that fails has short writes gone on with until all is written', async () => {
    const writer = await open();
    disk.mostBytes = 7;
    await folder.append(writer, 3);
    await folder.append(writer, 50);
    await writer.close();
    expect(await collect(folder.log().read(0))).toEqual(folder.batches);
  });

  it('A disk that fails has a full disk answered with unknown, the reason kept, and nothing written after it', async () => {
    const writer = await folder.log({ files: disk.files, sync }).open();
    await folder.append(writer, 2);
    disk.room = 40;
    expect(await writer.append(folder.next(500))).toBe('unknown');
    expect(writer.failure).toMatchObject({ code: 'ENOSPC' });
    expect(folder.said.at(-1)).toMatchObject({ level: 'error', details: { err: writer.failure } });
    disk.room = Infinity;
    disk.calls.length = 0;
    expect(await writer.append(folder.next(1))).toBe('unknown');
    expect(disk.calls).toEqual([]);
    expect(await collect(folder.log().read(0))).toEqual(folder.batches);
    await writer.close();
    await folder.write([4]);
    expect(folder.warnings.length).toBe(1);
    expect(await collect(folder.log().read(0))).toEqual(folder.batches);
  });

  it('A disk that fails has a full disk filled to the last byte, room that was made ahead first, before an append is answered with unknown', async () => {
    const writer = await folder.log({ files: disk.files, sync }).open();
    disk.room = 30_000;
    for (let outcome = 'appended'; outcome === 'appended';) {
      const batch = folder.next(2);
      outcome = await writer.append(batch);
      if (outcome === 'appended') folder.batches.push(asRead(batch));
    }
    expect(disk.room).toBe(0);
    expect(writer.failure).toMatchObject({ code: 'ENOSPC' });
    await writer.close();
    const { segments } = await folder.log().inspect();
    expect(segments[0]?.bytes).toBeGreaterThan(29_500);
    expect(await collect(folder.log().read(0))).toEqual(folder.batches);
  });

  it('A disk that fails has a write that takes nothing answered with unknown', async () => {
    const writer = await open();
    disk.mostBytes = 0;
    expect(await writer.append(folder.next(1))).toBe('unknown');
    await writer.close();
  });

  it('A disk that fails has a failed sync answered with unknown and never retried, and the batch hidden from this process’s readers', async () => {
    const writer = await open();
    await folder.append(writer, 2);
    disk.syncError = new Error('EIO: i/o error');
    const batch = folder.next(3);
    expect(await writer.append(batch)).toBe('unknown');
    expect(writer.failure).toBe(disk.syncError);
    disk.syncError = undefined;
    disk.calls.length = 0;
    expect(await writer.append(batch)).toBe('unknown');
    expect(disk.calls).toEqual([]);
    await writer.close();
    expect(await folder.log().head()).toBe(folder.head);
    expect(await collect(folder.log().read(0))).toEqual(folder.batches);
  });

  it('A disk that fails has the last frame written and synced again by the next writer, which relies on it', async () => {
    const writer = await open();
    await folder.append(writer, 2);
    disk.syncError = new Error('EIO: i/o error');
    const batch = folder.next(3);
    await writer.append(batch);
    await writer.close();
    disk.syncError = undefined;
    disk.calls.length = 0;
    const next = await open();
    expect(next.head).toBe(batch.firstPosition + batch.count);
    const [file = ''] = folder.segments;
    const frameBytes = 32 + batch.end - batch.start;
    const again = disk.calls.indexOf(`write ${file} ${folder.bytes(file).length - frameBytes}+${frameBytes}`);
    expect(again).toBeGreaterThan(0);
    expect(disk.calls[again + 1]).toBe(`sync ${file}`);
    expect(disk.calls.findIndex((call) => call.startsWith('rename'))).toBeGreaterThan(again + 1);
    expect(await collect(folder.log().read(0))).toEqual([...folder.batches, asRead(batch)]);
    await next.close();
  });

  it('A disk that fails has a segment that cannot be created answered with unknown', async () => {
    const writer = await open();
    await folder.append(writer, 2);
    disk.room = 0;
    expect(await writer.append(folder.next(200))).toBe('unknown');
    expect(writer.failure).toMatchObject({ code: 'ENOSPC' });
    await writer.close();
    await folder.write([1]);
    expect(await collect(folder.log().read(0))).toEqual(folder.batches);
  });

  it('A disk that fails keeps a log from being opened while it is full, and lets it be read whole and opened later', async () => {
    await folder.write([2, 3]);
    for (const room of [0, 5, 150]) {
      disk.room = room;
      await expect(open()).rejects.toMatchObject({ code: 'ENOSPC' });
      expect(await collect(folder.log().read(0))).toEqual(folder.batches);
      expect(await folder.log().head()).toBe(folder.head);
    }
    disk.room = Infinity;
    await folder.write([1]);
    expect(await collect(folder.log().read(0))).toEqual(folder.batches);
  });
});

describe('what is synced, and when', () => {
  it('A writer syncs the claim, the cut and the segment’s header, each before what relies on it', async () => {
    const folder = new EmbeddedFolder();
    const disk = new FaultyFiles();
    await folder.write([2, 3]);
    const [file = ''] = folder.segments;
    const bytes = folder.bytes(file);
    folder.put(file, bytes.subarray(0, bytes.length - 1));
    const writer = await folder.log({ files: disk.files }).open();
    await writer.close();
    const [, created = ''] = folder.segments;
    const inFolder = path.basename(folder.path);
    const calls = disk.calls.map((call) => call.replace(/ \d+\+\d+$/, ''));
    expect(calls).toEqual([
      'write room.tmp',
      'sync room.tmp',
      'write writer-000002.json',
      'sync writer-000002.json',
      `sync ${inFolder}`,
      expect.stringMatching(`^truncate ${file}`),
      `sync ${file}`,
      `write ${file}`,
      `sync ${file}`,
      `write ${created}.tmp`,
      `sync ${created}.tmp`,
      `rename ${created}`,
      `sync ${inFolder}`,
      'write writer-000002.json',
      'sync writer-000002.json',
      'write writer-000002.json',
      'sync writer-000002.json',
    ]);
    folder.dispose();
  });

  it('A writer syncs each batch once, and both segments of a roll', async () => {
    const folder = new EmbeddedFolder();
    const disk = new FaultyFiles();
    const writer = await folder.log({ files: disk.files, segmentBytes: 100 }).open();
    disk.calls.length = 0;
    await folder.append(writer, 1);
    await folder.append(writer, 1);
    const [first = '', second = ''] = folder.segments;
    const calls = disk.calls.map((call) => call.replace(/ \d+\+\d+$/, ''));
    expect(calls).toEqual([
      `write ${first}`,
      `dataSync ${first}`,
      `write ${second}.tmp`,
      `sync ${second}.tmp`,
      `rename ${second}`,
      `sync ${path.basename(folder.path)}`,
      'write writer-000001.json',
      'sync writer-000001.json',
      `write ${second}`,
      `dataSync ${second}`,
    ]);
    await writer.close();
    folder.dispose();
  });
});
