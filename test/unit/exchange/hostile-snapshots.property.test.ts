import fs from 'node:fs';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replay } from '../../../src/exchange/recovery.js';
import { SnapshotStore } from '../../../src/exchange/snapshots.js';
import { stateDigest } from '../../../src/exchange/state-digest.js';
import { MemoryLog } from '../../support/log/memory-log.js';
import { removeFolder, temporaryFolder } from '../../support/log/temporary-folder.js';
import { runs } from '../../support/property/runs.js';
import { post } from '../../support/reference/steps-of.js';
import { acme, Listener, Venue } from '../../support/reference/venue.js';
import { StepCounter } from '../../support/step-counter.js';

const steps = new StepCounter();
afterAll(() => {
  steps.end();
});

type Content = Readonly<Record<string, unknown>>;

let folder: string;
let listener: Listener;
let store: SnapshotStore;
let log: MemoryLog;
/** The path and the content of a good snapshot of the whole log. */
let file: string;
let good: Content;
let digest: string;

beforeEach(async () => {
  folder = temporaryFolder();
  listener = new Listener();
  store = new SnapshotStore(folder, listener);
  log = new MemoryLog();
  const venue = await Venue.open(log);
  await venue.play({ kind: 'list', listing: acme });
  for (const lots of [5, 7]) await venue.play(post('alice', 'sell', 100, lots), 'durable');
  await venue.play(post('bob', 'buy', 100, 8), 'durable');
  await venue.close();
  await store.make(log);
  file = path.join(folder, fs.readdirSync(folder)[0] ?? '');
  good = deserialize(fs.readFileSync(file).subarray(4)) as Content; // what `make` has just written
  digest = stateDigest((await replay(log)).state.market);
});
afterEach(() => {
  removeFolder(folder);
});

/** Writes these bytes as the snapshot's, with the checksum that fits. */
function write(body: Uint8Array): void {
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(body));
  fs.writeFileSync(file, Buffer.concat([sum, body]));
}

async function expectPassedOver(): Promise<void> {
  listener.said.length = 0;
  const { events, state } = await replay(log, { snapshots: store });
  expect(events).toBe(await log.head());
  expect(stateDigest(state.market)).toBe(digest);
  expect(listener.said).toMatchObject([{ level: 'warn', message: 'snapshot passed over' }]);
}

describe('a snapshot whose checksum fits', () => {
  it.each([
    ['of an older format', () => ({ ...good, format: 0 })],
    ['of a newer format', () => ({ ...good, format: 99 })],
    ['without a format', () => ({ ...good, format: undefined })],
    ['of another position', () => ({ ...good, position: 3 })],
    ['that is no record', () => [1, 2, 3]],
    ['that is nothing', () => undefined],
    ['in JSON', () => JSON.stringify({ format: 1 })],
  ])('is passed over with a word to the operator, and made anew: %s', async (_what, content) => {
    write(serialize(content()));
    await expectPassedOver();
    expect(await new SnapshotStore(folder).make(log)).toBe(await log.head());
    expect((await replay(log, { snapshots: store })).events).toBe(0);
  });

  it('is passed over when any part of it is missing or of another kind', async () => {
    const names = ['digest', 'counters', 'participants', 'instruments', 'negotiators', 'deals', 'timers', 'clientIds'];
    const others = fc.constantFrom<unknown>(undefined, null, 7, 'text', { a: 1 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), others, async (name, value) => {
        write(serialize({ ...good, [name]: value }));
        await expectPassedOver();
      }),
      runs(60),
    );
  });

  it('ends the opening of no log, nor keeps it waiting, whatever bytes it holds', async () => {
    const bytes = serialize(good);
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff));
    const bent = fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
      const body = Buffer.from(bytes);
      for (const [at, value] of changes) body[at] = value;
      return body;
    });
    const bodies = fc.oneof(
      bent,
      fc.nat(bytes.length).map((end) => bytes.subarray(0, end)),
      fc.uint8Array({ maxLength: 200 }),
    );
    steps.taken();
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        write(body);
        await replay(log, { snapshots: store });
        const taken = steps.taken();
        expect(taken).toBeGreaterThan(100);
        expect(taken).toBeLessThan(100_000); // about a thousand without the snapshot
      }),
      runs(200),
    );
  });
});
