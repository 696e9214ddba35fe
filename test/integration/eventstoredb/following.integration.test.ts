/** Followers whose subscriptions end, on a stand-in for the server. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreFollower } from '../../../projections/store/follower.js';
import { QueryStore } from '../../../projections/store/database/query-store.js';
import type { EventStoreLog } from '../../../infra/eventstoredb/eventstore-log.js';
import { HEADROOM_BYTES } from '../../../src/log/port.js';
import { EventStoreTrial } from '../../support/eventstoredb/eventstore-trial.js';
import { gate } from '../../support/gate.js';
import { History } from '../../support/history/history.js';
import { kept, type ReadBatch, Sealer, wordy } from '../../support/log/batches.js';
import { PATIENCE_MS, until } from '../../support/patience.js';

const RENEWED = 'a subscription was dropped and is renewed';

describe('a follower of EventStoreDB (its client, a stand-in server)', () => {
  let trial: EventStoreTrial;
  let controller: AbortController;

  beforeEach(async () => {
    trial = await EventStoreTrial.begin();
    controller = new AbortController();
  });

  afterEach(async () => {
    controller.abort();
    await trial.end();
  });

  /** Goes on until it is aborted; `seen` grows. `dawdle` is awaited after each batch. */
  function follow(log: EventStoreLog, dawdle?: () => Promise<void>): { seen: ReadBatch[]; ended: Promise<void> } {
    const seen: ReadBatch[] = [];
    const ended = (async () => {
      for await (const batch of log.follow(0, controller.signal)) {
        seen.push(kept(batch));
        await dawdle?.();
      }
    })();
    return { seen, ended };
  }

  it('A follower of EventStoreDB goes on behind what it gave last when the server drops its subscription, and says so', async () => {
    const writer = await trial.log().open();
    const sealer = new Sealer();
    const written = await trial.append(writer, sealer, 1, 2);
    const { seen, ended } = follow(trial.log());
    for (let round = 0; round < 3; round++) {
      await expect.poll(() => seen.length).toBe(written.length);
      expect(trial.server.dropSubscriptions()).toBe(1);
      written.push(...(await trial.append(writer, sealer, 1, 300)));
    }
    await expect.poll(() => seen.length).toBe(written.length);
    controller.abort();
    await ended;
    expect(seen).toEqual(written);
    expect(trial.warnings(RENEWED).length).toBe(3);
  });

  it('A follower of EventStoreDB goes on in the middle of a batch when its subscription is dropped there', async () => {
    const writer = await trial.log({ appendBytes: 1_000 }).open();
    const log = trial.log();
    const { seen, ended } = follow(log);
    const dropAt = [10, 20, 30];
    trial.server.beforeAppend = async (append) => {
      if (!dropAt.includes(append)) return;
      await until('it follows', () => trial.server.subscriberCount === 1);
      await log.head(); // what it was sent before comes before this answer, on the same connection
      trial.server.dropSubscriptions();
    };
    const written = await trial.append(writer, new Sealer(), 200);
    await expect.poll(() => seen.length).toBe(1);
    controller.abort();
    await ended;
    expect(seen).toEqual(written);
    const revisions = trial.warnings(RENEWED).map(({ details }) => Number(details.revision));
    expect(new Set(revisions).size).toBe(dropAt.length);
    expect(revisions.every((revision) => revision > 1 && revision < trial.types().length)).toBe(true);
  });

  it('A follower of EventStoreDB waits for a server that is away, for longer than a reader would', async () => {
    const writer = await trial.log().open();
    const sealer = new Sealer();
    const written = await trial.append(writer, sealer, 2);
    const { seen, ended } = follow(trial.log({ patienceMs: 50 }));
    await expect.poll(() => seen.length).toBe(1);
    trial.server.crash();
    await expect(trial.log({ patienceMs: 50 }).head()).rejects.toMatchObject({ code: 'LOG_UNREACHABLE' });
    await expect.poll(() => trial.warnings(RENEWED).length).toBeGreaterThan(2);
    trial.server.start();
    written.push(...(await trial.append(writer, sealer, 3)));
    await expect.poll(() => seen.length).toBe(2);
    controller.abort();
    await ended;
    expect(seen).toEqual(written);
  });

  it('A follower of EventStoreDB gets everything although it is slow and dropped for it', async () => {
    const writer = await trial.log().open();
    const { wait, open } = gate();
    const { seen, ended } = follow(trial.log(), async () => (seen.length < 3 ? undefined : wait()));
    const counts = Array.from({ length: 20 }, (_, index) => 1 + 6 * index);
    const written = await trial.append(writer, new Sealer(0, wordy), ...counts);
    await expect.poll(() => seen.length).toBe(3);
    expect(trial.server.dropSubscriptions()).toBe(1);
    open();
    await expect.poll(() => seen.length).toBe(written.length);
    controller.abort();
    await ended;
    expect(seen).toEqual(written);
    expect(trial.warnings(RENEWED).length).toBe(1);
  });

  it('A follower of EventStoreDB leaves no subscription behind when it is aborted or given up', async () => {
    const writer = await trial.log().open();
    await trial.append(writer, new Sealer(), 1, 1);
    const { seen, ended } = follow(trial.log());
    for await (const _batch of trial.log().follow(0, controller.signal)) break;
    await expect.poll(() => seen.length).toBe(2);
    controller.abort();
    await ended;
    await expect.poll(() => trial.server.subscriberCount + trial.server.watcherCount).toBe(0);
  });

  it('A follower of EventStoreDB ends when its log is closed, and so does a reader', async () => {
    const log = trial.log();
    await trial.append(await log.open(), new Sealer(), 1);
    const { seen, ended } = follow(log);
    await expect.poll(() => seen.length).toBe(1);
    trial.server.faults.isSilent = true;
    const heading = log.head();
    await log.close();
    await ended;
    await expect(heading).rejects.toThrow('the log has been closed');
  });

  it('A follower of EventStoreDB lets a projection go on from its own checkpoint, through dropped subscriptions and its own restart', async () => {
    const history = new History();
    const [alice, bob, acme] = [history.admit('alice'), history.admit('bob'), history.list('ACME')];
    for (let deal = 0; deal < 4; deal++) {
      history.seal();
      history.deal(history.post(alice, acme, 'sell', 100, 5), history.post(bob, acme, 'buy', 100, 5), 100, 5);
    }
    const batches = history.batches();
    const writer = await trial.log().open();
    const store = new QueryStore(':memory:');
    let stop = new AbortController();
    let follower = new StoreFollower(store, trial.log());
    let running = follower.run(stop.signal);
    for (const [index, { firstPosition, count, bytes }] of batches.entries()) {
      if (index % 2 === 1) trial.server.dropSubscriptions();
      const buffer = Buffer.concat([Buffer.alloc(HEADROOM_BYTES), bytes]);
      const batch = { firstPosition, count, buffer, start: HEADROOM_BYTES, end: buffer.length };
      expect(await writer.append(batch)).toBe('appended');
      expect(await follower.waitFor(firstPosition + count, PATIENCE_MS)).toBe(true);
      if (index !== 2) continue;
      stop.abort();
      await running;
      expect(store.checkpoint.position).toBe(firstPosition + count);
      stop = new AbortController();
      follower = new StoreFollower(store, trial.log(), { onRebuild: () => expect.unreachable('it kept its place') });
      running = follower.run(stop.signal);
    }
    expect(store.queries.summary()).toMatchObject({ deals: 4, position: history.head });
    stop.abort();
    await running;
    store.close();
  });
});
