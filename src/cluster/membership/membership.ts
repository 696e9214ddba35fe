/**
 * Who is alive, as one member sees it. Free of clocks and timers: times are handed in, in milliseconds of this process's own monotonic
 * clock; nobody else's clock is ever asked.
 *
 * 1. A member is seen whenever a report arrives that is newer than all before; it is dead when it has not been seen for `deadAfterMs`.
 * 2. A member that did not run, or did not hear its own reports come back, judges nobody until it has listened for a whole
 *    `deadAfterMs` again: its silence would be taken for theirs.
 * 3. The dead stay dead until they are heard again. Nothing rests on the judgement but time: safety is the log's.
 */
import type { MemberReport } from './registry.js';

export interface MembershipOptions {
  /** Its own id. */
  readonly memberId: string;
  readonly heartbeatMs: number;
  readonly deadAfterMs: number;
}

/** What is known of a member, dead or alive. */
export interface KnownMember {
  readonly report: MemberReport;
  /** When it was seen last. */
  readonly seenAtMs: number;
  /** Since when it says that it is joining; undefined once it has joined. */
  readonly joiningSinceMs: number | undefined;
  readonly isAlive: boolean;
}

/** How many heartbeats may be missed before a member stops trusting its own ears. */
const DEAF_AFTER_HEARTBEATS = 2;
const FORGET_AFTER_MS = 600_000;

export class Membership {
  private readonly known = new Map<string, KnownMember>();
  private ranAtMs: number | undefined;
  /** Since when it has heard without a gap; undefined while it hears nothing. */
  private listeningSinceMs: number | undefined;

  constructor(private readonly options: MembershipOptions) {}

  /** Takes a report. True when it is news of the member: one that is alive again, new, going, or holds other shards. */
  heard(report: MemberReport, nowMs: number): boolean {
    this.noticeGap(nowMs);
    const before = this.known.get(report.memberId);
    if (before !== undefined && !isNewer(report, before.report)) return false;
    if (report.memberId === this.options.memberId) this.listeningSinceMs ??= nowMs;
    const isAlive = report.leaving !== true || report.shards.length > 0;
    const joiningSinceMs = report.joining === true ? (before?.joiningSinceMs ?? nowMs) : undefined;
    this.known.set(report.memberId, { report, seenAtMs: nowMs, joiningSinceMs, isAlive });
    return before?.isAlive !== isAlive || isNews(report, before.report);
  }

  /** To be called every heartbeat. Returns those that are judged dead just now. */
  tick(nowMs: number): readonly KnownMember[] {
    this.noticeGap(nowMs);
    const { listeningSinceMs } = this;
    const died: KnownMember[] = [];
    for (const [memberId, member] of this.known) {
      if (!member.isAlive && nowMs - member.seenAtMs > FORGET_AFTER_MS) this.known.delete(memberId);
      if (!member.isAlive || memberId === this.options.memberId || listeningSinceMs === undefined) continue;
      if (nowMs - Math.max(member.seenAtMs, listeningSinceMs) < this.options.deadAfterMs) continue;
      const dead = { ...member, isAlive: false };
      this.known.set(memberId, dead);
      died.push(dead);
    }
    return died;
  }

  /** The registry is away: nothing is heard until it is back. */
  deafen(): void {
    this.listeningSinceMs = undefined;
  }

  /** Whether it hears the registry now: its own reports come back. */
  get isListening(): boolean {
    return this.listeningSinceMs !== undefined;
  }

  /** Whether it has listened long enough to know who is there and who is not. */
  isSettled(nowMs: number): boolean {
    return this.listeningSinceMs !== undefined && nowMs - this.listeningSinceMs >= this.options.deadAfterMs;
  }

  /** All that are known, itself among them, by id. Those long dead are forgotten. */
  members(): readonly KnownMember[] {
    return [...this.known.values()].sort((a, b) => compareIds(a.report.memberId, b.report.memberId));
  }

  /** Notices that this process stood still, or that its own reports have stopped to come back. */
  private noticeGap(nowMs: number): void {
    const mostMs = DEAF_AFTER_HEARTBEATS * this.options.heartbeatMs;
    if (this.ranAtMs !== undefined && nowMs - this.ranAtMs > mostMs) this.listeningSinceMs = undefined;
    this.ranAtMs = nowMs;
    const self = this.known.get(this.options.memberId);
    if (self !== undefined && nowMs - self.seenAtMs > mostMs) this.listeningSinceMs = undefined;
  }
}

export function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isNewer(report: MemberReport, than: MemberReport): boolean {
  if (report.startedAtMs !== than.startedAtMs) return report.startedAtMs > than.startedAtMs;
  return report.sequence > than.sequence;
}

/** Whether a report says something else than the one before, positions aside. */
function isNews(report: MemberReport, before: MemberReport): boolean {
  if (report.joining !== before.joining || report.leaving !== before.leaving || report.url !== before.url) return true;
  if (report.startedAtMs !== before.startedAtMs || report.shards.length !== before.shards.length) return true;
  return report.shards.some((shard, index) => {
    const then = before.shards[index];
    if (shard.shard !== then?.shard || shard.epoch !== then.epoch) return true;
    return shard.state !== then.state || shard.refused !== then.refused;
  });
}
