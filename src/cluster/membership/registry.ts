/** The port to the medium in which the members of a cluster report their state: a topic of heartbeats, say. */

/** What a member says of one shard that it holds. */
export interface ShardReport {
  readonly shard: number;
  /** Number of its writer; of the last one that it had where it is `stopped`, 0 while it opens the shard for the first time. */
  readonly epoch: number;
  /** Since when it has been in this state, in milliseconds since 1970. */
  readonly sinceMs: number;
  /** All events before this position are durable. */
  readonly position: number;
  /** `stopped`: its log failed; the member keeps the shard and opens it again. */
  readonly state: 'opening' | 'serving' | 'stopped';
  /** Why it does not serve, or did not when it was last tried; at most a few hundred characters. */
  readonly reason?: string;
  /**
   * It cannot open the shard, and will not try again before it is restarted: it does not hold it, and others may. It is reported for as
   * long as the process runs, whichever member has the shard meanwhile. Members that do not know this field take the shard for held.
   */
  readonly refused?: true;
}

/** What a member says of itself, every heartbeat and whenever something changes. */
export interface MemberReport {
  readonly memberId: string;
  /** Where the other members reach it: `http://10.0.0.7:7070`. */
  readonly url: string;
  /** In milliseconds since 1970. The same member, started again, has a later one. */
  readonly startedAtMs: number;
  /** Rises with each report since that start. */
  readonly sequence: number;
  /**
   * It has not listened long enough to know who is there, since it started or since it stood still: what it holds it keeps, and what it
   * is to get besides waits for it.
   */
  readonly joining?: true;
  /** It goes in order: nothing is assigned to it, and it releases what it still lists. */
  readonly leaving?: true;
  readonly shards: readonly ShardReport[];
}

/**
 * 1. Reports of one member come in the order in which it made them. They may come late, more than once, or never.
 * 2. A member hears its own reports too: that is how it knows that it hears at all.
 * 3. A new follower may receive the last report of each member first, however old it is.
 */
export interface Registry {
  /** Resolves once the medium has it; rejects when it cannot take it. */
  announce(report: MemberReport): Promise<void>;
  /** Ends when aborted; throws when the medium is away, and is then to be called again. */
  follow(signal: AbortSignal): AsyncIterable<MemberReport>;
}
