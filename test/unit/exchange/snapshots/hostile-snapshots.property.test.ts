import fs from 'node:fs';
import path from 'node:path';
import { serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replay } from '../../../../src/exchange/recovery/recovery.js';
import { type Dump, dumpedLists } from '../../../../src/exchange/snapshots/snapshot-dump.js';
import { SnapshotFolder } from '../../../../src/exchange/snapshots/snapshot-files.js';
import { decode, framed } from '../../../../src/exchange/snapshots/snapshot-layout.js';
import { SnapshotStore } from '../../../../src/exchange/snapshots/snapshots.js';
import { stateDigest } from '../../../../src/exchange/recovery/state-digest.js';
import { MemoryLog } from '../../../support/log/memory-log.js';
import { removeFolder, temporaryFolder } from '../../../support/log/temporary-folder.js';
import { runs } from '../../../support/property/runs.js';
import { post } from '../../../support/reference/steps-of.js';
import { acme, Listener, ExchangeHarness } from '../../../support/reference/exchange-harness.js';
import { StepCounter } from '../../../support/step-counter.js';

const steps = new StepCounter();
afterAll(() => {
  steps.end();
});

type Content = Readonly<Record<string, unknown>>;

/** A format that is read, or of which no more is read than where it stands. */
interface Layout {
  readonly name: string;
  /** The content of a good snapshot, and its parts that must be there. */
  contentOf(dump: Dump): Content;
  readonly parts: readonly string[];
  /** What is serialized each for itself. */
  sectionsOf(content: unknown): readonly unknown[];
  /** The file of these, with checksums that fit. */
  fileOf(bodies: readonly Uint8Array[]): Buffer;
}

const lists: readonly string[] = dumpedLists;

const inOne: Layout = {
  name: 'format 2',
  contentOf: ({ position, digest, numbers, lists: all, words, clientIds: [clientIds] }) => {
    const { counters, rowsUsed: used, firstFreeRow: firstFree } = numbers;
    return { format: 2, position, digest, counters, ...all, negotiators: { words, used, firstFree }, clientIds };
  },
  parts: ['digest', 'counters', ...lists, 'negotiators', 'clientIds'],
  sectionsOf: (content) => [content],
  fileOf: (bodies) => {
    const body = Buffer.concat(bodies);
    const sum = Buffer.alloc(4);
    sum.writeUInt32LE(crc32(body));
    return Buffer.concat([sum, body]);
  },
};

const inSections: Layout = {
  name: 'format 5',
  contentOf: ({ position, digest, numbers, lists: all, words, clientIds: [clientIds] }) => {
    return { format: 5, position, digest, numbers, ...all, words, clientIds };
  },
  parts: ['digest', 'numbers', ...lists, 'words', 'clientIds'],
  sectionsOf: (content) => {
    if (typeof content !== 'object' || content === null || Array.isArray(content)) return [content];
    const { format, position, digest: own, ...rest } = content as Content; // as `contentOf` makes it
    const others = Object.entries(rest).map(([name, value]) =>
      lists.includes(name) ? { list: name, values: value } : { [name]: value },
    );
    return [{ format, position, digest: own, sections: others.length }, ...others];
  },
  fileOf: (bodies) => Buffer.concat([...framed(bodies)]),
};

let folder: string;
let listener: Listener;
let store: SnapshotStore;
let log: MemoryLog;
/** The path of a good snapshot of the whole log, and what is in it. */
let file: string;
let dump: Dump;
let digest: string;

beforeEach(async () => {
  folder = temporaryFolder();
  listener = new Listener();
  store = new SnapshotStore(folder, listener);
  log = new MemoryLog();
  const harness = await ExchangeHarness.open(log);
  await harness.play({ kind: 'list', listing: acme });
  for (const lots of [5, 7]) await harness.play(post('alice', 'sell', 100, lots), 'durable');
  await harness.play(post('bob', 'buy', 100, 8), 'durable');
  await harness.close();
  await store.make(log);
  file = path.join(folder, fs.readdirSync(folder)[0] ?? '');
  dump = await decode(new SnapshotFolder(folder).read(path.basename(file)));
  digest = stateDigest((await replay(log)).state.market);
});
afterEach(() => {
  removeFolder(folder);
});

