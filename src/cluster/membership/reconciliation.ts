/** What a member should do about each shard, as it sees the cluster: pure, so that every case can be tested. */
import { assign, type Candidate, holdersOf } from './assignment.js';

/** Another member that is alive. */
export interface Peer extends Candidate {
  /** Whether shards may be assigned to it. */
  readonly isEligible: boolean;
  /** Whether it would open at once what is released for it. */
  readonly isReady: boolean;
}

export interface Outlook {
  readonly shards: number;
  readonly self: Candidate;
  /** Those that are alive. */
  readonly others: readonly Peer[];
  /** Whether it has listened long enough to know who is there. */
  readonly isSettled: boolean;
  readonly isLeaving: boolean;
}

/**
 * `open`: open it, unless it is open. `keep`: neither open nor close it now. `close`: close it, if it is open. `give up`: it stays
 * stopped, for this one and all others have refused it.
 */
export type DesiredState = 'open' | 'keep' | 'close' | 'give up';

/**
 * 1. What is held elsewhere under a higher epoch is closed: its writer has been fenced.
 * 2. A live owner releases first: nothing is opened that another live member still lists, unless that one has refused it permanently.
 * 3. Nothing is released before the member that is to have it would open it, and nothing is opened, before this one knows who is there.
 */
export function desiredStates({ shards, self, others, isSettled, isLeaving }: Outlook): DesiredState[] {
  const holders = holdersOf(shards, [self, ...others]);
  const eligible = others.filter((other) => other.isEligible);
  const owners = assign(shards, isLeaving ? eligible : [self, ...eligible]);
  return Array.from({ length: shards }, (_, shard) => {
    const own = self.holds.get(shard);
    if (isLeaving) return 'close';
    if (own !== undefined && others.some(({ holds }) => (holds.get(shard)?.epoch ?? 0) > own.epoch)) return 'close';
    if (!isSettled) return 'keep';
    if (owners[shard] === self.memberId) {
      const isElsewhere = holders[shard] !== undefined && holders[shard] !== self.memberId;
      return isElsewhere ? 'keep' : 'open';
    }
    if (owners[shard] === undefined && self.refuses?.has(shard) === true) return 'give up';
    const next = others.find(({ memberId }) => memberId === owners[shard]);
    return next?.isReady === true ? 'close' : 'keep';
  });
}
