/**
 * The exchange as any member shows it: every command goes to the owner of its shard, in this process or in another. How, and what may
 * be sent again, is for the request forwarder; posts for a shard of this process are handed to it directly.
 */
import type { PostIntention, ShardStatus } from '../../exchange/commands.js';
import type { ClusterMember } from '../membership/member.js';
import type { ClusterPort } from '../view.js';
import { MemberPort, type MemberPortOptions } from './member-port.js';
import { RequestForwarder, type RequestForwarderOptions } from './request-forwarder.js';
import type { CarriedAnswer, ClusterRequest } from './requests.js';
import { type Acknowledged, RoutedExchange } from './routed-exchange.js';

export interface ClusterExchangeOptions extends RequestForwarderOptions, MemberPortOptions {}

export class ClusterExchange extends RoutedExchange {
  /** What the server shows of the cluster, and answers to other members. */
  readonly cluster: ClusterPort;
  private readonly member: ClusterMember;
  private readonly forwarder: RequestForwarder;
  private closing: Promise<void> | undefined;

  constructor(options: ClusterExchangeOptions) {
    super(options.member.shards);
    this.member = options.member;
    this.forwarder = new RequestForwarder(options);
    this.cluster = new MemberPort(options, this.forwarder);
  }

  protected override async postTo(shard: number, commands: readonly PostIntention[]): Promise<readonly Acknowledged[]> {
    const local = this.member.local(shard);
    if (local !== undefined) {
      const answers = await local.postAll(commands);
      if (answers.every((answer) => answer.ok || answer.code !== 'SHARD_UNAVAILABLE')) return answers;
    }
    return super.postTo(shard, commands);
  }

  protected carry(shard: number, requests: readonly ClusterRequest[]): Promise<readonly CarriedAnswer[]> {
    return this.forwarder.carry(shard, requests);
  }

  shards(): readonly ShardStatus[] {
    return this.member.host.statuses();
  }

  get congested(): boolean {
    return this.forwarder.isCongested || this.member.host.exchanges().some(({ congested }) => congested);
  }

  async drained(): Promise<void> {
    await Promise.all([
      this.forwarder.drained(),
      ...this.member.host.exchanges().map((exchange) => exchange.drained()),
    ]);
  }

  /** Closes its shards in order, for others to open at once, and hands on what it is asked from then on. */
  leave(): Promise<void> {
    return this.member.leave();
  }

  /** Leaves the cluster, if it has not yet, and ends. */
  close(): Promise<void> {
    this.closing ??= this.member.leave().then(async () => {
      this.forwarder.close();
      await this.member.end();
    });
    return this.closing;
  }
}
