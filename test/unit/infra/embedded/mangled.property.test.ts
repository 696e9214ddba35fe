import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HEADER_BYTES, putFrameHeader } from '../../../../infra/embedded/format.js';
import { DamagedEventError } from '../../../../src/events/bytes.js';
import { eventsOfBatch } from '../../../../src/events/fold.js';
import { DamagedLogError } from '../../../../src/log/port.js';
import { auditLog } from '../../../../projections/audit/audit-log.js';
import { kept, type ReadBatch } from '../../../support/log/batches.js';
import { EmbeddedFolder } from '../../../support/log/embedded-folder.js';
import { MemoryFolder } from '../../../support/disk/memory-folder.js';
import { accidents, type Files, forgeries, type Mangling } from '../../../support/log/mangled-folder.js';
import { runs } from '../../../support/property/runs.js';

/** A log of several segments, epochs and sizes of frames, and of what must be read from it. */
const whole: Files = new Map();
let batches: readonly ReadBatch[] = [];
let folder: EmbeddedFolder;

beforeAll(async () => {
  const source = new EmbeddedFolder();
  await source.write([2, 1, 30, 1], { segmentBytes: 400 });
  await source.write([]);
  await source.write([1, 60, 2], { segmentBytes: 400 });
  await source.write([5, 1]);
  for (const file of source.files) whole.set(file, source.bytes(file));
  batches = source.batches;
  source.dispose();
});
beforeEach(() => {
  folder = new EmbeddedFolder(new MemoryFolder());
});
afterAll(() => {
  whole.clear();
});

function lay(manglings: readonly Mangling[]): void {
  const files: Files = new Map([...whole].map(([name, bytes]) => [name, Buffer.from(bytes)]));
  for (const { mangle } of manglings) mangle(files);
  for (const file of folder.files) folder.remove(file);
  for (const [file, bytes] of files) folder.put(file, bytes);
}

interface Read {
  readonly batches: readonly ReadBatch[];
  readonly damage: DamagedLogError | undefined;
}

/** All that can be read; the only thing that may go wrong is damage, which names a place that there is. */
async function readAll(from = 0): Promise<Read> {
  const read: ReadBatch[] = [];
  try {
    for await (const batch of folder.log().read(from)) read.push(kept(batch));
  } catch (error) {
    if (!(error instanceof DamagedLogError)) throw error;
    expect(error.byte).toBeGreaterThanOrEqual(0);
    expect(error.byte).toBeLessThanOrEqual(folder.bytes(error.file).length);
    expect(error.message).toContain(`${error.file}: frame ${error.frame} at byte ${error.byte}: `);
    return { batches: read, damage: error };
  }
  return { batches: read, damage: undefined };
}

/** Opens it: damage is thrown and nothing changed; otherwise only a torn tail may be gone, and the same is read as before. */
async function expectOpensAsRead({ batches: before, damage }: Read): Promise<void> {
  const files = folder.snapshot();
  const opened = await folder
    .log()
    .open()
    .catch((error: unknown) => error);
  if (opened instanceof Error) {
    expect(opened).toBeInstanceOf(DamagedLogError);
    expect(folder.snapshot()).toEqual(files);
    expect(damage).toBeDefined();
    return;
  }
  await (opened as Awaited<ReturnType<ReturnType<typeof folder.log>['open']>>).close(); // what is no error is a writer
  const after = await readAll();
  // A claim without its segment made readers wait for what its writer would decide on the last frame: now it is decided.
  expect(after.batches.length - before.length).toBeOneOf([0, 1]);
  expect(after.batches.slice(0, before.length)).toEqual(before);
  expect(after.damage === undefined).toBe(damage === undefined);
}

