/** The outcome of appends when a stand-in for the server fails in the middle of them. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventStoreTrial } from '../../support/eventstoredb/eventstore-trial.js';
import { DEADLINE_MS, passDeadline, stopClock, WITH_DEADLINE } from '../../support/eventstoredb/stopped-clock.js';
import { asRead, collect, Sealer, wordy } from '../../support/log/batches.js';
import { until } from '../../support/patience.js';

describe('appends to EventStoreDB (its client, a stand-in server)', () => {
  let trial: EventStoreTrial;
  let sealer: Sealer;

  beforeEach(async () => {
    trial = await EventStoreTrial.begin();
    sealer = new Sealer();
  });

  afterEach(async () => {
    vi.useRealTimers();
    await trial.end();
  });

  it.for(['unavailable', 'cut', 'silence'] as const)(
    'A writer on EventStoreDB stores a batch once, whether an answer was lost before or after it was stored (%s)',
    async (answer) => {
      const isSilent = answer === 'silence';
      if (isSilent) stopClock();
      const log = trial.log({}, isSilent ? WITH_DEADLINE : undefined);
      const writer = await log.open();
      const written = await trial.append(writer, sealer, 2);
      for (const [failed, stored] of [true, false].entries()) {
        trial.server.faults.failAppends({ stored, answer });
        const before = trial.server.appends;
        const appending = trial.append(writer, sealer, 3);
        if (isSilent) await passDeadline(trial.server, failed + 1);
        written.push(...(await appending));
        expect(trial.server.appends).toBe(before + 2);
      }
      expect(await collect(log.read(0))).toEqual(written);
    },
  );

  it('A writer on EventStoreDB waits for a server that is away for a while', async () => {
    const writer = await trial.log().open();
    trial.server.crash();
    const batch = sealer.sealSome(3);
    const appending = writer.append(batch);
    await expect.poll(() => trial.server.turnedAway).toBeGreaterThan(0);
    trial.server.start();
    expect(await appending).toBe('appended');
    expect(await collect(trial.log().read(0))).toEqual([asRead(batch)]);
  });

  it('A writer on EventStoreDB calls an append unknown when the server stays away, says why, and shows its outcome once the server is back', async () => {
    stopClock();
    const writer = await trial.log({ patienceMs: 1.5 * DEADLINE_MS }, WITH_DEADLINE).open();
    await trial.append(writer, sealer, 1);
    trial.server.faults.failAppends({ stored: true, answer: 'silence', times: Infinity });
    const appending = writer.append(sealer.sealSome(2));
    for (const attempt of [1, 2]) await passDeadline(trial.server, attempt);
    expect(await appending).toBe('unknown');
    expect(writer.failure).toMatchObject({ code: 'LOG_UNREACHABLE' });
    trial.server.faults.heal();
    expect((await trial.log().open()).head).toBe(sealer.position);
  });

  it('A writer on EventStoreDB distinguishes an append whose answer was lost from one that another writer’s claim has overtaken', async () => {
    stopClock();
    const older = await trial.log({}, WITH_DEADLINE).open();
    trial.server.faults.failAppends({ stored: false, answer: 'silence' });
    const appending = older.append(sealer.sealSome(2));
    await until('the append is unanswered', () => trial.server.unanswered === 1);
    expect((await trial.log().open()).head).toBe(0);
    await passDeadline(trial.server, 1);
    expect(await appending).toBe('fenced');
  });

  it('A writer on EventStoreDB finds its own append where the answer was lost and another writer has appended since', async () => {
    stopClock();
    const older = await trial.log({}, WITH_DEADLINE).open();
    trial.server.faults.failAppends({ stored: true, answer: 'silence' });
    const appending = older.append(sealer.sealSome(2));
    await until('the append is unanswered', () => trial.server.unanswered === 1);
    expect((await trial.log().open()).head).toBe(sealer.position);
    await passDeadline(trial.server, 1);
    expect(await appending).toBe('appended');
  });

  it('A log on EventStoreDB lets a newer writer in however busy the older one is, and never both at once', async () => {
    const older = await trial.log().open();
    const appending = (async () => {
      for (;;) {
        const batch = sealer.sealSome(2);
        const outcome = await older.append(batch);
        if (outcome !== 'appended') return { outcome, firstPosition: batch.firstPosition };
      }
    })();
    await expect.poll(() => trial.server.appends).toBeGreaterThan(20);
    const newer = await trial.log().open();
    expect(newer.epoch).toBe(2);
    expect(await appending).toEqual({ outcome: 'fenced', firstPosition: newer.head });
    const batches = await collect(trial.log().read(0));
    expect(batches.reduce((head, { count }) => head + count, 0)).toBe(newer.head);
  });

  it('A writer on EventStoreDB finds its own append where the server no longer knows it by its ids', async () => {
    const log = trial.log();
    const writer = await log.open();
    trial.server.streams.forgets = true;
    trial.server.faults.failAppends({ stored: true, answer: 'unavailable' });
    expect(await trial.append(writer, sealer, 3, 1)).toEqual(await collect(log.read(0)));
  });

  it('A writer on EventStoreDB does not share the client’s one stream for all appends of a process', async () => {
    const logs = [0, 1].map((shard) => trial.log({ shard }));
    const writers = await Promise.all(logs.map((log) => log.open()));
    trial.server.faults.failAppends({ stored: true, answer: 'unavailable' });
    const outcomes = await Promise.all(writers.map((writer) => writer.append(new Sealer().sealSome(2))));
    expect(outcomes).toEqual(['appended', 'appended']);
  });

  it.for([
    ['small', { appendBytes: 90_000 }, 600, undefined],
    ['large', {}, 1_400, wordy],
  ] as const)(
    'A writer on EventStoreDB cuts a batch into appends that the server takes, each as full as may be (%s events)',
    async ([, options, count, event]) => {
      const log = trial.log(options);
      const writer = await log.open();
      const before = trial.server.appends;
      const written = await trial.append(writer, new Sealer(0, event), count);
      expect(trial.server.appends - before).toBeGreaterThan(1);
      expect(trial.server.appends - before).toBeLessThan(4);
      expect(await collect(log.read(0))).toEqual(written);
    },
  );

  it('A writer on EventStoreDB calls an append unknown that the server finds too large, in words that tell the limit', async () => {
    const writer = await trial.log({ appendBytes: 4_000_000 }).open();
    expect(await writer.append(new Sealer(0, wordy).sealSome(1_000))).toBe('unknown');
    expect(writer.failure?.message).toMatch(/Maximum Append Size of 1048576/);
  });
});
