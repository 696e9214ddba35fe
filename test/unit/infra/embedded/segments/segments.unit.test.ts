import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFiles } from '../../../../../infra/embedded/files.js';
import { HEADROOM_BYTES } from '../../../../../src/log/port.js';
import { asRead, collect } from '../../../../support/log/batches.js';
import { gate } from '../../../../support/gate.js';
import { EmbeddedFolder } from '../../../../support/log/embedded-folder.js';

/** Two frames, whose payloads are no events, as format version 1 has them on disk. They must stay readable permanently. */
const GOLDEN_NAME = '00000000000000000000-000001.log';
const GOLDEN_HEX = [
  '895041524c45590a01000000030000000000000000000000010000001d761d01',
  'fe504631010000000000000000000000020100000f000000a4c521a714a693bc',
  '746865206669727374206261746368',
  'fe504631010000000201000000000000020100000e0000000138c6d1c8e8e502',
  '616e6420746865207365636f6e64',
].join('');

describe('segments', () => {
  let folder: EmbeddedFolder;

  beforeEach(() => {
    folder = new EmbeddedFolder();
  });

  afterEach(() => {
    folder.dispose();
  });

  it('Segments have the bytes that the format says, and those of old are readable', async () => {
    const payloads = ['the first batch', 'and the second'];
    const writer = await folder.log({ shard: 3 }).open();
    for (const payload of payloads) {
      const buffer = Buffer.concat([Buffer.alloc(HEADROOM_BYTES), Buffer.from(payload)]);
      const batch = { firstPosition: writer.head, count: 258, buffer, start: HEADROOM_BYTES, end: buffer.length };
      expect(await writer.append(batch)).toBe('appended');
    }
    await writer.close();
    expect(folder.segments).toEqual([GOLDEN_NAME]);
    expect(folder.bytes(GOLDEN_NAME).toString('hex')).toBe(GOLDEN_HEX);
    folder.put(GOLDEN_NAME, Buffer.from(GOLDEN_HEX, 'hex'));
    const read = await collect(folder.log({ shard: 3 }).read(0));
    expect(read.map(({ hex }) => Buffer.from(hex, 'hex').toString())).toEqual(payloads);
    expect(read.map(({ firstPosition }) => firstPosition)).toEqual([0, 258]);
  });

  it('Segments are rolled before they outgrow their size, a larger batch has one of its own, and all are read as one log', async () => {
    const counts = [3, 3, 3, 40, 1, 1, 1, 9, 3];
    await folder.write(counts, { segmentBytes: 300 });
    const sizes = folder.segments.map((file) => folder.bytes(file).length);
    expect(sizes.length).toBeGreaterThan(3);
    expect(sizes.filter((size) => size > 300).length).toBe(1);
    for (let from = 0; from <= folder.head; from++) {
      const expected = folder.batches.filter(({ firstPosition, count }) => firstPosition + count > from);
      expect(await collect(folder.log().read(from))).toEqual(expected);
    }
  });

  it('Segments are named after their first position and epoch', async () => {
    await folder.write([3, 3], { segmentBytes: 100 });
    await folder.write([1]);
    expect(folder.segments).toEqual([
      '00000000000000000000-000001.log',
      '00000000000000000004-000001.log',
      '00000000000000000008-000002.log',
    ]);
  });

  it('Segments that were being made when a process was killed are no part of the log', async () => {
    await folder.write([2]);
    folder.put('00000000000000000003-000001.log.tmp', Buffer.alloc(7));
    await folder.write([2]);
    expect(await collect(folder.log().read(0))).toEqual(folder.batches);
  });

  it('Segments are read from late positions without reading all that is before, by frames’ headers and places seen before', async () => {
    const unsynced = { ...nodeFiles, dataSyncNow: () => undefined };
    const writer = await folder.log({ sync: 'inline', files: unsynced }).open();
    for (let batch = 0; batch < 60; batch++) await folder.append(writer, 5000);
    await writer.close();
    const [file = ''] = folder.segments;
    expect(folder.bytes(file).length).toBeGreaterThan(3_000_000);
    const changed = folder.bytes(file);
    changed[1000] = (changed[1000] ?? 0) ^ 1; // in a payload that is stepped over: not looked at
    folder.put(file, changed);
    const log = folder.log();
    for (let round = 0; round < 2; round++) {
      for (const batch of [59, 30, 31, 1]) {
        const expected = folder.batches[batch];
        expect(await collect(log.read((expected?.firstPosition ?? 0) + 17), 1)).toEqual([expected]);
      }
    }
    await expect(collect(log.read(0))).rejects.toThrow('CRC');
  });

  it('Segments need no folder to be read: a log that was never begun is empty', async () => {
    const log = folder.log({ folder: path.join(folder.path, 'none') });
    expect(await log.head()).toBe(0);
    expect(await collect(log.read(0))).toEqual([]);
    expect(fs.existsSync(path.join(folder.path, 'none'))).toBe(false);
  });

  it('Segments are read as far as they are durable while a batch is being written', async () => {
    const { reached, wait, open } = gate();
    const files = { ...nodeFiles, dataSync: wait };
    const writer = await folder.log({ files }).open();
    const batch = folder.next(3);
    const appending = writer.append(batch);
    await reached;
    const [file = ''] = folder.segments;
    expect(folder.bytes(file).length).toBeGreaterThan(100);
    expect(await collect(folder.log().read(0))).toEqual([]);
    expect(await folder.log().head()).toBe(0);
    open();
    expect(await appending).toBe('appended');
    expect(await collect(folder.log().read(0))).toEqual([asRead(batch)]);
    await writer.close();
  });
});
