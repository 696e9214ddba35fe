import { beforeEach, describe, expect, it } from 'vitest';
import type { LogFiles } from '../../../../infra/embedded/files.js';
import type { LogWriter } from '../../../../src/log/port.js';
import { collect, kept, type ReadBatch } from '../../../support/log/batches.js';
import { EmbeddedFolder } from '../../../support/log/embedded-folder.js';
import { MemoryFolder } from '../../../support/disk/memory-folder.js';
import { SimulatedFiles } from '../../../support/disk/simulated-files.js';

let place: MemoryFolder;
let folder: EmbeddedFolder;
let writer: LogWriter;

beforeEach(async () => {
  place = new MemoryFolder();
  folder = new EmbeddedFolder(place);
  writer = await folder.log().open();
});

/** The folder as another process reaches it, which does not know of this one's writer. */
class Elsewhere extends SimulatedFiles {
  /** How often what is read from this byte on looks as it did while it was being written: zero. */
  looksUnwritten = 0;
  from = Infinity;

  constructor() {
    super(place.disk, place.files.folders);
  }

  override keyOf(): undefined {
    return undefined;
  }

  override readNow(fd: number, into: Uint8Array, offset: number, length: number, at: number): number {
    const got = super.readNow(fd, into, offset, length, at);
    if (at + got > this.from && this.looksUnwritten-- > 0) {
      into.fill(0, offset + Math.max(0, this.from - at), offset + got);
    }
    return got;
  }
}

const log = (files: LogFiles) => folder.log({ files });

describe('a reader of a log that another process writes', () => {
  it('A reader of a log that another process writes takes a frame that it has seen in part for no damage, however often it does', async () => {
    await folder.append(writer, 2);
    await folder.append(writer, 30);
    const { segments } = await folder.log().inspect();
    // A write that stands still ends with zeros enough to be told from a changed byte; one that goes on is looked at again.
    for (const [missing, most] of [
      [1, 3],
      [9, 12],
      [300, 12],
    ] as const) {
      for (let times = 0; times <= most; times++) {
        const files = new Elsewhere();
        files.from = (segments[0]?.bytes ?? 0) - missing;
        files.looksUnwritten = times;
        const read = await collect(log(files).read(0));
        expect(read).toEqual(folder.batches.slice(0, read.length));
        expect(read.length).toBeGreaterThanOrEqual(1);
      }
    }
  });

  it('A reader of a log that another process writes follows what is written over room, frame by frame, and through a roll', async () => {
    const stop = new AbortController();
    const following = log(new Elsewhere()).follow(0, stop.signal)[Symbol.asyncIterator]();
    const next = async (): Promise<ReadBatch> => {
      const { done, value } = await following.next();
      if (done === true) throw new Error('it follows no more');
      return kept(value);
    };
    for (const count of [2, 3, 1, 40, 1, 2500, 1]) {
      await folder.append(writer, count);
      expect(await next()).toEqual(folder.batches.at(-1));
    }
    await writer.close();
    await folder.write([2, 2], { segmentBytes: 200 });
    for (const batch of folder.batches.slice(-2)) expect(await next()).toEqual(batch);
    stop.abort();
    await following.return?.(undefined);
  });

  it('A reader of a log that another process writes waits where room begins for what a newer writer decides on the frame before it', async () => {
    await folder.append(writer, 2);
    await folder.append(writer, 3);
    place.put('writer-000002.json', Buffer.from('{"epoch":2}\n'));
    expect(await collect(log(new Elsewhere()).read(0))).toEqual(folder.batches.slice(0, 1));
    const { waiting } = await log(new Elsewhere()).inspect();
    expect(waiting).toMatchObject({ frames: 1, epoch: 2 });
  });
});
