import type { ClusterLogs } from '../cluster-logs.js';

/** What a judge needs of a cluster, whatever its members run in. */
export interface JudgedCluster {
  readonly logs: ClusterLogs;
  /** Where each member is reached. */
  readonly members: readonly { readonly url: string }[];
  /** An operator's, where the members have keys. */
  readonly key?: string;
  /** Kills all members and starts them again. Whatever they had in hand is there by then, or will never be. */
  restartAll(): Promise<void>;
  /** What members did that none should. */
  surprises(): readonly string[];
}
