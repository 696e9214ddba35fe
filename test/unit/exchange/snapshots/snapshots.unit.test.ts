import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type OpenOptions, replay } from '../../../../src/exchange/recovery/recovery.js';
import { SnapshotStore } from '../../../../src/exchange/snapshots/snapshots.js';
import { stateDigest } from '../../../../src/exchange/recovery/state-digest.js';
import { MemoryLog } from '../../../support/log/memory-log.js';
import { removeFolder, temporaryFolder } from '../../../support/log/temporary-folder.js';
import { expectAuditFinds, expectReplayGives, negotiatorsOf } from '../../../support/reference/checks.js';
import { cutAt } from '../../../support/reference/cut.js';
import { byMessages, lose } from '../../../support/reference/faults.js';
import type { Step } from '../../../support/reference/steps.js';
import { post } from '../../../support/reference/steps-of.js';
import {
  acme,
  dealsIn,
  eventsIn,
  Listener,
  OPENING_MS,
  ExchangeHarness,
} from '../../../support/reference/exchange-harness.js';
import { MessageKind } from '../../../../src/domain/negotiators/mailbox.js';

const bolt = { ...acme, symbol: 'BOLT', priceRule: 'midpoint', selfTrade: 'withdrawStanding', minTicks: 3 } as const;

/** Leaves something of everything standing: several at one price, filled in part, replaced, to expire, in a call phase. */
const session: readonly Step[] = [
  { kind: 'list', listing: acme },
  { kind: 'list', listing: bolt },
  ...[101, 101, 101, 102].map((at) => post('alice', 'sell', at, 5)),
  post('bob', 'buy', 101, 7),
  post('carol', 'buy', 99, 4, { timeInForce: 'gtd', expiresAtMs: OPENING_MS + 60_000 }),
  { kind: 'replace', id: 3, participant: 'alice', priceTicks: 102, openLots: 2 },
  post('zoe', 'sell', 102, 1),
  post('zoe', 'sell', 103, 1),
  { kind: 'withdraw', id: 8, participant: 'zoe' },
  { kind: 'phase', instrument: 'BOLT', phase: 'call' },
  post('dave', 'buy', undefined, 3, { instrument: 'BOLT' }),
  post('erin', 'sell', 10, 5, { instrument: 'BOLT' }),
];

async function played(
  log: MemoryLog,
  steps: readonly Step[] = session,
  options: OpenOptions = {},
): Promise<ExchangeHarness> {
  const harness = await ExchangeHarness.open(log, options);
  for (const step of steps) expect(await harness.play(step, 'durable')).not.toHaveProperty('refused');
  return harness;
}

