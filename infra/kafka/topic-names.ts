/** The topics of one exchange, all under one prefix. A shard has the partition of its number in each, but for `members`. */
export interface TopicNames {
  /** The log: one record an event. */
  readonly events: string;
  /** What programs ask for, keyed by instrument. */
  readonly commands: string;
  /** Commands that came to nothing, with the reason. */
  readonly deadLetters: string;
  readonly snapshots: string;
  /** Who opened a shard, under which epoch. */
  readonly claims: string;
  /** Signs of life of the cluster's processes. One partition. */
  readonly members: string;
}

export function topicNames(prefix: string): TopicNames {
  return {
    events: `${prefix}.events`,
    commands: `${prefix}.commands`,
    deadLetters: `${prefix}.dead-letters`,
    snapshots: `${prefix}.snapshots`,
    claims: `${prefix}.claims`,
    members: `${prefix}.members`,
  };
}

/** The group under which the offsets of taken commands are committed. Nobody ever joins it. */
export function commandsGroup(prefix: string): string {
  return `${prefix}.shards`;
}
