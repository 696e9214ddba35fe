import { describe, expect, it } from 'vitest';
import {
  DEAD_AFTER_MS,
  HEARTBEAT_MS,
  type LoggedLine,
  TestCluster,
  type TestMember,
} from '../../../support/cluster/members.js';

const listing = { symbol: 'ACME', tickSize: '0.01', lotSize: '1' };

/** Starts members and waits until each has its share. */
async function started(cluster: TestCluster, ...members: readonly TestMember[]): Promise<void> {
  for (const each of members) each.start();
  await cluster.ready(...members);
}

describe('a member of a cluster', () => {
  it('A member of a cluster shares the shards with those that start beside it, each opened once', async () => {
    const cluster = new TestCluster(4);
    const [a, b] = [cluster.add('a'), cluster.add('b')];
    await started(cluster, a, b);
    expect([cluster.servedBy(a), cluster.servedBy(b)]).toEqual([
      [0, 2],
      [1, 3],
    ]);
    expect([a.opened, b.opened]).toEqual([
      [1, 0, 1, 0],
      [0, 1, 0, 1],
    ]);
    expect([a.member.trouble(), b.member.trouble()]).toEqual([undefined, undefined]);
  });

  it('A member of a cluster releases a fair share for one that joins later, and nothing is fenced', async () => {
    const cluster = new TestCluster(4);
    const a = cluster.add('a');
    await started(cluster, a);
    const b = cluster.add('b');
    b.start();
    await cluster.time.passUntil(() => expect(cluster.servedBy(b)).toEqual([2, 3]));
    expect(cluster.servedBy(a)).toEqual([0, 1]);
    await cluster.time.pass(2 * DEAD_AFTER_MS);
    expect([cluster.servedBy(a), cluster.servedBy(b)]).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(cluster.logged.filter(({ message }) => message.includes('given up'))).toEqual([]);
    expect(b.opened).toEqual([0, 0, 1, 1]);
  });

  it('A member of a cluster serves what it is to release until the newcomer has joined', async () => {
    const cluster = new TestCluster(2);
    const a = cluster.add('a');
    await started(cluster, a);
    const b = cluster.add('b');
    const startedAtMs = cluster.time.nowMs;
    b.start();
    await cluster.time.passUntil(() => expect(cluster.servedBy(a)).toEqual([0]));
    expect(cluster.time.nowMs - startedAtMs).toBeGreaterThanOrEqual(DEAD_AFTER_MS);
    await cluster.time.passUntil(() => expect(cluster.servedBy(b)).toEqual([1]));
  });

  it('A member of a cluster serves on what one is to have back that was silent, until that one knows again who is there', async () => {
    const cluster = new TestCluster(2);
    const [a, b] = [cluster.add('a'), cluster.add('b')];
    await started(cluster, a, b);
    b.connection.cut(true);
    await cluster.time.passUntil(() => expect(cluster.servedBy(a)).toEqual([0, 1]));
    b.connection.cut(false);
    const backAtMs = cluster.time.nowMs;
    await cluster.time.passUntil(() => expect(cluster.servedBy(a)).toEqual([0]));
    expect(cluster.time.nowMs - backAtMs).toBeGreaterThanOrEqual(DEAD_AFTER_MS);
    await cluster.time.passUntil(() => expect(cluster.servedBy(b)).toEqual([1]));
  });

  it('A member of a cluster takes over the shards of one that falls silent, and says how long it took', async () => {
    const cluster = new TestCluster(2);
    const [a, b] = [cluster.add('a'), cluster.add('b')];
    await started(cluster, a, b);
    b.connection.cut(true);
    await cluster.time.passUntil(() => expect(cluster.servedBy(a)).toEqual([0, 1]));
    const line = (): LoggedLine | undefined => cluster.logged.find(({ message }) => message.startsWith('took over'));
    await cluster.time.passUntil(() => expect(line()).toBeDefined());
    expect(line()).toMatchObject({ member: 'a', fields: { shard: 1, epoch: 2, from: 'b' } });
    const tookMs = Number(line()?.fields.tookMs);
    expect(tookMs).toBeGreaterThanOrEqual(DEAD_AFTER_MS);
    expect(tookMs).toBeLessThanOrEqual(DEAD_AFTER_MS + HEARTBEAT_MS);
    expect(a.member.host.takeOvers).toBe(1);
  });

  it('A member of a cluster hands over at once when it leaves', async () => {
    const cluster = new TestCluster(2);
    const [a, b] = [cluster.add('a'), cluster.add('b')];
    await started(cluster, a, b);
    await b.member.leave();
    await cluster.time.standStill();
    expect(cluster.servedBy(a)).toEqual([0, 1]);
    await cluster.time.pass(2 * DEAD_AFTER_MS);
    expect(cluster.logged.map(({ message }) => message)).not.toContain('a member is gone');
    expect(cluster.registry.last.get('b')).toMatchObject({ leaving: true, shards: [] });
    expect(a.member.others()[0]?.isAlive).toBe(false);
  });

  it('A member of a cluster gives up a shard that another has, once its own appends are fenced, and does not fight for it', async () => {
    const cluster = new TestCluster(1);
    const [a, b] = [cluster.add('a'), cluster.add('b')];
    await started(cluster, a);
    const stale = a.member.local(0);
    a.connection.cut(true); // it serves on, and nobody hears it
    b.start();
    await cluster.time.passUntil(() => expect(cluster.servedBy(b)).toEqual([0]));
    expect(await stale?.list(listing)).toMatchObject({ ok: false, code: 'SHARD_UNAVAILABLE' });
    await cluster.time.passUntil(() => expect(cluster.servedBy(a)).toEqual([]));
    a.connection.cut(false);
    await cluster.time.passUntil(() => expect(a.member.trouble()).toBeUndefined());
    await cluster.time.pass(10 * DEAD_AFTER_MS);
    expect([a.opened, b.opened]).toEqual([[1], [1]]);
    expect(await b.member.local(0)?.list(listing)).toMatchObject({ ok: true });
  });

  it('A member of a cluster leaves a shard alone for a while that somebody took who has not said so yet', async () => {
    const cluster = new TestCluster(1);
    const a = cluster.add('a');
    await started(cluster, a);
    await cluster.logOf(0).again().open();
    expect(await a.member.local(0)?.list(listing)).toMatchObject({ ok: false, code: 'SHARD_UNAVAILABLE' });
    const fencedAtMs = cluster.time.nowMs;
    await cluster.time.standStill();
    expect(cluster.servedBy(a)).toEqual([]);
    await cluster.time.passUntil(() => expect(cluster.servedBy(a)).toEqual([0]));
    expect(cluster.time.nowMs - fencedAtMs).toBeGreaterThanOrEqual(DEAD_AFTER_MS);
  });

  it('A member of a cluster closes a shard that it served idly as soon as it hears that another has it', async () => {
    const cluster = new TestCluster(1);
    const [a, b] = [cluster.add('a'), cluster.add('b')];
    await started(cluster, a);
    a.connection.cut(true);
    b.start();
    await cluster.time.passUntil(() => expect(cluster.servedBy(b)).toEqual([0]));
    expect(cluster.servedBy(a)).toEqual([0]);
    a.connection.cut(false);
    await cluster.time.passUntil(() => expect(cluster.servedBy(a)).toEqual([]));
    expect(cluster.servedBy(b)).toEqual([0]);
  });

  it('A member of a cluster takes nothing from the others while it does not hear the registry, however long that lasts', async () => {
    const cluster = new TestCluster(2);
    const [a, b] = [cluster.add('a'), cluster.add('b')];
    await started(cluster, a, b);
    for (const { connection } of [a, b]) connection.cut(true);
    await cluster.time.passUntil(() => expect(a.member.trouble()).toBe('it does not hear the cluster’s registry'));
    await cluster.time.pass(10 * DEAD_AFTER_MS);
    for (const { connection } of [a, b]) connection.cut(false);
    await cluster.time.passUntil(() =>
      expect([a.member.trouble(), b.member.trouble()]).toEqual([undefined, undefined]),
    );
    await cluster.time.pass(10 * DEAD_AFTER_MS);
    expect([cluster.servedBy(a), cluster.servedBy(b)]).toEqual([[0], [1]]);
    expect([a.opened, b.opened]).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  it('A member of a cluster tries to open a shard again for as long as its log is away, and says meanwhile that it is not ready', async () => {
    const cluster = new TestCluster(1);
    const a = cluster.add('a');
    a.refuseToOpen = new Error('the broker is away');
    a.start();
    await cluster.time.passUntil(() =>
      expect(a.member.trouble()).toMatch(/^shard 0 is (stopped|opening): the broker is away$/),
    );
    expect(a.member.report().shards[0]).toMatchObject({ reason: 'the broker is away' });
    await cluster.time.passUntil(() =>
      expect(cluster.logged.filter(({ message }) => message.includes('opened again')).length).toBeGreaterThan(4),
    );
    a.refuseToOpen = undefined;
    await cluster.time.passUntil(() => expect(a.member.trouble()).toBeUndefined());
    expect(cluster.servedBy(a)).toEqual([0]);
  });

  it('A member of a cluster opens a shard again whose log failed, with the log as it is', async () => {
    let isFailing = true;
    const cluster = new TestCluster(1);
    const plan = (batches: number): { outcome: 'unknown'; stored: true } | undefined =>
      isFailing && batches === 1 ? { outcome: 'unknown', stored: true } : undefined;
    const log = cluster.logOf(0).again({ shard: 0, plan });
    Object.assign(cluster, { logs: [log] });
    const a = cluster.add('a');
    await started(cluster, a);
    expect(await a.member.local(0)?.list(listing)).toMatchObject({ ok: false, code: 'SHARD_UNAVAILABLE' });
    expect(a.member.local(0)).toBeUndefined();
    isFailing = false;
    await cluster.time.passUntil(() => expect(cluster.servedBy(a)).toEqual([0]));
    expect(await a.member.local(0)?.instrument('ACME')).toMatchObject({ symbol: 'ACME' });
    expect(a.member.report().shards[0]).toMatchObject({ epoch: 2, state: 'serving' });
  });
});
