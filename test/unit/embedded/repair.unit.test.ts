import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HEADER_BYTES } from '../../../infra/embedded/format.js';
import { LogLockedError } from '../../../src/log/port.js';
import { collect } from '../../support/log/batches.js';
import { EmbeddedFolder } from '../../support/log/embedded-folder.js';

describe('inspection', () => {
  it('counts what each segment holds', async () => {
    const folder = new EmbeddedFolder();
    await folder.write([2, 2, 9], { segmentBytes: 250 });
    await folder.write([1]);
    const { segments, ...report } = await folder.log().inspect();
    expect(report).toEqual({ shard: 0, head: 18, epoch: 2, tornTails: [], damage: undefined });
    expect(segments.map(({ file }) => file)).toEqual(folder.segments);
    expect(segments.map(({ frames, events }) => [frames, events])).toEqual([
      [2, 6],
      [1, 10],
      [1, 2],
    ]);
    expect(segments.map(({ bytes }) => bytes)).toEqual(folder.segments.map((file) => folder.bytes(file).length));
    folder.dispose();
  });
});

describe('repair', () => {
  let folder: EmbeddedFolder;

  beforeEach(() => {
    folder = new EmbeddedFolder();
  });

  afterEach(() => {
    folder.dispose();
  });

  function flip(file: string, byte: number): void {
    const bytes = folder.bytes(file);
    bytes[byte] = (bytes[byte] ?? 0) ^ 1;
    folder.put(file, bytes);
  }

  async function placeOfDamage(): Promise<{ file: string; byte: number }> {
    const { damage } = await folder.log().inspect();
    if (damage === undefined) throw new Error('no damage');
    return { file: damage.file, byte: damage.byte };
  }

  it('ends the log before the damage, keeps what it cuts, and the log goes on from there', async () => {
    await folder.write([2, 2, 2]);
    const [file = ''] = folder.segments;
    flip(file, folder.bytes(file).length - 1);
    const place = await placeOfDamage();
    const bytes = folder.bytes(file);
    const repair = await folder.log().repair(place);
    folder.batches.pop();
    expect(repair).toEqual({ head: folder.head, bytesCut: bytes.length - place.byte, setAside: [] });
    expect(folder.bytes(file).equals(bytes.subarray(0, place.byte))).toBe(true);
    expect(folder.bytes(`${file}.${place.byte}.cut`).equals(bytes.subarray(place.byte))).toBe(true);
    await folder.write([3]);
    expect(await collect(folder.log().read(0))).toEqual(folder.batches);
  });

  it('sets aside the segments behind the damage, and one whose header is damaged as a whole', async () => {
    await folder.write([2, 2, 2, 2], { segmentBytes: 100 });
    const [, second = '', third = '', fourth = ''] = folder.segments;
    flip(second, 3);
    const repair = await folder.log().repair(await placeOfDamage());
    expect(repair).toMatchObject({ head: 3, setAside: [`${third}.cut`, `${fourth}.cut`] });
    expect([...folder.snapshot().keys()]).toContain(`${second}.cut`);
    folder.batches.splice(1);
    await folder.write([1]);
    expect(await collect(folder.log().read(0))).toEqual(folder.batches);
  });

  it('ends the log before a segment that is missing', async () => {
    await folder.write([2, 2, 2], { segmentBytes: 100 });
    folder.remove(folder.segments[1] ?? '');
    const repair = await folder.log().repair(await placeOfDamage());
    expect(repair).toMatchObject({ head: 3, bytesCut: 0 });
    folder.batches.splice(1);
    expect(await collect(folder.log().read(0))).toEqual(folder.batches);
  });

  it('loses nothing of the log where the damage is in what does not count', async () => {
    await folder.write([2, 2]);
    const [first = ''] = folder.segments;
    await folder.write([1]);
    folder.put(first, Buffer.concat([folder.bytes(first), Buffer.from('garbage')]));
    expect(await folder.log().repair(await placeOfDamage())).toEqual({ head: 6, bytesCut: 7, setAside: [] });
    expect(await collect(folder.log().read(0))).toEqual(folder.batches);
  });

  it('does nothing anywhere but at the first damage, nor while a writer is there', async () => {
    await folder.write([2, 2]);
    const [file = ''] = folder.segments;
    await expect(folder.log().repair({ file, byte: HEADER_BYTES })).rejects.toThrow(RangeError);
    flip(file, folder.bytes(file).length - 1);
    const place = await placeOfDamage();
    const before = folder.snapshot();
    await expect(folder.log().repair({ ...place, byte: place.byte + 1 })).rejects.toThrow(RangeError);
    expect(folder.snapshot()).toEqual(before);
    const other = new EmbeddedFolder();
    const writer = await other.log().open();
    await expect(other.log().repair(place)).rejects.toThrow(LogLockedError);
    await writer.close();
    other.dispose();
  });
});