describe('a folder that was spoilt by any accidents', () => {
  const some = fc.array(accidents, { minLength: 1, maxLength: 3 });

  it('A folder that was spoilt by any accidents is read as the log was, batch by batch, up to where the damage is, and is not touched by reading', async () => {
    await fc.assert(
      fc.asyncProperty(some, async (manglings) => {
        lay(manglings);
        const files = folder.snapshot();
        const read = await readAll();
        expect(read.batches).toEqual(batches.slice(0, read.batches.length));
        const { damage, head } = await folder.log().inspect();
        if (read.damage !== undefined) expect(damage?.message).toBe(read.damage.message);
        const last = read.batches.at(-1);
        expect(head).toBe(last === undefined ? 0 : last.firstPosition + last.count);
        expect(folder.snapshot()).toEqual(files);
      }),
      runs(400),
    );
  });

  it('A folder that was spoilt by any accidents is opened without losing anything that could be read, or is not opened and not changed', async () => {
    await fc.assert(
      fc.asyncProperty(some, async (manglings) => {
        lay(manglings);
        await expectOpensAsRead(await readAll());
        const { batches: read } = await readAll();
        expect(read).toEqual(batches.slice(0, read.length));
      }),
      runs(100),
    );
  });

  it('A folder that was spoilt by any accidents is read from any position on as from the beginning, as far as that goes', async () => {
    await fc.assert(
      fc.asyncProperty(some, fc.nat(130), async (manglings, from) => {
        lay(manglings);
        const read = await readAll(from);
        const expected = batches.filter(({ firstPosition, count }) => firstPosition + count > from);
        expect(read.batches).toEqual(expected.slice(0, read.batches.length));
      }),
      runs(200),
    );
  });
});

describe('a repair at the damage that an accident has left', () => {
  it('A repair at the damage that an accident has left leaves a whole log of what stood before it, and keeps every byte of the rest', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(accidents, { minLength: 1, maxLength: 2 }), async (manglings) => {
        lay(manglings);
        const before = await readAll();
        const bytes = bytesInAll();
        fc.pre(before.damage !== undefined);
        // Where it stood only behind a segment's end, the log goes on, perhaps to more of it.
        for (let now = await folder.log().inspect(); now.damage !== undefined; now = await folder.log().inspect()) {
          expect((await folder.log().repair(now.damage)).head).toBe(now.head);
          expect(bytesInAll()).toBe(bytes);
        }
        await (await folder.log().open()).close();
        const after = await readAll();
        expect(after.batches.slice(0, before.batches.length)).toEqual(before.batches);
        expect(after).toEqual({ batches: batches.slice(0, after.batches.length), damage: undefined });
      }),
      runs(40),
    );
  });
});

/** A repair notes in a claim what it did. */
const bytesInAll = (): number =>
  folder.files.reduce((sum, file) => sum + (file.startsWith('writer-') ? 0 : folder.bytes(file).length), 0);

describe('a folder with forged frames, whose checksums fit', () => {
  it('A folder with forged frames, whose checksums fit, is read to an end: positions without gaps, and events or damage at a position, whatever its numbers say', async () => {
    const some = fc.array(fc.oneof(forgeries, accidents), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(some, async (manglings) => {
        lay(manglings);
        const files = folder.snapshot();
        const read = await readAll();
        let next = 0;
        for (const { firstPosition, count, hex } of read.batches) {
          expect(firstPosition).toBe(next);
          next += count;
          expectEventsOrDamage({ firstPosition, count, bytes: Buffer.from(hex, 'hex') });
        }
        await auditLog(folder.log());
        expect(folder.snapshot()).toEqual(files);
      }),
      runs(300),
    );
  });

  it('A folder with forged frames, whose checksums fit, costs no more memory than the file has bytes, however long a frame says that it is', async () => {
    lay([]);
    const [file = ''] = folder.segments.slice(-1);
    const bytes = folder.bytes(file);
    const huge = Buffer.alloc(HEADER_BYTES);
    const header = { epoch: 4, firstPosition: batches.reduce((sum, { count }) => sum + count, 0), count: 0xffff_ffff };
    putFrameHeader(huge, 0, { ...header, payloadBytes: 0xffff_ffff, payloadCrc: 0 });
    folder.put(file, Buffer.concat([bytes, huge]));
    const before = process.memoryUsage().arrayBuffers;
    const read = await readAll();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 << 20);
    expect(read).toEqual({ batches, damage: undefined });
    expect((await folder.log().inspect()).tornTails).toMatchObject([{ file, byte: bytes.length, bytes: HEADER_BYTES }]);
  });
});

/** A forger who fits the checksum may write other events: then they are just so many, or what is wrong is said. */
function expectEventsOrDamage(batch: { firstPosition: number; count: number; bytes: Uint8Array }): void {
  try {
    const positions = [...eventsOfBatch(batch)].map(({ position }) => position);
    expect(positions).toHaveLength(batch.count);
  } catch (error) {
    if (!(error instanceof DamagedEventError)) throw error;
    expect(error.message).toMatch(/^position \d+, in the batch that begins at \d+: /);
  }
}
