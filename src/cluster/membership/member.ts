/**
 * One process of a cluster: reports its own state, hears the others, and opens and closes its shards by what it hears.
 *
 * 1. All that it believes of the others may be wrong. Two members that see different things cost time, never a deal: a member that
 *    opens a shard's log fences all before it, and an answer that says yes is given only for what was appended.
 * 2. An owner that has been fenced and does not know it yet tells nobody anything: what was not appended is held against the log first.
 * 3. Its own shards are known from its own host, never from what comes back of its reports.
 */
import { nodeScheduler } from '../../exchange/shard/scheduler.js';
import { isAborted } from '../../log/aborted.js';
import { Announcer } from './announcer.js';
import { Backoff } from '../../resilience/backoff.js';
import { withDeadline } from '../../resilience/deadline.js';
import { type KnownMember, Membership, type MembershipOptions } from './membership.js';
import { desiredStates } from './reconciliation.js';
import type { MemberReport, Registry } from './registry.js';
import { holdings, newestReport, peerOf } from './reports.js';
import { OwnedExchange } from '../owned-exchange.js';
import { ShardHost } from '../shard-host.js';
import type { LocalExchange, Predecessor, ShardSlotOptions } from '../shard-slot.js';

type SlotDefaults = Omit<ShardSlotOptions, 'openShard' | 'logger'>;
type Intervals = Pick<MembershipOptions, 'heartbeatMs' | 'deadAfterMs'>;

/** What is left out of the options of its slots and of its membership has a default, below. */
export interface MemberOptions
  extends Pick<ShardSlotOptions, 'openShard' | 'logger'>, Partial<SlotDefaults>, Partial<Intervals> {
  /** Names this member permanently, over its restarts too; no two may share one. */
  readonly memberId: string;
  /** How many shards the market has. The same for all members, permanently. */
  readonly shards: number;
  readonly registry: Registry;
  /** How far the log of a shard is durable, whoever wrote it: a position that no answer given before the call goes beyond. */
  readonly headOf: (shard: number) => Promise<number>;
  /** Called once for each shard that has stopped permanently: this member and all others that live have refused it. */
  readonly onFinal?: (shard: number, reason: string) => void;
  /** Runs a task once a period, until the function that it returns is called. Keeps the process alive. */
  readonly every?: (periodMs: number, task: () => void) => () => void;
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
    return () => clearInterval(timer);
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
  private readonly announcer: Announcer;
  private readonly ending = new AbortController();
  private readonly listeners = new Set<() => void>();
  /** Empty before the start: until then nothing is reported. */
  private url = '';
  private hasJoined = false;
  private leaving: Promise<void> | undefined;
  private isReactionDue = false;
  private endBeats = (): void => undefined;

  constructor(options: MemberOptions) {
    this.options = { ...defaults, ...options };
    const { deadAfterMs, clock } = this.options;
    this.startedAtMs = clock();
    this.membership = new Membership(this.options);
    this.announcer = new Announcer({
      ...this.options,
      report: () => (this.url === '' || this.ending.signal.aborted ? undefined : this.report()),
    });
    this.host = new ShardHost({
      ...{ ...this.options, fencedPauseMs: deadAfterMs, onChange: () => this.reactSoon(true) },
      openShard: (shard) => this.openOwned(shard),
    });
  }

  get memberId(): string {
    return this.options.memberId;
  }

  get shards(): number {
    return this.options.shards;
  }

  /** Where the others reach it, as it reports; empty before the start. */
  get address(): string {
    return this.url;
  }

  /** Begins to report and to listen, once it can be reached at `url`. Shards are opened when it knows who is there. */
  start(url: string): void {
    this.url = url;
    void this.listen();
    this.endBeats = this.options.every(this.options.heartbeatMs, () => this.beat());
    this.beat();
  }

  private async openOwned(shard: number): Promise<LocalExchange> {
    const { openShard, headOf } = this.options;
    return new OwnedExchange(await openShard(shard), () => headOf(shard));
  }

  /** Releases its shards in order and reports that it leaves; goes on listening, so as to know who has them. Once is enough. */
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
    this.announcer.announce();
    const { closeMs, scheduler } = this.options;
    // One report may be under way that was made before; the one after it says that nothing is held any more.
    const told = async (): Promise<void> => {
      for (let reports = 0; reports < 2; reports++) await this.announcer.underWay;
    };
    await withDeadline(told(), closeMs, () => undefined, scheduler);
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
    const found = newestReport(this.others(), shard, ({ isAlive }, { state }) => isAlive && state === 'serving');
    if (found === undefined) return undefined;
    const { memberId, url } = found.member.report;
    return { memberId, url, epoch: found.held.epoch };
  }

  /** Calls back whenever who serves what may have changed. Returns a function that ends it. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Why it is not ready to take commands; undefined when it is. */
  trouble(): string | undefined {
    if (this.isLeaving) return 'it is leaving the cluster';
    if (!this.membership.isListening) return 'it does not hear the cluster’s registry';
    if (!this.hasJoined) return 'it is joining the cluster';
    return this.host.trouble((shard) => this.ownerOf(shard) !== undefined);
  }

  /** Its own report, as the others receive it. */
  report(): MemberReport {
    const { memberId, url } = this;
    return {
      ...{ memberId, url, startedAtMs: this.startedAtMs, sequence: this.announcer.sequence },
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
    const { registry, logger, firstRetryMs: firstMs, random, scheduler } = this.options;
    const { signal } = this.ending;
    const backoff = new Backoff({ firstMs, lastMs: LAST_LISTEN_MS, random });
    while (!signal.aborted) {
      let failure: unknown;
      try {
        for await (const report of registry.follow(signal)) {
          backoff.reset();
          if (this.membership.heard(report, this.options.now())) this.reactSoon(false);
        }
      } catch (error) {
        failure = error;
      }
      this.membership.deafen();
      if (isAborted(signal)) return;
      const retryMs = backoff.failed();
      if (failure !== undefined) {
        logger.warn({ err: failure, retryMs: Math.round(retryMs) }, 'the cluster’s registry cannot be followed');
      }
      await new Promise<void>((resolve) => scheduler.after(retryMs, resolve));
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
    this.announcer.announce();
  }

  /** After what is under way, and once for all that has come together. */
  private reactSoon(isOwnNews: boolean): void {
    this.announcer.isDue ||= isOwnNews;
    if (this.isReactionDue) return;
    this.isReactionDue = true;
    this.options.scheduler.soon(() => {
      this.isReactionDue = false;
      const isDue = this.announcer.isDue;
      this.react();
      if (isDue) this.announcer.announce();
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
    const joiningMs = JOINING_DEAD_TIMES * this.options.deadAfterMs;
    const self = { memberId: this.memberId, ...holdings(this.host.reports()) };
    const others = this.others()
      .filter(({ isAlive }) => isAlive)
      .map((member) => peerOf(member, nowMs, joiningMs));
    const desired = desiredStates({ shards, self, others, isSettled, isLeaving });
    if (isLeaving) this.host.reconcile(desired, () => undefined);
    else this.host.reconcile(desired, (shard) => this.predecessorOf(shard));
    this.tellListeners();
  }

  /** The member that held a shard last, if it is gone. */
  private predecessorOf(shard: number): Predecessor | undefined {
    const found = newestReport(this.others(), shard, ({ isAlive }, { refused }) => !isAlive && refused !== true);
    if (found === undefined) return undefined;
    const { report, seenAtMs } = found.member;
    return { memberId: report.memberId, seenAtMs };
  }

  private tellListeners(): void {
    for (const listener of [...this.listeners]) listener();
  }
}
