import { type Admin, Kafka, logLevel } from 'kafkajs';
import { LogRefusedError } from '../../src/log/port.js';
import { causes, type KafkaConnection, kafkaConfig, kafkaError, typeOf } from './connection.js';
import './request-queue.js';

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

const HOUR_MS = 3_600_000;
const APPEAR_MS = 10_000;
const APPEAR_POLL_MS = 50;
const EARLY = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION']);

/** For ever, and however large: the log is the truth. */
const KEPT = { 'retention.ms': '-1', 'retention.bytes': '-1', 'cleanup.policy': 'delete' };
const COMPACTED = { 'cleanup.policy': 'compact', 'segment.ms': String(HOUR_MS) };

/** Settings of each topic. Brokers undo what producers compress, so that every client may write commands and none need be known. */
function settingsOf(names: TopicNames): Readonly<Record<string, Readonly<Record<string, string>>>> {
  return {
    [names.events]: KEPT,
    [names.commands]: { ...KEPT, 'compression.type': 'uncompressed' },
    [names.deadLetters]: KEPT,
    [names.snapshots]: COMPACTED,
    [names.claims]: COMPACTED,
    [names.members]: { 'cleanup.policy': 'delete', 'retention.ms': String(HOUR_MS), 'segment.ms': String(HOUR_MS) },
  };
}

export interface TopicsWanted {
  readonly prefix: string;
  /** How many there must be at least; where the topics do not exist yet, how many there will be. Undefined: what is there, or 1. */
  readonly shards?: number | undefined;
  /** Undefined: as many as there are brokers, at most 3. */
  readonly replicas?: number | undefined;
}

/**
 * Makes the topics that are missing. Returns the number of shards: the partitions of the events' topic. Rejects with LogRefusedError
 * when a topic has too few: adding some later would send an instrument's commands to another shard, so nothing here does it.
 */
export async function ensureTopics(connection: KafkaConnection, wanted: TopicsWanted): Promise<number> {
  const admin = new Kafka({ ...kafkaConfig(connection), logLevel: logLevel.NOTHING }).admin();
  try {
    await admin.connect();
    return await withTopics(admin, wanted, connection.patienceMs);
  } catch (error) {
    throw kafkaError(error, connection);
  } finally {
    await admin.disconnect();
  }
}

async function withTopics(
  admin: Admin,
  { prefix, shards: wanted, replicas }: TopicsWanted,
  patienceMs: number | undefined,
): Promise<number> {
  const names = topicNames(prefix);
  const existing = new Set(await admin.listTopics());
  const settings = settingsOf(names);
  const there = Object.keys(settings).filter((topic) => existing.has(topic));
  const counts = await onceHeardOf(() => partitionCounts(admin, there), patienceMs);
  const shards = counts.get(names.events) ?? wanted ?? 1;
  const missing = Object.keys(settings).filter((topic) => !existing.has(topic));
  if (missing.length > 0) {
    await create(admin, names, missing, shards, replicas);
    await appeared(admin, missing, patienceMs);
  }
  for (const [topic, count] of counts)
    mustHave(topic, count, topic === names.members ? 1 : Math.max(shards, wanted ?? 1));
  return shards;
}

function mustHave(topic: string, count: number, wanted: number): void {
  if (count >= wanted) return;
  const says = `the topic ${topic} has ${count} partitions, but ${wanted} shards need ${wanted}`;
  throw new LogRefusedError(`${says}: give it to an exchange with ${count} shards, or begin under another --topic`);
}

/**
 * Waits until the topics can be written to: whoever leads a partition says how far it goes, and nobody else does. It may hear of a new
 * one later than the broker that was asked.
 */
async function appeared(admin: Admin, topics: readonly string[], patienceMs: number | undefined): Promise<void> {
  await onceHeardOf(async () => {
    await partitionCounts(admin, topics);
    await Promise.all(topics.map((topic) => admin.fetchTopicOffsets(topic)));
  }, patienceMs);
}

/** Asks again for a while when a broker has not heard yet of what another one told of: they hear one after the other. */
async function onceHeardOf<Value>(ask: () => Promise<Value>, patienceMs = APPEAR_MS): Promise<Value> {
  const givenUpAt = performance.now() + patienceMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const isEarly = causes(error).some((each) => EARLY.has(typeOf(each) ?? ''));
      if (!isEarly || performance.now() > givenUpAt) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, APPEAR_POLL_MS));
  }
}

async function partitionCounts(admin: Admin, topics: readonly string[]): Promise<Map<string, number>> {
  if (topics.length === 0) return new Map();
  const { topics: found } = await admin.fetchTopicMetadata({ topics: [...topics] });
  return new Map(found.map(({ name, partitions }) => [name, partitions.length]));
}

async function create(
  admin: Admin,
  names: TopicNames,
  missing: readonly string[],
  shards: number,
  replicas: number | undefined,
): Promise<void> {
  const settings = settingsOf(names);
  const { brokers } = await admin.describeCluster();
  const replicationFactor = replicas ?? Math.min(3, brokers.length);
  await admin.createTopics({
    waitForLeaders: false, // fails when brokers have not heard of them yet
    topics: missing.map((topic) => ({
      topic,
      numPartitions: topic === names.members ? 1 : shards,
      replicationFactor,
      configEntries: [
        ...Object.entries(settings[topic] ?? {}),
        ...(replicationFactor >= 3 ? [['min.insync.replicas', '2'] as const] : []),
      ].map(([name, value]) => ({ name, value })),
    })),
  });
}
