import type { Logger } from '../../../src/resilience/logger.js';

/** The topics of one exchange, all under one prefix. A shard has the partition of its number in each, but for `members`; `topicSays` what each holds. */
export interface TopicNames {
  readonly events: string;
  readonly commands: string;
  readonly deadLetters: string;
  readonly snapshots: string;
  readonly claims: string;
  /** One partition. */
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

/** What each of them holds, for documents. */
export const topicSays: Readonly<Record<keyof TopicNames, string>> = {
  events: 'the log: one record an event',
  commands: 'what programs ask for, keyed by instrument',
  deadLetters: 'commands that were refused, each with the reason',
  snapshots: 'the newest snapshots of each shard, in pieces',
  claims: 'who opened a shard, under which epoch, and where the log ended then',
  members: 'signs of life of the cluster’s processes',
};

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
