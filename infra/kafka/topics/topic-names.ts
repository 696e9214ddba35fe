import type { Logger } from '../../../src/resilience/logger.js';

/** The topics of one exchange, all under one prefix. A shard has the partition of its number in each, but for `members`. */
export interface TopicNames {
  /** The log: one record an event. */
  readonly events: string;
  /** What programs ask for, keyed by instrument. */
  readonly commands: string;
  /** Commands that were refused, each with the reason. */
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

/** The consumer group under which the offsets of taken commands are committed. No consumer joins it. */
export function commandsGroup(prefix: string): string {
  return `${prefix}.shards`;
}

/** The topics that an exchange is to use. */
export interface TopicsWanted {
  readonly prefix: string;
  /** How many there must be; where the topics do not exist yet, how many there will be. Undefined: what is there, or 1. */
  readonly shards?: number | undefined;
  /** Undefined: as many as there are brokers, at most 3. */
  readonly replicas?: number | undefined;
  /** Whose claim is looked at first. */
  readonly shard?: number | undefined;
  /** The topic of events is made although something knows that there was another one. */
  readonly isLossAccepted?: boolean;
  readonly log?: Logger | undefined;
}
