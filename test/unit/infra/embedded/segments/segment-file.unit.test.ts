import { beforeEach, describe, expect, it } from 'vitest';
import type { LogFiles } from '../../../../../infra/embedded/files.js';
import { HEADER_BYTES } from '../../../../../infra/embedded/format.js';
import { DamagedLogError, LogLostError, type LogWriter } from '../../../../../src/log/port.js';
import { collect } from '../../../../support/log/batches.js';
import { EmbeddedFolder } from '../../../../support/log/embedded-folder.js';
import { MemoryFolder } from '../../../../support/disk/memory-folder.js';

let folder: EmbeddedFolder;
let writer: LogWriter;

beforeEach(async () => {
  folder = new EmbeddedFolder(new MemoryFolder());
  writer = await folder.log().open();
});

/** What a kill of the writer would leave, in a folder of its own; the newest segment as `change` has it. */
function asKilled(change = (newest: Buffer): Buffer => newest): EmbeddedFolder {
  const copy = new EmbeddedFolder(new MemoryFolder());
  for (const file of folder.files) {
    copy.put(file, file === folder.segments.at(-1) ? change(folder.bytes(file)) : folder.bytes(file));
  }
  copy.batches.push(...folder.batches);
  return copy;
}

/** How long the newest segment is, and how much of that are its header and whole frames. */
async function lengths(): Promise<{ file: number; frames: number }> {
  const { segments } = await folder.log().inspect();
  return { file: folder.bytes(folder.segments.at(-1) ?? '').length, frames: segments.at(-1)?.bytes ?? 0 };
}

describe('room made ahead of the last frame', () => {
  it('Room made ahead of the last frame is zeros, no more of it than there is log, but for a few KiB', async () => {
    for (const count of [2, 2, 200, 2, 300, 300, 300]) {
      await folder.append(writer, count);
      const { file, frames } = await lengths();
      expect(file).toBeLessThanOrEqual(Math.max(2 * frames, frames + 4096));
      expect(file).toBeGreaterThan(frames);
      const room = folder.bytes(folder.segments[0] ?? '').subarray(frames);
      expect(room.every((byte) => byte === 0)).toBe(true);
    }
  });

  it('Room made ahead of the last frame is not made behind a large frame, nor past what a segment may hold', async () => {
    await folder.append(writer, 6000);
    const { file, frames } = await lengths();
    expect(frames).toBeGreaterThan(1 << 16);
    expect(file).toBe(frames);
    await writer.close();
    writer = await folder.log({ segmentBytes: 500 }).open();
    await folder.append(writer, 2);
    expect((await lengths()).file).toBe(500);
  });

  it('Room made ahead of the last frame takes the next ones without the file growing', async () => {
    await folder.append(writer, 2);
    const { file } = await lengths();
    for (let count = 0; count < 5; count++) await folder.append(writer, 2);
    expect((await lengths()).file).toBe(file);
    expect(await collect(folder.log().read(0))).toEqual(folder.batches);
  });

  it('Room made ahead of the last frame is cut off when the writer closes, and when another segment follows', async () => {
    await writer.close();
    writer = await folder.log({ segmentBytes: 2000 }).open();
    for (let count = 0; count < 20; count++) await folder.append(writer, 3);
    await writer.close();
    const { segments } = await folder.log().inspect();
    expect(segments.length).toBeGreaterThan(2);
    for (const { file, bytes } of segments) expect(folder.bytes(file).length).toBe(bytes);
  });

  it('Room made ahead of the last frame is left alone where somebody has cut the file, which is not made longer again', async () => {
    await folder.append(writer, 2);
    const [file = ''] = folder.segments;
    const cut = folder.bytes(file).subarray(0, HEADER_BYTES + 10);
    folder.put(file, cut);
    await writer.close();
    expect(folder.bytes(file)).toEqual(cut);
    expect(folder.warnings.map(({ message }) => message)).toEqual([
      'the room behind the last frame could not be cut off',
    ]);
  });
});

