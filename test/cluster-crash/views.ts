/** How a cluster's members see it, as each of them says. */
import { type Cluster as View, ParleyClient } from '../../src/client/index.js';
import { mustBecome } from '../crash/violation.js';

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
 * Resolves when every member has seen all members and every shard serving, each in its time; a violation when that never comes. `look`
 * asks one of them.
 */
export async function untilWhole<Member>(
  members: readonly Member[],
  look: (member: Member) => Promise<View | undefined>,
): Promise<void> {
  const views = new Map<Member, View | undefined>();
  const hasSeen = async (member: Member): Promise<boolean> => {
    const before = views.get(member);
    const view = before !== undefined && isWhole(before, members.length) ? before : await look(member);
    views.set(member, view);
    return view !== undefined && isWhole(view, members.length);
  };
  await mustBecome(
    () => `the shards are not all served: ${JSON.stringify([...views.values()])}`,
    async () => (await Promise.all(members.map(hasSeen))).every((isSeen) => isSeen),
  );
}

function isWhole({ members, shards }: View, count: number): boolean {
  const serving = members.filter(({ state }) => state === 'serving');
  return serving.length === count && shards.every(({ state }) => state === 'serving');
}
