/** How a cluster's members see it, as each of them says. */
import { type Cluster as View, ParleyClient } from '../../src/client/index.js';
import { messageOf } from '../../src/log/message-of.js';
import { expectCleanAudit } from '../crash/conclusion.js';
import { mustBecome } from '../crash/violation.js';
import type { ClusterLogs } from './cluster-logs.js';

const ASK_MS = 10_000;

/** Undefined when the member at `url` does not answer. */
export function viewFrom(url: string, key?: string): Promise<View | undefined> {
  const client = new ParleyClient({ url, key, retry: { attempts: 1 }, timeoutMs: ASK_MS });
  return client.cluster().catch(() => undefined);
}

/** The shards that the member which the others reach at `url` has. */
export function shardsOf(view: View | undefined, url: string): readonly number[] {
  const own = view?.members.find((member) => member.url === url)?.member;
  return view?.shards.flatMap(({ shard, owner }) => (owner === own && own !== undefined ? [shard] : [])) ?? [];
}

/**
 * Resolves when every member has seen all members and every shard serving, each in its time; a violation when that never comes, which
 * says also whether the logs of shards that are not served are sound. `look` asks one of them.
 */
export async function untilWhole<Member>(
  members: readonly Member[],
  logs: ClusterLogs,
  look: (member: Member) => Promise<View | undefined>,
): Promise<void> {
  const views = new Map<Member, View | undefined>();
  const hasSeen = async (member: Member): Promise<boolean> => {
    const before = views.get(member);
    const view = before !== undefined && isWhole(before, members.length) ? before : await look(member);
    views.set(member, view);
    return view !== undefined && isWhole(view, members.length);
  };
  const findings = async (): Promise<string> => {
    const seen = [...views.values()];
    const found = [`the shards are not all served: ${JSON.stringify(seen)}`];
    for (const shard of unservedIn(seen)) found.push(await soundness(logs, shard));
    return found.join('\n  ');
  };
  await mustBecome(findings, async () => (await Promise.all(members.map(hasSeen))).every((isSeen) => isSeen));
}

function unservedIn(views: readonly (View | undefined)[]): ReadonlySet<number> {
  const all = views.flatMap((view) => view?.shards ?? []);
  return new Set(all.filter(({ state }) => state !== 'serving').map(({ shard }) => shard));
}

/** Nobody serves a shard whose log is damaged. */
async function soundness(logs: ClusterLogs, shard: number): Promise<string> {
  return expectCleanAudit(logs.where(shard)).then(
    () => `the log of shard ${shard} is sound`,
    (error: unknown) => `the log of shard ${shard}: ${messageOf(error)}`,
  );
}

function isWhole({ members, shards }: View, count: number): boolean {
  const serving = members.filter(({ state }) => state === 'serving');
  return serving.length === count && shards.every(({ state }) => state === 'serving');
}
