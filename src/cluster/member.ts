/**
 * One process of a cluster: tells of itself, hears the others, and steers its shards by what it hears.
 *
 * 1. All that it believes of the others may be wrong. Two members that see different things cost time, never a deal: whoever opens a
 *    shard's log fences all before it, and an answer that says yes is given only for what was appended.
 * 2. A refusal, or a read, of an owner that has been fenced and does not know it yet may be out of date; an acknowledgement never is.
 * 3. Its own shards are known from its own host, never from what comes back of its reports.
 */
import type { LogSink } from '../log/log-sink.js';
import { nodeScheduler, type Scheduler } from '../exchange/scheduler.js';
import { isAborted } from '../log/aborted.js';
import type { Candidate } from './assignment.js';
import { type KnownMember, Membership } from './membership.js';
import type { MemberReport, Registry, ShardReport } from './registry.js';
import { ShardHost } from './shard-host.js';
import type { LocalExchange, Predecessor } from './shard-slot.js';
import { type Peer, desiredStates } from './reconciliation.js';

export interface MemberOptions {
  /** Names this member for ever, over its restarts too; no two may share one. */
  readonly memberId: string;
  /** How many shards the market has. The same for all members, for ever. */
  readonly shards: number;
  readonly registry: Registry;
  /** Opens a shard for writing, which fences every earlier writer. */
  readonly openShard: (shard: number) => Promise<LocalExchange>;
  /** Whether a shard that could not be opened for this can never be; none can unless said otherwise. */
  readonly isFinal?: (error: unknown) => boolean;
  /** Called once for each shard that has stopped for good, which this member and all others that live have refused. */
  readonly onFinal?: (shard: number, reason: string) => void;
  readonly logger: LogSink;
  readonly scheduler?: Scheduler;
  /** Monotonic, in milliseconds. */
  readonly now?: () => number;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  readonly random?: () => number;
  /** Runs a task once a period, until the function that it returns is called. Keeps the process alive. */
  readonly every?: (periodMs: number, task: () => void) => () => void;
  /** 500 unless said otherwise. */
  readonly heartbeatMs?: number;
  /** 2,500 unless said otherwise. */
  readonly deadAfterMs?: number;
  /** The first and the last wait before a shard whose log failed is opened again. 200 and 30,000 unless said otherwise. */
  readonly firstRetryMs?: number;
  readonly lastRetryMs?: number;
  /** How long closing a log is waited for. 5,000 unless said otherwise. */
  readonly closeMs?: number;
}

/** Who serves a shard. */
export interface Owner {
  readonly memberId: string;
  readonly url: string;
  readonly epoch: number;
}

const defaults = {
  isFinal: () => false,
  onFinal: () => undefined,
  scheduler: nodeScheduler,
  now: () => performance.now(),
  clock: Date.now,
  random: Math.random,
  every: (periodMs: number, task: () => void) => {
    const timer = setInterval(task, periodMs);
    return () => {
      clearInterval(timer);
    };
  },
  heartbeatMs: 500,
  deadAfterMs: 2_500,
  firstRetryMs: 200,
  lastRetryMs: 30_000,
  closeMs: 5_000,
};

/** How many dead times a member that joins is waited for with what it is to own. */
const JOINING_DEAD_TIMES = 1.5;
/** The registry is asked again at least so often: who does not hear the others cannot take over from them. */
const LAST_LISTEN_MS = 5_000;

export class ClusterMember {
  readonly host: ShardHost;
  readonly membership: Membership;
  private readonly options: Required<MemberOptions>;
  private readonly startedAtMs: number;
  private readonly ending = new AbortController();
  private readonly listeners = new Set<() => void>();
  /** Empty before the start: until then nobody is told anything. */
  private url = '';
  private sequence = 0;
  private hasJoined = false;
  private leaving: Promise<void> | undefined;
  private isReactionDue = false;
  private announcing: Promise<void> | undefined;
  private isAnnouncementDue = false;
  private isRegistryAway = false;
  private endBeats = (): void => undefined;

  constructor(options: MemberOptions) {
    this.options = { ...defaults, ...options };
    const { deadAfterMs, clock } = this.options;
    this.startedAtMs = clock();
    this.membership = new Membership(this.options);
    this.host = new ShardHost({ ...this.options, fencedPauseMs: deadAfterMs, onChange: () => this.reactSoon(true) });
  }