describe('a snapshot', () => {
  let folder: string;
  let listener: Listener;
  let store: SnapshotStore;
  beforeEach(() => {
    folder = temporaryFolder();
    listener = new Listener();
    store = new SnapshotStore(folder, listener);
  });
  afterEach(() => {
    removeFolder(folder);
  });

  it('A snapshot restores exactly what a replay of the whole log gives', async () => {
    const log = new MemoryLog();
    const harness = await played(log);
    expect(await store.make(log)).toBe(await log.head());
    const from = await replay(log, { snapshots: store });
    expect(from.events).toBe(0);
    const { market } = from.state;
    expect(stateDigest(market)).toBe(stateDigest(harness.market));
    expect(negotiatorsOf(market)).toEqual(negotiatorsOf(harness.market));
    expect(market.timers.entries()).toEqual((await replay(log)).state.market.timers.entries());
    expect(from.state.digest).toEqual((await replay(log)).state.digest);
    await harness.close();
  });

  it('A snapshot made at every position of a log, brings a replay of the rest to the same state', async () => {
    const log = new MemoryLog();
    const harness = await played(log);
    await harness.close();
    const whole = await replay(log);
    for (const position of log.ends) {
      const fresh = temporaryFolder();
      const snapshots = new SnapshotStore(fresh);
      expect(await snapshots.make(log.truncateTo(position))).toBe(position);
      const rest = await replay(log, { snapshots });
      expect(rest.events).toBe((await log.head()) - position);
      expect(stateDigest(rest.state.market)).toBe(stateDigest(whole.state.market));
      expect(negotiatorsOf(rest.state.market)).toEqual(negotiatorsOf(whole.state.market));
      removeFolder(fresh);
    }
  });

  it('A snapshot that holds deals in flight and a closed intention lets them be settled', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const log = new MemoryLog();
    const sale = post('alice', 'sell', 100, 9, { timeInForce: 'gtd', expiresAtMs: OPENING_MS + 20 });
    const harness = await played(log, [{ kind: 'list', listing: acme }, sale], byMessages);
    lose(harness.shard, MessageKind.Acceptance);
    void harness.play(post('bob', 'buy', 100, 5), 'durable'); // answered once its turn is over
    harness.advance(30);
    await vi.advanceTimersByTimeAsync(20);
    expect(harness.market.negotiators.isClosing(harness.market.negotiators.rowOf(1))).toBe(true);
    await harness.exchange.log.flushed();
    await store.make(log);
    const crashed = log.truncateTo(await log.head());
    const again = await ExchangeHarness.open(crashed, { snapshots: store, nowMs: harness.nowMs });
    expect(dealsIn(await eventsIn(crashed))).toEqual([{ initiatorId: 1, responderId: 2, priceTicks: 100, lots: 5 }]);
    expect(again.market.negotiators.size).toBe(0);
    await expectReplayGives(again.market, crashed);
    await expectAuditFinds(crashed);
    await again.close();
  });

  it('A snapshot is brought up to the head from the one before it, and the last two are kept', async () => {
    const log = new MemoryLog();
    const harness = await played(log);
    const positions = [await store.make(log)];
    for (const at of [103, 104, 105]) {
      await harness.play(post('zoe', 'sell', at, 1), 'durable');
      positions.push(await store.make(log));
    }
    expect(readdirSync(folder)).toEqual(positions.slice(-2).map(fileOf));
    expect(await store.make(log)).toBe(positions.at(-1));
    expect((await replay(log, { snapshots: store })).events).toBe(0);
    await harness.close();
  });

  it('A snapshot never counts for a position before its own', async () => {
    const log = new MemoryLog();
    const harness = await played(log);
    await harness.close();
    await store.make(log);
    for (const until of [1, 7, (await log.head()) - 1]) {
      const early = await replay(log, { snapshots: store, until });
      expect(early).toMatchObject({ head: until, events: until });
      expect(stateDigest(early.state.market)).toBe(stateDigest((await replay(log, { until })).state.market));
    }
  });

  it('A snapshot that is damaged anywhere is passed over with a warning, and the one before it is used', async () => {
    const log = new MemoryLog();
    const harness = await played(log);
    const older = await store.make(log);
    await harness.play(post('zoe', 'sell', 103, 1), 'durable');
    const newer = await store.make(log);
    await harness.close();
    const file = join(folder, fileOf(newer));
    const whole = readFileSync(file);
    const damages = [
      whole.subarray(0, 0),
      whole.subarray(0, 3),
      whole.subarray(0, whole.length - 1),
      Buffer.concat([whole, Buffer.of(0)]),
      ...[0, 4, 5, 200, whole.length - 1].map((at) => {
        const flipped = Buffer.from(whole);
        flipped.writeUInt8(flipped.readUInt8(at) ^ 1, at);
        return flipped;
      }),
    ];
    for (const damaged of damages) {
      writeFileSync(file, damaged);
      listener.said.length = 0;
      const { events, state } = await replay(log, { snapshots: store });
      expect(events).toBe((await log.head()) - older);
      expect(stateDigest(state.market)).toBe(stateDigest((await replay(log)).state.market));
      expect(listener.said).toMatchObject([{ level: 'warn', message: 'snapshot passed over' }]);
    }
  });

  it('A snapshot of another log is passed over, though the position fits', async () => {
    const [one, other] = [new MemoryLog(), new MemoryLog()];
    await (await played(one)).close();
    await (
      await played(other, session.slice(0, -1).concat(post('mallory', 'sell', 9, 5, { instrument: 'BOLT' })))
    ).close();
    expect(await one.head()).toBe(await other.head());
    await store.make(other);
    expect(await new SnapshotStore(folder).usableLatest(one)).toBe(0);
    const { events, state } = await replay(one, { snapshots: store });
    expect(events).toBe(await one.head());
    expect(stateDigest(state.market)).toBe(stateDigest((await replay(one)).state.market));
  });

  it('A snapshot beyond the end of a log that has lost its tail, and gone on otherwise, is passed over', async () => {
    const log = new MemoryLog();
    const harness = await played(log);
    const base = await log.head();
    await harness.play(post('zoe', 'sell', 103, 1), 'durable');
    await store.make(log);
    await harness.close();
    const lost = await cutAt(log, base);
    expect((await replay(lost, { snapshots: store })).events).toBe(base);
    const other = await ExchangeHarness.open(lost);
    while (other.shard.durable < (await log.head())) await other.play(post('yann', 'sell', 104, 1), 'durable');
    await other.close();
    const { state } = await replay(lost, { snapshots: store });
    expect(stateDigest(state.market)).toBe(stateDigest((await replay(lost)).state.market));
  });

  it('A snapshot under another’s name is passed over', async () => {
    const log = new MemoryLog();
    const harness = await played(log);
    const position = await store.make(log);
    await harness.play(post('zoe', 'sell', 103, 1), 'durable');
    copyFileSync(join(folder, fileOf(position)), join(folder, fileOf(await log.head())));
    const { events } = await replay(log, { snapshots: store });
    expect(events).toBe((await log.head()) - position);
    await harness.close();
  });

  it('A snapshot beyond the log’s head stays where it is, and keeps no new one from being made', async () => {
    const log = new MemoryLog();
    const harness = await played(log);
    const base = await log.head();
    await harness.play(post('zoe', 'sell', 103, 1), 'durable');
    const beyond = await store.make(log);
    await harness.close();
    const lost = log.truncateTo(base);
    expect(await store.usableLatest(lost)).toBe(0);
    expect(await store.make(lost)).toBe(base);
    expect(readdirSync(folder)).toEqual([base, beyond].map(fileOf));
    expect(await new SnapshotStore(folder).usableLatest(lost)).toBe(base);
    expect(await store.latest()).toBe(beyond);
  });

  it('A snapshot takes the place of what cannot be used, and of what writers that died have left', async () => {
    const log = new MemoryLog();
    const harness = await played(log);
    const usable = await store.make(log);
    copyFileSync(join(folder, fileOf(usable)), join(folder, fileOf(usable - 3)));
    writeFileSync(join(folder, fileOf(usable + 1)), 'nothing that can be used');
    writeFileSync(join(folder, `${fileOf(usable + 2)}.tmp`), 'a part');
    writeFileSync(join(folder, `${fileOf(7)}.tmp`), '');
    writeFileSync(join(folder, 'notes.txt'), 'somebody else’s');
    await harness.play(post('zoe', 'sell', 103, 1), 'durable');
    const made = await store.make(log);
    expect(readdirSync(folder)).toEqual(['notes.txt', ...[usable, made].map(fileOf)]);
    await harness.close();
  });

  it.each([1, 2, 3, 7])(
    'A snapshot cut into slices of %i entries restores exactly what one in one piece does',
    async (sliceEntries) => {
      const log = new MemoryLog();
      const harness = await played(log);
      const sliced = new SnapshotStore(folder, listener, { sliceEntries });
      await sliced.make(log);
      const { state, events } = await replay(log, { snapshots: store });
      expect(events).toBe(0);
      expect(stateDigest(state.market)).toBe(stateDigest(harness.market));
      expect(negotiatorsOf(state.market)).toEqual(negotiatorsOf(harness.market));
      expect(state.clientIds.dump().positions).toEqual((await replay(log)).state.clientIds.dump().positions);
      await harness.close();
    },
  );

  it('A snapshot says where it stands and with which digest, also when the log does not, and when most of it is damaged', async () => {
    const log = new MemoryLog();
    const harness = await played(log);
    const positions = [await store.make(log)];
    await harness.play(post('zoe', 'sell', 103, 1), 'durable');
    positions.push(await store.make(log));
    await harness.close();
    const digests = await Promise.all(
      positions.map(async (until) => Buffer.from((await replay(log, { until })).state.digest).toString('hex')),
    );
    const all = positions.map((position, at) => ({ name: fileOf(position), position, digest: digests[at] }));
    expect(await new SnapshotStore(folder).seen()).toEqual(all);
    const [older = '', newer = ''] = all.map(({ name }) => join(folder, name));
    const bytes = readFileSync(newer);
    writeFileSync(newer, bytes.subarray(0, bytes.length - 9));
    expect(await store.seen()).toEqual(all);
    expect(listener.said).toEqual([]);
    writeFileSync(older, 'nothing that can be used');
    expect(await store.seen()).toEqual(all.slice(1));
    expect(listener.said).toMatchObject([{ message: 'snapshot passed over', fields: { snapshot: all[0]?.name } }]);
  });

  it('A snapshot says nothing of what it knows where the folder cannot be listed, and the log is replayed', async () => {
    const log = new MemoryLog();
    await (await played(log)).close();
    const noFolder = join(folder, 'file');
    writeFileSync(noFolder, '');
    const blocked = new SnapshotStore(noFolder, listener);
    await expect(blocked.seen()).rejects.toThrow('ENOTDIR');
    expect((await replay(log, { snapshots: blocked })).events).toBe(await log.head());
    expect(listener.said).toMatchObject([{ level: 'warn', message: 'snapshots cannot be listed' }]);
  });

  it('A snapshot is not needed: without a folder the log is replayed', async () => {
    const log = new MemoryLog();
    await (await played(log)).close();
    removeFolder(folder);
    expect((await replay(log, { snapshots: store })).events).toBe(await log.head());
    expect(await store.make(log)).toBe(await log.head());
  });

  it('A snapshot is not made of an empty log', async () => {
    expect(await store.make(new MemoryLog())).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('A snapshot lets a shard open and go on as if there had been none', async () => {
    const log = new MemoryLog();
    await (await played(log, session.slice(0, 7))).close();
    await store.make(log);
    const harness = await ExchangeHarness.open(log, { snapshots: store });
    for (const step of session.slice(7)) expect(await harness.play(step, 'durable')).not.toHaveProperty('refused');
    harness.advance(60_000);
    await harness.play(post('zoe', 'sell', 103, 1), 'durable');
    await expectReplayGives(harness.market, log);
    await expectAuditFinds(log);
    expect((await eventsIn(log)).map(({ event }) => event.type)).toContain('IntentionExpired');
    await harness.close();
  });
});

const fileOf = (position: number): string => `snapshot-${String(position).padStart(20, '0')}.bin`;
