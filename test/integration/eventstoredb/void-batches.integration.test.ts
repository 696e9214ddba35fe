/** Batches that needed several appends and got only some of them, on a stand-in for the server. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LogWriter } from '../../../src/log/port.js';
import { EventStoreTrial } from '../../support/eventstoredb/eventstore-trial.js';
import { passDeadline, stopClock, WITH_DEADLINE } from '../../support/eventstoredb/stopped-clock.js';
import { collect, kept, type ReadBatch, Sealer } from '../../support/log/batches.js';
import { until } from '../../support/patience.js';

/** About three events each. */
const SMALL = { appendBytes: 1_000 };
/** A first attempt that the server fails is the last. */
const IMPATIENT = { ...SMALL, patienceMs: 0 };

describe('a batch in several appends to EventStoreDB (its client, a stand-in server)', () => {
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

  /** A writer that got no further than `appends` of a batch of ten events, and what is in the log. */
  async function cutShort(appends: number): Promise<{ written: ReadBatch[]; writer: LogWriter }> {
    const writer = await trial.log(IMPATIENT).open();
    const written = await trial.append(writer, sealer, 1);
    trial.server.faults.failAppends({ stored: false, answer: 'unavailable', after: appends, times: Infinity });
    const records = trial.types().length;
    expect(await writer.append(new Sealer(sealer.position).sealSome(10))).toBe('unknown');
    trial.server.faults.heal();
    expect(trial.types().length > records).toBe(appends > 0);
    return { written, writer };
  }

  it.for([0, 1, 2, 3])(
    'A batch in several appends to EventStoreDB is not in the log when it was cut short after %i of them',
    async (appends) => {
      const { written } = await cutShort(appends);
      const log = trial.log();
      expect(await log.head()).toBe(2);
      for (const from of [0, 1, 2, 3]) {
        expect(await collect(log.read(from)), `from ${from}`).toEqual(from < 2 ? written : []);
      }
    },
  );

  it('A batch in several appends to EventStoreDB gives its positions to the next writer’s batches, and says that it is void', async () => {
    const { written } = await cutShort(2);
    const next = await trial.log().open();
    expect(next.head).toBe(2);
    expect(trial.warnings('a batch without its end is void from here on').length).toBe(1);
    written.push(...(await trial.append(next, sealer, 3, 1)));
    const log = trial.log();
    expect(await collect(log.read(0))).toEqual(written);
    expect(await log.head()).toBe(next.head);
  });

  it('A batch in several appends to EventStoreDB is fenced in the middle by the claim of another writer, and never in the log', async () => {
    stopClock();
    const older = await trial.log(SMALL, WITH_DEADLINE).open();
    trial.server.faults.failAppends({ stored: false, answer: 'silence', after: 2 });
    const appending = older.append(new Sealer().sealSome(10));
    await until('the third append is unanswered', () => trial.server.unanswered === 1);
    expect(trial.types().length).toBeGreaterThan(2);
    const next = await trial.log().open();
    await passDeadline(trial.server, 1);
    expect(await appending).toBe('fenced');
    expect(await trial.append(next, sealer, 2)).toEqual(await collect(trial.log().read(0)));
  });

  it('A batch in several appends to EventStoreDB is found by every position through any number of void batches and claims', async () => {
    const written: ReadBatch[] = [];
    for (const appends of [1, 3, 2]) {
      written.push(...(await cutShort(appends)).written);
      for (let claim = 0; claim < appends; claim++) await trial.log().open();
      written.push(...(await trial.append(await trial.log(SMALL).open(), sealer, 7, 1)));
    }
    const log = trial.log();
    for (let from = 0; from <= sealer.position + 1; from++) {
      const expected = written.filter(({ firstPosition, count }) => firstPosition + count > from);
      expect(await collect(log.read(from)), `from ${from}`).toEqual(expected);
    }
  });

  it('A batch in several appends to EventStoreDB is never given to a follower before its end, nor when it is void', async () => {
    const controller = new AbortController();
    const seen: ReadBatch[] = [];
    const following = (async () => {
      for await (const batch of trial.log().follow(0, controller.signal)) seen.push(kept(batch));
    })();
    const { written } = await cutShort(2);
    const next = await trial.log(SMALL).open();
    written.push(...(await trial.append(next, sealer, 12, 1)));
    await expect.poll(() => seen.length).toBe(written.length);
    controller.abort();
    await following;
    expect(seen).toEqual(written);
  });
});
