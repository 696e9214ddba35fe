/** The processes that share an exchange, and how one stands. */

export interface ClusterMember {
  readonly member: string;
  readonly url: string;
  readonly state: 'joining' | 'serving' | 'leaving' | 'gone';
  /** When it was started. */
  readonly since: string;
  /** How long ago the one that answers heard of it. */
  readonly seenMsAgo: number;
  /** How many shards it holds. */
  readonly shards: number;
}

/** A shard; where nobody has it, its number and state alone. */
export interface ClusterShard {
  readonly shard: number;
  readonly state: 'unowned' | 'opening' | 'serving' | 'stopped';
  readonly owner?: string;
  readonly epoch?: number;
  readonly since?: string;
  readonly position?: number;
  /** Why it does not serve, or did not when it was last tried. */
  readonly reason?: string;
  /** Who will not open it before being started again, and why; another may serve it all the same. */
  readonly refusals?: readonly ShardRefusal[];
}

export interface ShardRefusal {
  readonly member: string;
  readonly reason: string;
}

export interface Cluster {
  /** Which member answers. */
  readonly self: string;
  readonly members: readonly ClusterMember[];
  readonly shards: readonly ClusterShard[];
}

export interface Health {
  /** The process answers. */
  readonly isLive: boolean;
  /** It takes commands. */
  readonly isReady: boolean;
  /** Why not. */
  readonly reason?: string;
}
