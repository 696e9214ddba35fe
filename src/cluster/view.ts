/** How a cluster looks from one of its members, for people and tools. */
import type { ExchangePort } from '../exchange/port.js';
import type { ClusterMember } from './membership/member.js';
import { compareIds } from './membership/membership.js';
import type { MemberReport, ShardReport } from './membership/registry.js';
import type { ClusterAnswer, ClusterRequest } from './forwarding/requests.js';

export interface MemberView {
  readonly member: string;
  readonly url: string;
  readonly state: 'joining' | 'serving' | 'leaving' | 'gone';
  /** When it was started. */
  readonly since: string;
  /** How long ago it was heard of, on this member's clock; 0 for itself. */
  readonly seenMsAgo: number;
  /** How many shards it holds. */
  readonly shards: number;
}

/** A shard; without an owner it has its number and state alone. */
export interface ShardView {
  readonly shard: number;
  readonly state: 'unowned' | ShardReport['state'];
  readonly owner?: string;
  readonly epoch?: number;
  readonly since?: string;
  readonly position?: number;
  /** Why it does not serve. */
  readonly reason?: string;
  /** Members that do not open it before they are restarted, and why; another may serve it all the same. */
  readonly refusals?: readonly ShardRefusal[];
}

export interface ShardRefusal {
  readonly member: string;
  readonly reason: string;
}

export interface ClusterView {
  /** Which one answers. */
  readonly self: string;
  readonly members: readonly MemberView[];
  readonly shards: readonly ShardView[];
}

/** What a server needs of the cluster that it is a member of, beside its exchange. */
export interface ClusterPort {
  /** The secret that the members share; without one only this machine is let in. */
  readonly key: string | undefined;
  /** Where the other members reach this one, as it tells them; empty before it does. */
  readonly address: string;
  readonly takeOvers: number;
  readonly forwarded: number;
  /** Commands that were removed from the topics before they were taken here. */
  readonly lostCommands: number;
  view(): ClusterView;
  /** Why it is not ready to take commands; undefined when it is. */
  trouble(): string | undefined;
  /** Carries out what another member asks, on the shards of this process alone, and answers in order. */
  execute(requests: readonly ClusterRequest[]): Promise<readonly ClusterAnswer[]>;
}

export function viewCluster(member: ClusterMember): ClusterView {
  const known = [{ report: member.report(), isAlive: true, silentMs: 0 }];
  for (const other of member.others()) {
    known.push({ report: other.report, isAlive: other.isAlive, silentMs: member.silentMs(other) });
  }
  known.sort((a, b) => compareIds(a.report.memberId, b.report.memberId));
  const members = known.map(({ report, silentMs, isAlive }) => viewMember(report, silentMs, isAlive));
  const live = known.flatMap(({ report, isAlive }) => (isAlive ? [report] : []));
  const shards = Array.from({ length: member.shards }, (_, shard) => viewShard(shard, live));
  return { self: member.memberId, members, shards };
}

function viewMember(report: MemberReport, seenMsAgo: number, isAlive: boolean): MemberView {
  const { memberId, url, startedAtMs, shards } = report;
  const state = !isAlive ? 'gone' : report.leaving ? 'leaving' : report.joining ? 'joining' : 'serving';
  const since = new Date(startedAtMs).toISOString();
  const held = isAlive ? shards.filter(({ refused }) => refused !== true).length : 0;
  return { member: memberId, url, state, since, seenMsAgo: Math.round(seenMsAgo), shards: held };
}

function viewShard(shard: number, members: readonly MemberReport[]): ShardView {
  const reports = members.flatMap(({ memberId, shards }) =>
    shards.filter((each) => each.shard === shard).map((report) => ({ memberId, report })),
  );
  const refused = reports.filter(({ report }) => report.refused === true);
  const held = reports.filter(({ report }) => report.refused !== true);
  let found: (typeof reports)[number] | undefined;
  for (const each of held.length > 0 ? held : refused) {
    if (each.report.epoch > (found?.report.epoch ?? -1)) found = each;
  }
  if (found === undefined) return { shard, state: 'unowned' };
  const { state, epoch, sinceMs, position, reason } = found.report;
  const why = reason === undefined ? {} : { reason };
  const refusals = refused.map(({ memberId: member, report }) => ({ member, reason: report.reason ?? 'refused' }));
  const by = refusals.length === 0 ? {} : { refusals };
  const since = new Date(sinceMs).toISOString();
  return { shard, state, owner: found.memberId, epoch, since, position, ...why, ...by };
}

/** How a server looks that is no member of a cluster: as the only one. */
export function viewAlone(exchange: ExchangePort, url: string, startedAtMs: number): ClusterView {
  const since = new Date(startedAtMs).toISOString();
  const owner = 'alone';
  const shards = exchange.shards().map(({ shard, state, epoch, durable, reason }): ShardView => {
    const why = reason === undefined ? {} : { reason };
    return { shard, state: state === 'recovering' ? 'opening' : state, owner, epoch, since, position: durable, ...why };
  });
  const self = { member: owner, url, state: 'serving', since, seenMsAgo: 0, shards: shards.length } as const;
  return { self: owner, members: [self], shards };
}