describe('room that a killed writer leaves', () => {
  it('Room that a killed writer leaves is the end of the log, neither torn nor damaged, and cut off by the next writer', async () => {
    for (const counts of [[2, 3], []]) {
      for (const count of counts) await folder.append(writer, count);
      const killed = asKilled((bytes) => (counts.length > 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(4096)])));
      const { damage, tornTails, head } = await killed.log().inspect();
      expect({ damage, tornTails, head }).toEqual({ damage: undefined, tornTails: [], head: folder.head });
      expect(await collect(killed.log().read(0))).toEqual(folder.batches);
      await killed.write([1, 4]);
      expect(killed.warnings).toEqual([]);
      expect(await collect(killed.log().read(0))).toEqual(killed.batches);
      for (const { file, bytes } of (await killed.log().inspect()).segments)
        expect(killed.bytes(file).length).toBe(bytes);
    }
  });

  it('Room that a killed writer leaves is left alone by a writer that takes over, and read past', async () => {
    await folder.append(writer, 2);
    const killed = asKilled();
    const [file = ''] = killed.segments;
    const before = killed.bytes(file);
    await killed.write([3], { takeOver: true });
    expect(killed.bytes(file)).toEqual(before);
    await killed.write([1]);
    const { damage, tornTails } = await killed.log().inspect();
    expect({ damage, tornTails }).toEqual({ damage: undefined, tornTails: [] });
    expect(await collect(killed.log().read(0))).toEqual(killed.batches);
  });

  it('Room that a killed writer leaves holds a torn frame wherever its writing ended, and it is cut back', async () => {
    await folder.append(writer, 2);
    const { frames: from } = await lengths();
    const last = folder.next(3);
    await writer.append(last);
    const { frames: to } = await lengths();
    for (let end = from + 1; end <= to - 8; end++) {
      const killed = asKilled((bytes) => bytes.fill(0, end));
      const { tornTails, damage } = await killed.log().inspect();
      expect({ end, damage }).toEqual({ end, damage: undefined });
      expect(tornTails).toMatchObject([{ byte: from, ignored: false }]);
      await killed.write([1]);
      expect(killed.warnings).toHaveLength(1);
      expect(await collect(killed.log().read(0))).toEqual(killed.batches);
    }
  });

  it('Room that a killed writer leaves holds a torn frame where any sectors of it are lost, and it is cut back', async () => {
    await folder.append(writer, 120);
    const { frames: from } = await lengths();
    await writer.append(folder.next(120));
    const { frames: to } = await lengths();
    for (let start = from; start < to; start = 512 * (Math.floor(start / 512) + 1)) {
      const killed = asKilled((bytes) => bytes.fill(0, start, 512 * (Math.floor(start / 512) + 1)));
      await killed.write([1]);
      expect(killed.warnings).toMatchObject([{ details: { byte: from } }]);
      expect(await collect(killed.log().read(0))).toEqual(killed.batches);
    }
  });

  it('Room that a killed writer leaves does not make the change of any single byte before it look torn', async () => {
    await folder.append(writer, 2);
    const { frames: from } = await lengths();
    await folder.append(writer, 3);
    const { frames: to } = await lengths();
    for (let at = from; at < to; at++) {
      for (const value of [0, 0xff]) {
        if (folder.bytes(folder.segments[0] ?? '')[at] === value) continue;
        const spoilt = asKilled((bytes) => bytes.fill(value, at, at + 1));
        await expect(spoilt.log().open()).rejects.toThrow(DamagedLogError);
      }
    }
  });
});

describe('a look at the log while it is written', () => {
  it('A look at the log while it is written finds it as it must be, whatever of a frame and its room has reached the file', async () => {
    await writer.close();
    const place = new MemoryFolder();
    const { files } = place;
    let looks = 0;
    const look = async (): Promise<void> => {
      await writer.verify?.();
      looks++;
    };
    /** Another thread has written, and nobody here has heard of it yet. */
    const overlapped: LogFiles = Object.assign(Object.create(files) as LogFiles, {
      write: async (...[fd, bytes, offset, length, at]: Parameters<LogFiles['write']>) => {
        const taken = await files.write(fd, bytes, offset, Math.min(length, 700), at);
        await look();
        return taken;
      },
      dataSync: async (fd: number) => {
        await look();
        await files.dataSync(fd);
        await look();
      },
    });
    folder = new EmbeddedFolder(place);
    writer = await folder.log({ files: overlapped, segmentBytes: 20_000 }).open();
    for (const count of [1, 2, 200, 3, 3, 400, 1, 1, 800, 2]) {
      await folder.append(writer, count);
      await look();
    }
    expect(folder.segments.length).toBeGreaterThan(1);
    expect(looks).toBeGreaterThan(50);
    const [file = ''] = folder.segments.slice(-1);
    folder.put(file, Buffer.concat([folder.bytes(file), Buffer.alloc(1)]));
    await expect(look()).rejects.toThrow(LogLostError);
  });
});
