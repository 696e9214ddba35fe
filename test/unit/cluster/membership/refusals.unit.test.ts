/** What happens to a shard that a member cannot open, now or later. */
import { describe, expect, it } from 'vitest';
import { viewCluster } from '../../../../src/cluster/view.js';
import { DEAD_AFTER_MS, TestCluster, type TestMember } from '../../../support/cluster/members.js';
import type { MemoryLog } from '../../../support/log/memory-log.js';

/** A stale query store, say. */
const refusal = Object.assign(new Error('its store knows more'), { code: 'LOG_LOST' });
const isFinal = (error: unknown): boolean => error === refusal;
const LONG_MS = 10 * DEAD_AFTER_MS;

describe('a shard that a member has refused for good', () => {
  const finals: string[] = [];

  function add(cluster: TestCluster, memberId: string, ...refused: readonly number[]): TestMember {
    const onFinal = (shard: number, reason: string): void => void finals.push(`${memberId} ${shard}: ${reason}`);
    const logOf = (shard: number): MemoryLog => {
      if (refused.includes(shard)) throw refusal;
      return cluster.logOf(shard).again();
    };
    return cluster.add(memberId, { isFinal, onFinal, logOf });
  }

  const refusedBy = (cluster: TestCluster, memberId: string): unknown[] =>
    cluster.logged.filter(({ member, message }) => member === memberId && message === 'the shard stays stopped');

  it('A shard that a member has refused for good is opened by another, who keeps it, and both are ready and say who refused it', async () => {
    finals.length = 0;
    const cluster = new TestCluster(2);
    const [a, b] = [add(cluster, 'a', 0), add(cluster, 'b')];
    for (const each of [a, b]) each.start();
    await cluster.time.passUntil(() => expect(cluster.servedBy(b)).toEqual([0]));
    await cluster.time.passUntil(() => expect(cluster.servedBy(a)).toEqual([1]));
    const opened = [[...a.opened], [...b.opened]];
    await cluster.time.pass(LONG_MS);
    expect([a.opened, b.opened]).toEqual(opened);
    expect([cluster.servedBy(a), cluster.servedBy(b), refusedBy(cluster, 'a').length]).toEqual([[1], [0], 1]);
    expect([a.member.trouble(), b.member.trouble(), finals]).toEqual([undefined, undefined, []]);
    for (const { member } of [a, b]) {
      const { shards, members } = viewCluster(member);
      expect(members.map((each) => each.shards)).toEqual([1, 1]);
      const refusals = [{ member: 'a', reason: 'its store knows more' }];
      expect(shards[0]).toMatchObject({ state: 'serving', owner: 'b', refusals });
      expect(shards[1]).not.toHaveProperty('refusals');
    }
  });

  it('A shard that a member has refused for good is left stopped with the reason when all have refused it, which each of them reports once', async () => {
    finals.length = 0;
    const cluster = new TestCluster(1);
    const [a, b] = [add(cluster, 'a', 0), add(cluster, 'b', 0)];
    for (const each of [a, b]) each.start();
    await cluster.time.pass(LONG_MS);
    expect(finals.sort()).toEqual(['a 0: its store knows more', 'b 0: its store knows more']);
    expect([refusedBy(cluster, 'a').length, refusedBy(cluster, 'b').length]).toEqual([1, 1]);
    for (const { member } of [a, b]) {
      expect(member.trouble()).toBe('shard 0 is stopped: its store knows more');
      const [shard] = viewCluster(member).shards;
      expect(shard).toMatchObject({ state: 'stopped', reason: 'its store knows more' });
      expect(shard?.refusals?.map((each) => each.member)).toEqual(['a', 'b']);
    }
  });

  it('A shard that a member has refused for good goes to one that joins later, and not back when that one is gone', async () => {
    const cluster = new TestCluster(1);
    const a = add(cluster, 'a', 0);
    a.start();
    await cluster.time.pass(LONG_MS);
    expect(a.member.trouble()).toContain('stopped');
    const b = add(cluster, 'b');
    b.start();
    await cluster.time.passUntil(() => expect(cluster.servedBy(b)).toEqual([0]));
    b.connection.cut(true);
    await cluster.time.pass(LONG_MS);
    expect([a.opened, b.opened]).toEqual([[1], [1]]);
    expect(a.member.trouble()).toBe('shard 0 is stopped: its store knows more');
  });

  it('A shard that a member has refused for good can be had again by the member that refused it once that one is started again', async () => {
    const cluster = new TestCluster(1);
    const a = add(cluster, 'a', 0);
    a.start();
    await cluster.time.pass(LONG_MS);
    await cluster.time.during(a.member.end());
    expect(cluster.registry.last.get('a')).toMatchObject({ leaving: true, shards: [] });
    const again = add(cluster, 'a');
    again.start();
    await cluster.time.passUntil(() => expect(cluster.servedBy(again)).toEqual([0]));
  });

  it('A shard that a member has refused for good is held, as far as one of an older version knows, by the one that refused it until another serves it', async () => {
    const cluster = new TestCluster(1);
    const a = add(cluster, 'a', 0);
    a.start();
    await cluster.time.pass(LONG_MS);
    const [report] = cluster.registry.last.get('a')?.shards ?? [];
    expect(report).toMatchObject({ shard: 0, state: 'stopped', epoch: 0, reason: refusal.message, refused: true });
  });
});
