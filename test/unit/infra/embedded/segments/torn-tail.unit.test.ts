import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HEADER_BYTES } from '../../../../../infra/embedded/format.js';
import { HEADROOM_BYTES } from '../../../../../src/log/port.js';
import { collect } from '../../../../support/log/batches.js';
import { EmbeddedFolder } from '../../../../support/log/embedded-folder.js';
import { MemoryFolder } from '../../../../support/disk/memory-folder.js';

const SECTOR_BYTES = 512;

describe('a torn tail', () => {
  let folder: EmbeddedFolder;

  beforeEach(() => {
    folder = new EmbeddedFolder();
  });

  afterEach(() => {
    folder.dispose();
  });

  /** A log of two whole frames and a last one, which is yet to be torn. */
  async function writeThree(
    lastCount: number,
    makeFolder = () => new EmbeddedFolder(),
  ): Promise<{ file: string; whole: Buffer; lastByte: number }> {
    await folder.write([3, 2]);
    const file = folder.segments[0] ?? '';
    const lastByte = folder.bytes(file).length;
    folder.dispose();
    folder = makeFolder();
    await folder.write([3, 2, lastCount]);
    folder.batches.pop();
    return { file, whole: folder.bytes(file), lastByte };
  }

  /** Puts a tail in place, and checks that it is cut back, said to be, and nothing else lost. */
  async function expectCutBack(file: string, bytes: Buffer, lastByte: number): Promise<void> {
    for (const name of folder.segments) folder.remove(name);
    folder.put(file, bytes);
    folder.said.length = 0;
    expect(await collect(folder.log().read(0))).toEqual(folder.batches);
    expect(folder.bytes(file).equals(bytes)).toBe(true);
    const writer = await folder.log().open();
    expect(writer.head).toBe(folder.head);
    expect(folder.bytes(file).equals(bytes.subarray(0, lastByte))).toBe(true);
    expect(folder.warnings.map(({ details }) => details)).toEqual([
      expect.objectContaining({ file, byte: lastByte, bytes: bytes.length - lastByte, frame: 2 }),
    ]);
    await writer.close();
    expect(await collect(folder.log().read(0))).toEqual(folder.batches);
  }

  it('A torn tail is cut back and said to be, wherever in the last frame the file ends', async () => {
    const { file, whole, lastByte } = await writeThree(2, () => new EmbeddedFolder(new MemoryFolder()));
    for (let end = lastByte + 1; end < whole.length; end++) {
      await expectCutBack(file, whole.subarray(0, end), lastByte);
    }
  });

  it('A torn tail is cut back where any one sector of the last frame is lost', async () => {
    const { file, whole, lastByte } = await writeThree(120);
    for (let from = lastByte; from < whole.length; from = nextSector(from)) {
      const torn = Buffer.from(whole);
      torn.fill(0, from, Math.min(nextSector(from), whole.length));
      await expectCutBack(file, torn, lastByte);
    }
  });

  it('A torn tail is cut back where all that is lost are the few bytes of it in the sector in which it begins, or ends', async () => {
    for (let lostBytes = 2; lostBytes < 8; lostBytes++) {
      for (const edge of ['start', 'end'] as const) {
        folder.dispose();
        folder = new EmbeddedFolder();
        const lastByte = 2 * SECTOR_BYTES - lostBytes;
        const writer = await folder.log().open();
        const ends = [lastByte, lastByte + SECTOR_BYTES + 2 * lostBytes];
        for (const [position, until] of ends.entries()) {
          const begin = ends[position - 1] ?? HEADER_BYTES;
          const end = HEADROOM_BYTES + until - begin - HEADER_BYTES;
          const buffer = Buffer.alloc(end, 'x');
          await writer.append({ firstPosition: position, count: 1, buffer, start: HEADROOM_BYTES, end });
        }
        await writer.close();
        const [file = ''] = folder.segments;
        const torn = folder.bytes(file);
        const from = edge === 'start' ? lastByte : torn.length - lostBytes;
        folder.put(file, torn.fill(0, from, from + lostBytes));
        await (await folder.log().open()).close();
        expect(folder.bytes(file).length).toBe(lastByte);
      }
    }
  });

  it('A torn tail is cut back where the end of the last frame is lost, or the end of a frame that is short', async () => {
    const { file, whole, lastByte } = await writeThree(120);
    const [middle, later] = [nextSector(lastByte), nextSector(nextSector(lastByte))];
    for (const [from, end] of [
      [middle, whole.length],
      [later, later + 100],
    ] as const) {
      const torn = Buffer.from(whole.subarray(0, end));
      torn.fill(0, from);
      await expectCutBack(file, torn, lastByte);
    }
  });

  it('A torn tail is cut back in a segment that has no whole frame', async () => {
    await folder.write([4]);
    const file = folder.segments[0] ?? '';
    folder.put(file, folder.bytes(file).subarray(0, HEADER_BYTES + 40));
    const writer = await folder.log().open();
    expect(writer.head).toBe(0);
    expect(folder.bytes(file).length).toBe(HEADER_BYTES);
    await writer.close();
  });

  it('A torn tail is cut back only in what is left of the last frame: the log goes on behind it as if it had never been there', async () => {
    const { file, whole } = await writeThree(2);
    folder.put(file, whole.subarray(0, whole.length - 1));
    await folder.write([5, 1]);
    expect(await collect(folder.log().read(0))).toEqual(folder.batches);
    expect((await folder.log().inspect()).tornTails).toEqual([]);
  });

  it('A torn tail is reported, and nothing changed, by an inspection', async () => {
    const { file, whole, lastByte } = await writeThree(2);
    folder.put(file, whole.subarray(0, lastByte + 50));
    const before = folder.snapshot();
    const { tornTails, damage, head } = await folder.log().inspect();
    expect(damage).toBeUndefined();
    expect(head).toBe(folder.head);
    expect(tornTails).toEqual([
      { file, byte: lastByte, frame: 2, position: head, bytes: 50, why: expect.any(String), ignored: false },
    ]);
    expect(folder.snapshot()).toEqual(before);
  });

  it('A torn tail is left alone by a writer that takes over from one that may still write, and ignored by readers', async () => {
    const { file, whole } = await writeThree(2);
    const torn = whole.subarray(0, whole.length - 3);
    folder.put(file, torn);
    await folder.write([1], { takeOver: true });
    expect(folder.bytes(file).equals(torn)).toBe(true);
    expect(await collect(folder.log().read(0))).toEqual(folder.batches);
    expect((await folder.log().inspect()).tornTails).toMatchObject([{ file, ignored: true }]);
    await folder.write([1]);
    expect(await collect(folder.log().read(0))).toEqual(folder.batches);
  });
});

function nextSector(byte: number): number {
  return (Math.floor(byte / SECTOR_BYTES) + 1) * SECTOR_BYTES;
}
