/** Servers that take every call and answer none, as a process that is stopped does, until they or others are well again. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventStoreTrial } from '../../support/eventstoredb/eventstore-trial.js';
import { DEADLINE_MS, passDeadline, stopClock, WITH_DEADLINE } from '../../support/eventstoredb/stopped-clock.js';
import { collect, Sealer } from '../../support/log/batches.js';

/** A first attempt without an answer is the last. */
const IMPATIENT = { patienceMs: DEADLINE_MS / 2, answerMs: DEADLINE_MS };

describe('an EventStoreDB that hangs (a stand-in)', () => {
  let trial: EventStoreTrial;

  beforeEach(async () => {
    trial = await EventStoreTrial.begin();
    stopClock();
  });

  afterEach(async () => {
    vi.useRealTimers();
    await trial.end();
  });

  it.for(['revive', 'takeOver'] as const)(
    'An EventStoreDB that hangs is opened again by the same log, and appended to, once it or another answers (%s)',
    async (end) => {
      const { server } = trial;
      const log = trial.log(IMPATIENT, WITH_DEADLINE);
      const sealer = new Sealer();
      const writer = await log.open();
      const written = await trial.append(writer, sealer, 2);
      server.hang();
      const appending = writer.append(new Sealer(sealer.position).sealSome(1));
      await passDeadline(server, 1);
      expect(await appending).toBe('unknown');
      expect(writer.failure).toMatchObject({ code: 'LOG_UNREACHABLE' });
      const refused = expect(log.open()).rejects.toMatchObject({ code: 'LOG_UNREACHABLE' });
      await passDeadline(server, 4); // the stream's two ends and its metadata, at once
      await refused;
      server[end]();
      const next = await log.open();
      expect(next).toMatchObject({ epoch: 2, head: writer.head });
      written.push(...(await trial.append(next, sealer, 3)));
      expect(await collect(log.read(0))).toEqual(written);
      await next.verify?.();
    },
  );

  it('An EventStoreDB that hangs is left for the one that took its place within the patience of a single append', async () => {
    const { server } = trial;
    const writer = await trial.log({ patienceMs: 2 * DEADLINE_MS, answerMs: DEADLINE_MS }, WITH_DEADLINE).open();
    server.hang();
    const appending = writer.append(new Sealer().sealSome(1));
    await expect.poll(() => server.unanswered).toBe(1);
    server.takeOver();
    await passDeadline(server, 1);
    expect(await appending).toBe('appended');
  });

  it('An EventStoreDB that hangs leaves no claim of an opening that nobody answered in the way of the next', async () => {
    const { server } = trial;
    const log = trial.log(IMPATIENT, WITH_DEADLINE);
    server.faults.failAppends({ stored: true, answer: 'silence' });
    const refused = expect(log.open()).rejects.toMatchObject({ code: 'LOG_UNREACHABLE' });
    await passDeadline(server, 1);
    await refused;
    expect(trial.types()).toEqual(['WriterClaimed']);
    expect(await log.open()).toMatchObject({ epoch: 2, head: 0 });
  });
});
