/** What the reports of members say, for reconciliation and routing. */
import type { Candidate } from './assignment.js';
import type { KnownMember } from './membership.js';
import type { Peer } from './reconciliation.js';
import type { ShardReport } from './registry.js';

/** The shards that a member holds, and those that it has refused. */
export function holdings(reports: readonly ShardReport[]): Pick<Candidate, 'holds' | 'refuses'> {
  const held = reports.filter(({ refused }) => refused !== true);
  const refused = reports.filter((report) => report.refused === true);
  return {
    holds: new Map(held.map((report) => [report.shard, report])),
    refuses: new Set(refused.map(({ shard }) => shard)),
  };
}

/** Another live member. One that joins gets shards assigned for `joiningMs`, and longer only once it has joined. */
export function peerOf({ report, joiningSinceMs }: KnownMember, nowMs: number, joiningMs: number): Peer {
  const isJoining = joiningSinceMs !== undefined;
  const isWaitedFor = !isJoining || nowMs - joiningSinceMs < joiningMs;
  const isEligible = report.leaving !== true && isWaitedFor;
  return { memberId: report.memberId, ...holdings(report.shards), isEligible, isReady: !isJoining };
}

/** What members say of a shard: the report with the highest epoch among those that `counts` accepts. */
export function newestReport(
  members: readonly KnownMember[],
  shard: number,
  counts: (member: KnownMember, held: ShardReport) => boolean,
): { readonly member: KnownMember; readonly held: ShardReport } | undefined {
  let newest: { member: KnownMember; held: ShardReport } | undefined;
  for (const member of members) {
    const held = member.report.shards.find((each) => each.shard === shard);
    if (held === undefined || held.epoch <= (newest?.held.epoch ?? 0) || !counts(member, held)) continue;
    newest = { member, held };
  }
  return newest;
}
