import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { replay } from '../../../../src/exchange/recovery/recovery.js';
import { SnapshotFolder } from '../../../../src/exchange/snapshots/snapshot-files.js';
import { SnapshotStore } from '../../../../src/exchange/snapshots/snapshots.js';
import { stateDigest } from '../../../../src/exchange/recovery/state-digest.js';
import { MemoryLog } from '../../../support/log/memory-log.js';
import { StagedDisk } from '../../../support/disk/staged-disk.js';
import { runs } from '../../../support/property/runs.js';
import { post } from '../../../support/reference/steps-of.js';
import { acme, Listener, ExchangeHarness } from '../../../support/reference/exchange-harness.js';

const FOLDER = '/snapshots';
/** Many parts and sections, each a few calls; and few, for what is tried at each of its calls. */
const SMALL = { partBytes: 64, sliceEntries: 2 };
const LARGE = { partBytes: 1_024, sliceEntries: 64 };

/** A log, and how it was when it was shorter. */
let log: MemoryLog;
let shorter: MemoryLog[];
let harness: ExchangeHarness;

beforeAll(async () => {
  log = new MemoryLog();
  shorter = [];
  harness = await ExchangeHarness.open(log);
  await harness.play({ kind: 'list', listing: acme });
  for (const lots of [5, 7, 9]) {
    await harness.play(post('alice', 'sell', 100 + lots, lots), 'durable');
    shorter.push(log.truncateTo(await log.head()));
  }
  await harness.play(post('bob', 'buy', 107, 8), 'durable');
});
afterAll(async () => {
  await harness.close();
});

let disk: StagedDisk;
let listener: Listener;
let sizes = SMALL;

function storeOn(on: StagedDisk): SnapshotStore {
  const files = new SnapshotFolder(FOLDER, { disk: on, partBytes: sizes.partBytes });
  return new SnapshotStore('', listener, { files, clientIdsSeed: 7, sliceEntries: sizes.sliceEntries });
}

/** Snapshots of the log when it was shorter; their positions. */
async function made(on: StagedDisk): Promise<readonly number[]> {
  const positions: number[] = [];
  for (const earlier of shorter) positions.push(await storeOn(on).make(earlier));
  return positions.slice(-2);
}

const nameOf = (position: number): string => `snapshot-${String(position).padStart(20, '0')}.bin`;

/** Where a snapshot that the log can be opened from stands, after a look at what that comes to. */
async function expectOpens(on: StagedDisk): Promise<number> {
  const { state, events } = await replay(log, { snapshots: storeOn(on) });
  expect(stateDigest(state.market)).toBe(stateDigest(harness.market));
  return (await log.head()) - events;
}

beforeEach(() => {
  disk = new StagedDisk();
  listener = new Listener();
  sizes = SMALL;
});