  get memberId(): string {
    return this.options.memberId;
  }

  get shards(): number {
    return this.options.shards;
  }

  /** Where the others reach it, as they are told; empty before the start. */
  get address(): string {
    return this.url;
  }

  /** Begins to tell and to listen, once it can be reached at `url`. Shards are opened when it knows who is there. */
  start(url: string): void {
    this.url = url;
    void this.listen();
    this.endBeats = this.options.every(this.options.heartbeatMs, () => {
      this.beat();
    });
    this.beat();
  }

  /** Lets go of its shards in order and says that it leaves; goes on listening, so as to know who has them. Once is enough. */
  leave(): Promise<void> {
    this.leaving ??= this.letGo();
    return this.leaving;
  }

  /** Leaves, if it has not yet, and ends. */
  async end(): Promise<void> {
    await this.leave();
    this.endBeats();
    this.ending.abort();
  }

  private async letGo(): Promise<void> {
    this.reactSoon(true);
    const open = await this.host.closeAll();
    if (open > 0) this.options.logger.warn({ shards: open }, 'not all shards closed in time');
    this.announce();
    const { closeMs, scheduler } = this.options;
    const isTooLong = new Promise<void>((resolve) => scheduler.after(closeMs, resolve));
    // One report may be under way that was made before; the one after it says that nothing is held any more.
    for (let reports = 0; reports < 2; reports++) await Promise.race([this.announcing, isTooLong]);
    this.tellListeners();
  }

  private get isLeaving(): boolean {
    return this.leaving !== undefined;
  }

  /** The exchange of a shard, while this process serves it. */
  local(shard: number): LocalExchange | undefined {
    return this.host.local(shard);
  }

  /** The other member that serves a shard, as far as is known; undefined where nobody else does. */
  ownerOf(shard: number): Owner | undefined {
    let owner: Owner | undefined;
    for (const { report, isAlive } of this.others()) {
      const held = report.shards.find((each) => each.shard === shard);
      if (!isAlive || held?.state !== 'serving' || held.epoch <= (owner?.epoch ?? 0)) continue;
      owner = { memberId: report.memberId, url: report.url, epoch: held.epoch };
    }
    return owner;
  }

  /** Calls back whenever who serves what may have changed. Returns a function that ends it. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  /** Why it is not ready to take commands; undefined when it is. */
  trouble(): string | undefined {
    if (this.isLeaving) return 'it is leaving the cluster';
    if (!this.membership.isListening) return 'it does not hear the cluster’s registry';
    if (!this.hasJoined) return 'it is joining the cluster';
    return this.host.trouble((shard) => this.ownerOf(shard) !== undefined);
  }

  /** Itself as the others are told. */
  report(): MemberReport {
    const { memberId, url } = this;
    return {
      ...{ memberId, url, startedAtMs: this.startedAtMs, sequence: this.sequence },
      ...(this.membership.isSettled(this.options.now()) || this.isLeaving ? {} : { joining: true }),
      ...(this.isLeaving ? { leaving: true } : {}),
      shards: this.host.reports(),
    };
  }

  /** How long ago a member was heard of. */
  silentMs({ seenAtMs }: KnownMember): number {
    return this.options.now() - seenAtMs;
  }

  /** The other members that are known, dead or alive. */
  others(): readonly KnownMember[] {
    return this.membership.members().filter(({ report }) => report.memberId !== this.memberId);
  }

  private async listen(): Promise<void> {
    const { registry, logger, firstRetryMs, scheduler } = this.options;
    const { signal } = this.ending;
    for (let retryMs = firstRetryMs; !signal.aborted; retryMs = Math.min(2 * retryMs, LAST_LISTEN_MS)) {
      try {
        for await (const report of registry.follow(signal)) {
          retryMs = firstRetryMs;
          if (this.membership.heard(report, this.options.now())) this.reactSoon(false);
        }
      } catch (error) {
        if (!isAborted(signal)) logger.warn({ err: error, retryMs }, 'the cluster’s registry cannot be followed');
      }
      this.membership.deafen();
      if (!isAborted(signal)) await new Promise<void>((resolve) => scheduler.after(retryMs, resolve));
    }
  }