async function expectPassedOver(): Promise<void> {
  listener.said.length = 0;
  const { events, state } = await replay(log, { snapshots: store });
  expect(events).toBe(await log.head());
  expect(stateDigest(state.market)).toBe(digest);
  expect(listener.said).toMatchObject([{ level: 'warn', message: 'snapshot passed over' }]);
}

describe('a snapshot of an older format', () => {
  it.each([
    [2, inOne],
    [3, inSections],
    [4, inSections],
  ] as const)(
    'A snapshot of an older format still says where it stands, and is passed over and made again: format %i',
    async (format, layout) => {
      const older = { ...layout.contentOf(dump), format };
      fs.writeFileSync(file, layout.fileOf(layout.sectionsOf(older).map((section) => serialize(section))));
      await expectPassedOver();
      const told: string[] = [];
      const [seen] = await store.seen((_name, why) => told.push(why), true);
      expect(seen).toMatchObject({ position: await log.head(), digest: Buffer.from(dump.digest).toString('hex') });
      expect(told).toEqual(['it is of an older format: the log is replayed instead']);
      expect(await store.usableLatest(log)).toBe(0);
      expect(await new SnapshotStore(folder).make(log)).toBe(await log.head());
      expect((await replay(log, { snapshots: store })).events).toBe(0);
    },
  );
});

describe.each([inSections])('a snapshot of $name whose checksums fit', (layout) => {
  let good: Content;
  const write = (content: unknown): void => {
    fs.writeFileSync(file, layout.fileOf(layout.sectionsOf(content).map((section) => serialize(section))));
  };
  beforeEach(() => {
    good = layout.contentOf(dump);
  });

  it('A snapshot whose checksums fit is used when it is whole', async () => {
    write(good);
    const { events, state } = await replay(log, { snapshots: store });
    expect(events).toBe(0);
    expect(stateDigest(state.market)).toBe(digest);
    expect(listener.said).toEqual([]);
  });

  it.each([
    ['of an older format', () => ({ ...good, format: 0 })],
    ['of a newer format', () => ({ ...good, format: 99 })],
    ['without a format', () => ({ ...good, format: undefined })],
    ['of another position', () => ({ ...good, position: 3 })],
    ['that is no record', () => [1, 2, 3]],
    ['that is nothing', () => undefined],
    ['in JSON', () => JSON.stringify({ format: 1 })],
  ])(
    'A snapshot whose checksums fit is passed over with a word to the operator, and made again: %s',
    async (_what, content) => {
      write(content());
      await expectPassedOver();
      expect(await new SnapshotStore(folder).make(log)).toBe(await log.head());
      expect((await replay(log, { snapshots: store })).events).toBe(0);
    },
  );

  it('A snapshot whose checksums fit is passed over when any part of it is missing or of another kind', async () => {
    const others = fc.constantFrom<unknown>(undefined, null, 7, 'text', { a: 1 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...layout.parts), others, async (name, value) => {
        write({ ...good, [name]: value });
        await expectPassedOver();
      }),
      runs(60),
    );
  });

  it('A snapshot whose checksums fit ends the opening of no log, nor keeps it waiting, whatever bytes it holds', async () => {
    const bodies = layout.sectionsOf(good).map((section) => serialize(section));
    const change = fc.tuple(fc.nat(), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff));
    const bent = fc
      .tuple(fc.nat(bodies.length - 1), fc.array(change, { minLength: 1, maxLength: 4 }))
      .map(([index, changes]) =>
        bodies.map((body, each) => {
          const copy = Buffer.from(body);
          if (each === index) for (const [at, value] of changes) copy[at % copy.length] = value;
          return copy;
        }),
      );
    const cut = fc
      .tuple(fc.nat(bodies.length - 1), fc.nat())
      .map(([index, end]) => bodies.map((body, each) => (each === index ? body.subarray(0, end % body.length) : body)));
    const other = fc.uint8Array({ maxLength: 200 }).map((bytes) => [bytes]);
    steps.taken();
    await fc.assert(
      fc.asyncProperty(fc.oneof(bent, cut, other), async (sections) => {
        fs.writeFileSync(file, layout.fileOf(sections));
        await replay(log, { snapshots: store });
        const taken = steps.taken();
        expect(taken).toBeGreaterThan(100);
        expect(taken).toBeLessThan(100_000); // about a thousand without the snapshot
      }),
      runs(200),
    );
  });
});
