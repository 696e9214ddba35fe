import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HEADER_BYTES } from '../../../../infra/embedded/format.js';
import { LogLockedError } from '../../../../src/log/port.js';
import { collect } from '../../../support/log/batches.js';
import { EmbeddedFolder } from '../../../support/log/embedded-folder.js';

describe('inspection', () => {
  it('Inspection counts what each segment holds', async () => {
    const folder = new EmbeddedFolder();
    await folder.write([2, 2, 9], { segmentBytes: 250 });
    await folder.write([1]);
    const { segments, ...report } = await folder.log().inspect();
    expect(report).toEqual({ shard: 0, head: 18, epoch: 2, tornTails: [], repairs: [], damage: undefined });
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

  it('Repair ends the log before the damage, keeps what it cuts, and the log goes on from there', async () => {
    await folder.write([2, 2, 2]);
    const [file = ''] = folder.segments;
    flip(file, folder.bytes(file).length - 1);
    const place = await placeOfDamage();
    const bytes = folder.bytes(file);
    const repair = await folder.log().repair(place);
    folder.batches.pop();
    const until = folder.head + 3; // as its writer noted when it closed
    expect(repair).toEqual({ head: folder.head, until, bytesCut: bytes.length - place.byte, setAside: [] });
    expect(folder.bytes(file).equals(bytes.subarray(0, place.byte))).toBe(true);
    expect(folder.bytes(`${file}.${place.byte}.cut`).equals(bytes.subarray(place.byte))).toBe(true);
    await folder.write([3]);
    expect(await collect(folder.log().read(0))).toEqual(folder.batches);
  });

  it('Repair sets aside the segments behind the damage, and one whose header is damaged as a whole', async () => {
    await folder.write([2, 2, 2, 2], { segmentBytes: 100 });
    const [, second = '', third = '', fourth = ''] = folder.segments;
    flip(second, 3);
    const repair = await folder.log().repair(await placeOfDamage());
    expect(repair).toMatchObject({ head: 3, until: 12, setAside: [`${third}.cut`, `${fourth}.cut`] });
    expect([...folder.snapshot().keys()]).toContain(`${second}.cut`);
    folder.batches.splice(1);
    await folder.write([1]);
    expect(await collect(folder.log().read(0))).toEqual(folder.batches);
  });

  it('Repair ends the log before a segment that is missing', async () => {
    await folder.write([2, 2, 2], { segmentBytes: 100 });
    folder.remove(folder.segments[1] ?? '');
    const repair = await folder.log().repair(await placeOfDamage());
    expect(repair).toMatchObject({ head: 3, until: 9, bytesCut: 0 });
    folder.batches.splice(1);
    expect(await collect(folder.log().read(0))).toEqual(folder.batches);
  });

  it('Repair loses nothing of the log where the damage is in what does not count', async () => {
    await folder.write([2, 2]);
    const [first = ''] = folder.segments;
    await folder.write([1]);
    folder.put(first, Buffer.concat([folder.bytes(first), Buffer.from('garbage')]));
    expect(await folder.log().repair(await placeOfDamage())).toEqual({
      ...{ head: 6, until: 6, bytesCut: 7, setAside: [] },
    });
    expect(await collect(folder.log().read(0))).toEqual(folder.batches);
  });

  it('Repair leaves nothing waiting for a writer whose segment it set aside, and is noted permanently', async () => {
    await folder.write([2, 2, 2]);
    await folder.write([2]);
    const [, second = ''] = folder.segments;
    flip(second, 3);
    await folder.log().repair(await placeOfDamage());
    const noted = { notedIn: 'writer-000002.json', head: 9, until: 12, bytesCut: 0, setAside: [] };
    noted.bytesCut = folder.bytes(`${second}.cut`).length;
    const report = await folder.log().inspect();
    expect(report).toMatchObject({ head: 9, waiting: undefined, repairs: [noted] });
    folder.batches.pop();
    expect(await collect(folder.log().read(0))).toEqual(folder.batches);
    await folder.write([2]);
    expect((await folder.log().inspect()).repairs).toEqual([noted]);
  });

  it('Repair does not know how far the log went where nobody noted it, and says so', async () => {
    const writer = await folder.log().open();
    await folder.append(writer, 2);
    await folder.append(writer, 2);
    const claim = folder.bytes('writer-000001.json');
    await writer.close();
    folder.put('writer-000001.json', claim);
    const [file = ''] = folder.segments;
    flip(file, folder.bytes(file).length - 1);
    const place = await placeOfDamage();
    expect(await folder.log().repair(place)).toMatchObject({ head: 3, until: null });
    expect((await folder.log().inspect()).repairs).toMatchObject([{ head: 3, until: null }]);
  });

  it('Repair learns from its caller how far the log went', async () => {
    await folder.write([2, 2]);
    const [file = ''] = folder.segments;
    flip(file, folder.bytes(file).length - 1);
    expect(await folder.log().repair(await placeOfDamage(), 99)).toMatchObject({ head: 3, until: 99 });
  });

  it.each([
    ['a repair of a version that noted its head alone', '{"repaired":{"head":3}}', [{ head: 3, until: undefined }]],
    ['what is none', '{"repaired":null}\n{"repaired":{"head":-1}}\n[]\n{"repaired"', []],
  ])('A log’s notes of its repairs are read, whatever they hold: %s', async (_what, lines, expected) => {
    await folder.write([2]);
    folder.put('writer-000001.json', Buffer.concat([folder.bytes('writer-000001.json'), Buffer.from(`${lines}\n`)]));
    expect((await folder.log().inspect()).repairs).toMatchObject(expected);
  });

  it('Repair does nothing anywhere but at the first damage, nor while a writer is there', async () => {
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