describe('a snapshot that is written', () => {
  it('A snapshot that is written is whole, however little of it the disk takes at a time', async () => {
    disk.mostBytes = 7;
    await made(disk);
    expect(await storeOn(disk).make(log)).toBe(await log.head());
    disk.mostBytes = Infinity;
    expect(await expectOpens(disk)).toBe(await log.head());
    expect(listener.said).toEqual([]);
  });

  it('A snapshot that is written is the same, whatever the length of its parts', async () => {
    const contents = new Set<string>();
    for (const partBytes of [1, 3, 64, 1 << 20]) {
      const files = new SnapshotFolder(FOLDER, { disk: new StagedDisk(), partBytes });
      await new SnapshotStore('', listener, { files, clientIdsSeed: 7 }).make(log);
      const parts: Uint8Array[] = [];
      for await (const part of files.read(nameOf(await log.head()))) parts.push(part);
      contents.add(Buffer.concat(parts).toString('hex'));
    }
    expect(contents.size).toBe(1);
  });

  it('A snapshot that is written has its bytes durable before its name, and its name before the older ones go', async () => {
    await made(disk);
    disk.calls.length = 0;
    await storeOn(disk).make(log);
    const told = disk.calls.filter((call) => !/^(open|read|write)/.test(call));
    expect(told).toEqual(['sync file', 'rename', 'sync folder', 'remove']);
    expect(disk.calls.slice(disk.calls.indexOf('sync file'), disk.calls.indexOf('rename'))).toContain('read');
  });

  it('A snapshot that is written bears no name and takes no other’s place when the disk is full, and is made once there is room', async () => {
    const kept = await made(disk);
    const room = 40;
    for (let taken = 0; taken < 20; taken++) {
      disk.room = taken * room;
      const failed = await storeOn(disk)
        .make(log)
        .catch((error: unknown) => String(error));
      if (typeof failed === 'number') break;
      expect(failed).toContain('ENOSPC');
      expect(disk.list(FOLDER)).toEqual(kept.map(nameOf));
      expect(await expectOpens(disk)).toBe(kept.at(-1));
    }
    disk.room = Infinity;
    expect(await storeOn(disk).make(log)).toBe(await log.head());
    expect(await expectOpens(disk)).toBe(await log.head());
  });

  it('A snapshot that is written bears no name and takes no other’s place when the disk took other bytes than it was given', async () => {
    const kept = await made(disk);
    const length = disk.disk.file(`${FOLDER}/${nameOf(kept[1] ?? 0)}`)?.length ?? 0;
    for (disk.spoiledByte = 0; disk.spoiledByte < length; disk.spoiledByte += 31) {
      await expect(storeOn(disk).make(log)).rejects.toThrow('read back otherwise');
      expect(disk.list(FOLDER)).toEqual(kept.map(nameOf));
    }
    disk.spoiledByte = -1;
    expect(await expectOpens(disk)).toBe(kept[1]);
  });

  it('A snapshot that is written costs no older one its place wherever its writer is killed, or power goes; the next writer clears up', async () => {
    sizes = LARGE;
    const lot = fc.array(fc.nat(), { minLength: 40, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.boolean(), lot, async (losesPower, lots) => {
        const head = await log.head();
        for (let step = 1; ; step++) {
          const on = new StagedDisk();
          const kept = await made(on);
          on.callsToDeath = step;
          const isMade =
            (await storeOn(on)
              .make(log)
              .catch(() => undefined)) === head;
          const isDead = on.callsToDeath <= 0;
          on.callsToDeath = Infinity;
          let drawn = 0;
          if (losesPower) on.disk.losePower({ below: (bound) => (lots[drawn++ % lots.length] ?? 0) % bound });
          listener.said.length = 0;
          expect([kept[1], head]).toContain(await expectOpens(on));
          expect(listener.said, `killed at call ${step}`).toEqual([]);
          expect(await storeOn(on).make(log)).toBe(head);
          await storeOn(on).make(await grown());
          const names = on.list(FOLDER);
          expect(names).toEqual([nameOf(head), nameOf(await (await grown()).head())]);
          if (isMade && !isDead) return;
        }
      }),
      runs(3),
    );
  });

  it('A snapshot that is written is passed over once a bit of it has flipped, wherever, and the one that it was made from is used', async () => {
    await made(disk);
    const head = await storeOn(disk).make(log);
    const path = `${FOLDER}/${nameOf(head)}`;
    const length = disk.disk.file(path)?.length ?? 0;
    for (let at = 0; at < length; at += 13) {
      disk.flip(path, at);
      listener.said.length = 0;
      expect(await expectOpens(disk)).toBeLessThan(head);
      expect(await storeOn(disk).usableLatest(log)).toBeLessThan(head);
      expect(listener.said).toMatchObject([{ message: 'snapshot passed over' }, { message: 'snapshot passed over' }]);
      disk.flip(path, at);
    }
    expect(await expectOpens(disk)).toBe(head);
  });
});

let longer: Promise<MemoryLog> | undefined;

/** The log, some events later. */
function grown(): Promise<MemoryLog> {
  longer ??= (async () => {
    const copy = log.truncateTo(await log.head());
    const again = await ExchangeHarness.open(copy);
    await again.close();
    return copy;
  })();
  return longer;
}
