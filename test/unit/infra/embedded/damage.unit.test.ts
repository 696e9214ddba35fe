import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HEADER_BYTES, putFrameHeader } from '../../../../infra/embedded/format.js';
import { DamagedLogError, HEADROOM_BYTES } from '../../../../src/log/port.js';
import { collect } from '../../../support/log/batches.js';
import { EmbeddedFolder } from '../../../support/log/embedded-folder.js';
import { MemoryFolder } from '../../../support/disk/memory-folder.js';

describe('damage', () => {
  let folder: EmbeddedFolder;

  beforeEach(() => {
    folder = new EmbeddedFolder();
  });

  afterEach(() => {
    folder.dispose();
  });

  /** A full read must find damage there, and so must opening where it `opens` the damaged place; nothing may be changed. */
  async function expectDamage(file: string, byte: number, opens = true): Promise<DamagedLogError> {
    const before = folder.snapshot();
    const error = await damageOf(collect(folder.log().read(0)));
    expect({ file: error.file, byte: error.byte }).toEqual({ file, byte });
    if (opens) expect(await damageOf(folder.log().open())).toMatchObject({ file, byte });
    expect(await folder.log().inspect()).toMatchObject({ damage: { file, byte } });
    expect(folder.snapshot()).toEqual(before);
    return error;
  }

  /** The byte at which each frame of a file begins. */
  async function frameBytes(file: string): Promise<number[]> {
    const bytes: number[] = [];
    for await (const frame of folder.log().frames()) if (frame.file === file) bytes.push(frame.byte);
    return bytes;
  }

  it('Damage is found wherever a single byte is changed, in headers, payloads, the last frame and empty segments', async () => {
    folder.dispose();
    folder = new EmbeddedFolder(new MemoryFolder());
    await folder.write([2, 1, 1], { segmentBytes: 250 });
    await folder.write([]);
    await folder.write([1, 2]);
    expect(folder.segments.length).toBe(4);
    let changes = 0;
    for (const file of folder.segments) {
      const whole = folder.bytes(file);
      const places = [0, ...(await frameBytes(file))];
      for (let at = 0; at < whole.length; at++) {
        const place = places.findLast((byte) => byte <= at);
        for (const mask of new Set([0x01, 0x80, 0xff, whole[at] as number])) {
          if (mask === 0) continue;
          const changed = Buffer.from(whole);
          changed[at] = (whole[at] as number) ^ mask;
          folder.put(file, changed);
          const error = await damageOf(collect(folder.log().read(0)));
          expect([error.file, error.byte], `${file} byte ${at} mask ${mask}`).toEqual([file, place]);
          changes++;
        }
      }
      folder.put(file, whole);
    }
    expect(changes).toBeGreaterThan(1500);
    expect(await collect(folder.log().read(0))).toEqual(folder.batches);
  });

  it('Damage keeps a log from being opened wherever a byte of its last segment is changed, and nothing is cut', async () => {
    await folder.write([1, 2]);
    const file = folder.segments[0] ?? '';
    const whole = folder.bytes(file);
    for (let at = 0; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at] = (whole[at] as number) ^ 0x20;
      folder.put(file, changed);
      await damageOf(folder.log().open());
      expect(folder.bytes(file).equals(changed)).toBe(true);
    }
    folder.put(file, whole);
    expect((await folder.log().inspect()).epoch).toBe(1);
  });

  it('Damage is a last byte that was set to zero, though it makes the piece of a sector in which the file ends all zero', async () => {
    for (let pieceBytes = 1; pieceBytes < 8; pieceBytes++) {
      folder.dispose();
      folder = new EmbeddedFolder();
      const writer = await folder.log().open();
      const end = HEADROOM_BYTES + 1024 - 2 * HEADER_BYTES + pieceBytes;
      const buffer = Buffer.alloc(end, 'x').fill(0, end - pieceBytes);
      buffer[end - 1] = 4;
      await writer.append({ firstPosition: 0, count: 1, buffer, start: HEADROOM_BYTES, end });
      await writer.close();
      const [file = ''] = folder.segments;
      const changed = folder.bytes(file);
      expect(changed.length % 512).toBe(pieceBytes);
      folder.put(file, changed.fill(0, changed.length - 1));
      await expectDamage(file, HEADER_BYTES);
    }
  });

  it('Damage says in which file, frame and byte it is', async () => {
    await folder.write([1, 2, 3]);
    const file = folder.segments[0] ?? '';
    const [, second = 0] = await frameBytes(file);
    const changed = folder.bytes(file);
    changed[second + HEADER_BYTES] = 0;
    folder.put(file, changed);
    const error = await expectDamage(file, second);
    expect(error.frame).toBe(1);
    expect(error.message).toContain(`${file}: frame 1 at byte ${second}`);
  });

  it('Damage is a frame that lost blocks, or is short, where a whole one follows', async () => {
    await folder.write([100, 1]);
    const file = folder.segments[0] ?? '';
    const changed = folder.bytes(file);
    changed.fill(0, 512, 1024);
    folder.put(file, changed);
    await expectDamage(file, HEADER_BYTES);
    changed.fill(0, HEADER_BYTES, 512);
    folder.put(file, changed);
    await expectDamage(file, HEADER_BYTES);
  });

  it('Damage is a gap in the positions', async () => {
    await folder.write([1, 2, 3]);
    const file = folder.segments[0] ?? '';
    const [, second = 0, third = 0] = await frameBytes(file);
    const bytes = folder.bytes(file);
    folder.put(file, Buffer.concat([bytes.subarray(0, second), bytes.subarray(third)]));
    await expectDamage(file, second);
  });

  it('Damage is a frame of another epoch, and one of no events', async () => {
    await folder.write([1]);
    const file = folder.segments[0] ?? '';
    const whole = folder.bytes(file);
    for (const header of [
      { epoch: 2, count: 2 },
      { epoch: 1, count: 0 },
    ]) {
      const frame = Buffer.alloc(HEADER_BYTES + 1);
      putFrameHeader(frame, 0, { ...header, firstPosition: 2, payloadBytes: 1, payloadCrc: 0xd202ef8d });
      folder.put(file, Buffer.concat([whole, frame]));
      await expectDamage(file, whole.length);
    }
  });

  it('Damage is whatever follows the last frame and is not the beginning of one', async () => {
    await folder.write([1, 2]);
    const file = folder.segments[0] ?? '';
    const whole = folder.bytes(file);
    for (const garbage of ['x', 'garbage', 'g'.repeat(31), 'g'.repeat(32), 'g'.repeat(5000)]) {
      folder.put(file, Buffer.concat([whole, Buffer.from(garbage)]));
      await expectDamage(file, whole.length);
    }
    folder.put(file, Buffer.concat([whole, whole.subarray(HEADER_BYTES)]));
    await expectDamage(file, whole.length);
  });

  it('Damage is a segment that is missing, at the beginning or between others', async () => {
    await folder.write([2, 2, 2, 2], { segmentBytes: 100 });
    const [first = '', second = '', third = '', last = ''] = folder.segments;
    const middle = folder.bytes(third);
    folder.remove(third);
    await expectDamage(second, folder.bytes(second).length, false);
    folder.put(third, middle);
    folder.remove(first);
    await expectDamage(second, 0);
    expect(last).not.toBe('');
  });

  it('Damage is a segment under another’s name, or in another shard’s folder', async () => {
    await folder.write([2, 2], { segmentBytes: 100 });
    const [first = '', second = ''] = folder.segments;
    const bytes = folder.bytes(second);
    folder.put(second, folder.bytes(first));
    await expectDamage(second, 0);
    folder.put(second, bytes);
    expect(await damageOf(collect(folder.log({ shard: 1 }).read(0)))).toMatchObject({ file: first, byte: 0 });
  });

  it('Damage is a segment that does not end where the next one begins', async () => {
    await folder.write([2, 2, 2], { segmentBytes: 100 });
    const [, second = ''] = folder.segments;
    const whole = folder.bytes(second);
    for (const bytes of [whole.subarray(0, whole.length - 1), whole.subarray(0, HEADER_BYTES + 9)]) {
      folder.put(second, bytes);
      await expectDamage(second, HEADER_BYTES, false);
    }
    folder.put(second, Buffer.concat([whole, Buffer.alloc(4)]));
    await expectDamage(second, whole.length, false);
  });

  it('Damage is a torn tail that a newer writer, which would have cut it, went past', async () => {
    await folder.write([2, 2]);
    const [first = ''] = folder.segments;
    const whole = folder.bytes(first);
    await folder.write([1]);
    folder.put(first, whole.subarray(0, whole.length - 1));
    await expectDamage(first, (await wholeFrames(whole, folder, first))[1] ?? 0, false);
  });

  it('Damage is anything but a fenced writer’s frames behind the position at which a newer epoch began', async () => {
    await folder.write([2, 2]);
    const [first = ''] = folder.segments;
    const whole = folder.bytes(first);
    await folder.write([1]);
    folder.put(first, Buffer.concat([whole, Buffer.from('what is this, if not garbage at the end of it?')]));
    await expectDamage(first, whole.length, false);
  });
});

async function damageOf(promise: Promise<unknown>): Promise<DamagedLogError> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof DamagedLogError) return outcome;
  throw new Error('no damage was found', { cause: outcome });
}

async function wholeFrames(whole: Buffer, folder: EmbeddedFolder, file: string): Promise<number[]> {
  const torn = folder.bytes(file);
  folder.put(file, whole);
  const bytes: number[] = [];
  for await (const frame of folder.log().frames()) if (frame.file === file) bytes.push(frame.byte);
  folder.put(file, torn);
  return bytes;
}
