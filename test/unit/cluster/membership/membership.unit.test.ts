import { describe, expect, it } from 'vitest';
import { Membership } from '../../../../src/cluster/membership/membership.js';
import type { MemberReport } from '../../../../src/cluster/membership/registry.js';

const HEARTBEAT_MS = 500;
const DEAD_AFTER_MS = 2_500;

/** The view of member `a`, on a clock that only the test moves. */
class Scene {
  readonly membership = new Membership({ memberId: 'a', heartbeatMs: HEARTBEAT_MS, deadAfterMs: DEAD_AFTER_MS });
  nowMs = 1_000;
  private readonly sequences = new Map<string, number>();

  report(memberId: string, fields: Partial<MemberReport> = {}): MemberReport {
    const sequence = (this.sequences.get(memberId) ?? 0) + 1;
    this.sequences.set(memberId, sequence);
    return { memberId, url: `http://${memberId}`, startedAtMs: 7, sequence, shards: [], ...fields };
  }

  hear(memberId: string, fields: Partial<MemberReport> = {}): boolean {
    return this.membership.heard(this.report(memberId, fields), this.nowMs);
  }

  /** Lets time pass, heartbeat by heartbeat, while these are heard. Returns who died, and when. */
  run(forMs: number, ...heard: readonly string[]): { memberId: string; atMs: number }[] {
    const died: { memberId: string; atMs: number }[] = [];
    for (const endMs = this.nowMs + forMs; this.nowMs < endMs;) {
      this.nowMs += HEARTBEAT_MS;
      for (const memberId of heard) this.hear(memberId);
      for (const { report } of this.membership.tick(this.nowMs))
        died.push({ memberId: report.memberId, atMs: this.nowMs });
    }
    return died;
  }

  alive(): string[] {
    return this.membership.members().flatMap(({ report, isAlive }) => (isAlive ? [report.memberId] : []));
  }
}

function settled(): Scene {
  const scene = new Scene();
  scene.hear('a');
  scene.hear('b');
  scene.run(3_000, 'a', 'b');
  return scene;
}

describe('membership', () => {
  it('Membership holds a member dead once nothing new has been heard of it for the whole time, and not before', () => {
    const scene = settled();
    const lastSeenMs = scene.nowMs;
    expect(scene.run(2_000, 'a')).toEqual([]);
    expect(scene.run(2_000, 'a')).toEqual([{ memberId: 'b', atMs: lastSeenMs + DEAD_AFTER_MS }]);
    expect(scene.alive()).toEqual(['a']);
  });

  it('Membership takes a report that it knows already for no sign of life', () => {
    const scene = settled();
    const old = scene.report('b');
    scene.membership.heard(old, scene.nowMs);
    for (let heartbeat = 0; heartbeat < 5; heartbeat++) {
      expect(scene.membership.heard(old, scene.nowMs)).toBe(false);
      scene.run(HEARTBEAT_MS, 'a');
    }
    expect(scene.alive()).toEqual(['a']);
  });

  it('Membership judges nobody after it stood still itself, before it has listened for a whole dead time', () => {
    const scene = settled();
    scene.nowMs += 60_000;
    expect(scene.membership.tick(scene.nowMs)).toEqual([]);
    expect(scene.membership.isSettled(scene.nowMs)).toBe(false);
    scene.hear('a');
    const listeningSinceMs = scene.nowMs;
    expect(scene.run(2_000, 'a')).toEqual([]);
    expect(scene.run(1_000, 'a')).toEqual([{ memberId: 'b', atMs: listeningSinceMs + DEAD_AFTER_MS }]);
  });

  it('Membership judges nobody while its own reports do not come back', () => {
    const scene = settled();
    expect(scene.run(20_000)).toEqual([]);
    expect(scene.membership.isListening).toBe(false);
    expect(scene.alive()).toEqual(['a', 'b']);
    scene.run(3_000, 'a', 'b');
    expect(scene.membership.isSettled(scene.nowMs)).toBe(true);
    expect(scene.alive()).toEqual(['a', 'b']);
  });

  it('Membership judges nobody while the registry says that it is away', () => {
    const scene = settled();
    scene.membership.deafen();
    expect(scene.membership.tick(scene.nowMs + HEARTBEAT_MS)).toEqual([]);
    expect(scene.membership.isSettled(scene.nowMs)).toBe(false);
  });

  it('Membership lets the dead stay dead while it does not hear, and live again when they are heard', () => {
    const scene = settled();
    scene.run(3_000, 'a');
    scene.nowMs += 60_000;
    scene.membership.tick(scene.nowMs);
    expect(scene.alive()).toEqual(['a']);
    expect(scene.hear('b')).toBe(true);
    expect(scene.alive()).toEqual(['a', 'b']);
  });

  it('Membership takes a later start for a new process, and nothing of the old one after it', () => {
    const scene = settled();
    expect(scene.hear('b', { startedAtMs: 9, sequence: 1 })).toBe(true);
    expect(scene.hear('b', { startedAtMs: 7, sequence: 9_000 })).toBe(false);
  });

  it('Membership holds a member gone when it says that it leaves and holds nothing more', () => {
    const scene = settled();
    const shards = [{ shard: 0, epoch: 1, sinceMs: 1, position: 1, state: 'serving' }] as const;
    scene.hear('b', { leaving: true, shards });
    expect(scene.alive()).toEqual(['a', 'b']);
    scene.hear('b', { leaving: true });
    expect(scene.alive()).toEqual(['a']);
  });

  it('Membership takes a report that differs by its positions only for no news', () => {
    const scene = settled();
    const shard = { shard: 0, epoch: 1, sinceMs: 1, position: 1, state: 'serving' } as const;
    expect(scene.hear('b', { shards: [shard] })).toBe(true);
    expect(scene.hear('b', { shards: [{ ...shard, position: 2 }] })).toBe(false);
    expect(scene.hear('b', { shards: [{ ...shard, epoch: 2 }] })).toBe(true);
  });

  it('Membership keeps since when a member joins over its restarts, and forgets it once it has joined', () => {
    const scene = settled();
    scene.hear('c', { joining: true });
    const sinceMs = scene.nowMs;
    scene.run(HEARTBEAT_MS, 'a', 'b');
    scene.hear('c', { joining: true, startedAtMs: 8 });
    const joining = (): number | undefined => scene.membership.members()[2]?.joiningSinceMs;
    expect(joining()).toBe(sinceMs);
    scene.hear('c', { startedAtMs: 8 });
    expect(joining()).toBeUndefined();
  });
});
