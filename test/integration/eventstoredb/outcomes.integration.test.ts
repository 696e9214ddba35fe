/** What becomes of appends when a stand-in for the server fails in the middle of them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventStoreTrial } from '../../support/eventstoredb/eventstore-trial.js';
import { asRead, collect, Sealer } from '../../support/log/batches.js';

describe('appends to EventStoreDB (its client, a stand-in server)', () => {
  let trial: EventStoreTrial;
  let sealer: Sealer;

  beforeEach(async () => {
    trial = await EventStoreTrial.begin();
    sealer = new Sealer();
  });

  afterEach(() => trial.end());

  it.for(['unavailable', 'cut', 'silence'] as const)(
    'stores a batch once, whether an answer was lost before or after it was stored (%s)',
    async (answer) => {
      const log = trial.log({}, 'defaultDeadline=1000');
      const writer = await log.open();
      const written = await trial.append(writer, sealer, 2);
      for (const stored of [true, false]) {
        trial.server.faults.failAppends({ stored, answer });
        const before = trial.server.appends;
        written.push(...(await trial.append(writer, sealer, 3)));
        expect(trial.server.appends).toBe(before + 2);
      }
      expect(await collect(log.read(0))).toEqual(written);
    },
  );

  it('waits for a server that is away for a while', async () => {
    const writer = await trial.log().open();
    await trial.server.stop();
    const batch = sealer.sealSome(3);
    const appending = writer.append(batch);
    setTimeout(() => void trial.server.start(), 400);
    expect(await appending).toBe('appended');
    expect(await collect(trial.log().read(0))).toEqual([asRead(batch)]);
  });

  it('calls an append unknown when the server stays away, says why, and lets what came of it be seen once it is back', async () => {
    const writer = await trial.log({ patienceMs: 200 }, 'defaultDeadline=200').open();
    await trial.append(writer, sealer, 1);
    trial.server.faults.failAppends({ stored: true, answer: 'silence', times: Infinity });
    const batch = sealer.sealSome(2);
    expect(await writer.append(batch)).toBe('unknown');
    expect(writer.failure).toMatchObject({ code: 'LOG_UNREACHABLE' });
    trial.server.faults.heal();
    expect((await trial.log().open()).head).toBe(sealer.position);
  });

  it('tells an append whose answer was lost from one that another writer’s claim has overtaken', async () => {
    const [older, batch] = [await trial.log({}, 'defaultDeadline=1000').open(), sealer.sealSome(2)];
    trial.server.faults.failAppends({ stored: false, answer: 'silence' });
    const appending = older.append(batch);
    await until(() => trial.server.appends === 2);
    expect((await trial.log().open()).head).toBe(0);
    expect(await appending).toBe('fenced');
  });

  it('finds its own append where the answer was lost and another writer has appended since', async () => {
    const [older, batch] = [await trial.log({}, 'defaultDeadline=1000').open(), sealer.sealSome(2)];
    trial.server.faults.failAppends({ stored: true, answer: 'silence' });
    const appending = older.append(batch);
    await until(() => trial.server.appends === 2);
    expect((await trial.log().open()).head).toBe(sealer.position);
    expect(await appending).toBe('appended');
  });

  it('lets a newer writer in however busy the older one is, and never both at once', async () => {
    const older = await trial.log().open();
    const appending = (async () => {
      for (;;) {
        const batch = sealer.sealSome(2);
        const outcome = await older.append(batch);
        if (outcome !== 'appended') return { outcome, firstPosition: batch.firstPosition };
      }
    })();
    await until(() => trial.server.appends > 20);
    const newer = await trial.log().open();
    expect(newer.epoch).toBe(2);
    expect(await appending).toEqual({ outcome: 'fenced', firstPosition: newer.head });
    const batches = await collect(trial.log().read(0));
    expect(batches.reduce((head, { count }) => head + count, 0)).toBe(newer.head);
  });

  it('finds its own append where the server no longer knows it by its ids', async () => {
    const log = trial.log();
    const writer = await log.open();
    trial.server.streams.forgets = true;
    trial.server.faults.failAppends({ stored: true, answer: 'unavailable' });
    expect(await trial.append(writer, sealer, 3, 1)).toEqual(await collect(log.read(0)));
  });

  it('does not share the client’s one stream for all appends of a process', async () => {
    const logs = [0, 1].map((shard) => trial.log({ shard }));
    const writers = await Promise.all(logs.map((log) => log.open()));
    trial.server.faults.failAppends({ stored: true, answer: 'unavailable' });
    const outcomes = await Promise.all(writers.map((writer) => writer.append(new Sealer().sealSome(2))));
    expect(outcomes).toEqual(['appended', 'appended']);
  });

  it('cuts a batch into appends that the server takes, each as full as may be', async () => {
    const log = trial.log();
    const writer = await log.open();
    const before = trial.server.appends;
    const written = await trial.append(writer, sealer, 6_000);
    expect(trial.server.appends - before).toBeGreaterThan(1);
    expect(trial.server.appends - before).toBeLessThan(4);
    expect(await collect(log.read(0))).toEqual(written);
  });

  it('calls an append unknown that the server finds too large, in words that tell the limit', async () => {
    const writer = await trial.log({ appendBytes: 4_000_000 }).open();
    expect(await writer.append(sealer.sealSome(8_000))).toBe('unknown');
    expect(writer.failure?.message).toMatch(/Maximum Append Size of 1048576/);
  });
});

/** Fails by the test's own time limit. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}