  /** Once a heartbeat. */
  private beat(): void {
    const nowMs = this.options.now();
    for (const { report, seenAtMs } of this.membership.tick(nowMs)) {
      const shards = report.shards.map(({ shard }) => shard);
      const fields = { member: report.memberId, silentMs: Math.round(nowMs - seenAtMs), shards };
      this.options.logger.warn(fields, 'a member is gone');
    }
    this.react();
    this.announce();
  }

  /** After what is under way, and once for all that has come together. */
  private reactSoon(isOwnNews: boolean): void {
    this.isAnnouncementDue ||= isOwnNews;
    if (this.isReactionDue) return;
    this.isReactionDue = true;
    this.options.scheduler.soon(() => {
      this.isReactionDue = false;
      const isDue = this.isAnnouncementDue;
      this.react();
      if (isDue) this.announce();
    });
  }

  private react(): void {
    if (this.ending.signal.aborted) return;
    const nowMs = this.options.now();
    const isSettled = this.membership.isSettled(nowMs);
    if (isSettled && !this.hasJoined) {
      this.hasJoined = true;
      this.options.logger.info({ member: this.memberId }, 'joined the cluster');
    }
    const { shards, isLeaving } = this;
    const self = { memberId: this.memberId, ...staked(this.host.reports()) };
    const others = this.others()
      .filter(({ isAlive }) => isAlive)
      .map((member) => this.neighbour(member, nowMs));
    const wishes = desiredStates({ shards, self, others, isSettled, isLeaving });
    if (isLeaving) this.host.steer(wishes, () => undefined);
    else this.host.steer(wishes, (shard) => this.predecessorOf(shard));
    this.tellListeners();
  }

  private neighbour({ report, joiningSinceMs }: KnownMember, nowMs: number): Peer {
    const { deadAfterMs } = this.options;
    const isJoining = joiningSinceMs !== undefined;
    const isWaitedFor = !isJoining || nowMs - joiningSinceMs < JOINING_DEAD_TIMES * deadAfterMs;
    const isEligible = report.leaving !== true && isWaitedFor;
    return { memberId: report.memberId, ...staked(report.shards), isEligible, isReady: !isJoining };
  }

  /** The member that held a shard last, if it is gone. */
  private predecessorOf(shard: number): Predecessor | undefined {
    let last: { epoch: number; predecessor: Predecessor } | undefined;
    for (const { report, seenAtMs, isAlive } of this.others()) {
      const held = report.shards.find((each) => each.shard === shard);
      if (isAlive || held === undefined || held.refused === true || held.epoch <= (last?.epoch ?? 0)) continue;
      last = { epoch: held.epoch, predecessor: { memberId: report.memberId, seenAtMs } };
    }
    return last?.predecessor;
  }

  /** Tells the registry, one report at a time; what changes meanwhile is told right after. */
  private announce(): void {
    this.isAnnouncementDue = true;
    if (this.url === '' || this.announcing !== undefined || this.ending.signal.aborted) return;
    this.announcing = this.announceOnce().finally(() => {
      this.announcing = undefined;
      if (this.isAnnouncementDue && !this.isRegistryAway) this.announce();
    });
  }

  private async announceOnce(): Promise<void> {
    this.isAnnouncementDue = false;
    this.sequence++;
    try {
      await this.options.registry.announce(this.report());
      if (this.isRegistryAway) this.options.logger.info({}, 'the cluster’s registry takes reports again');
      this.isRegistryAway = false;
    } catch (error) {
      if (!this.isRegistryAway) this.options.logger.warn({ err: error }, 'the cluster’s registry takes no reports');
      this.isRegistryAway = true;
    }
  }

  private tellListeners(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

function staked(reports: readonly ShardReport[]): Pick<Candidate, 'holds' | 'refuses'> {
  const held = reports.filter(({ refused }) => refused !== true);
  const refused = reports.filter((report) => report.refused === true);
  return {
    holds: new Map(held.map((report) => [report.shard, report])),
    refuses: new Set(refused.map(({ shard }) => shard)),
  };
}
