import { type Admin, Kafka, logLevel } from 'kafkajs';
import type { LogSink } from '../../src/log/log-sink.js';
import { KafkaClient } from './client.js';
import { causes, isOfLog, type KafkaConnection, kafkaConfig, kafkaError, typeOf } from './connection.js';
import { mustBeNew } from './lost-events.js';
import './request-queue.js';
import { mustFit, shardsOf } from './shard-count.js';
import { type TopicNames, topicNames } from './topic-names.js';
import { madeWith } from './topic-settings.js';

export { commandsGroup, type TopicNames, topicNames } from './topic-names.js';

const APPEAR_MS = 10_000;
const APPEAR_POLL_MS = 50;
const EARLY = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION']);

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
  readonly log?: LogSink | undefined;
}

/**
 * Makes the topics that are missing, and returns the number of shards. Whoever makes the topic of events says how many there are; the
 * others, and those who come after one that died on the way, make what is still missing with as many. Rejects with LogRefusedError where
 * the topics do not fit the shards that the log has, or those that are wanted: an instrument's commands would go to another shard. Rejects
 * with LogLostError, and has made nothing, where the topic of events is missing although the other topics know of events.
 */
export async function ensureTopics(
  connection: KafkaConnection,
  wanted: TopicsWanted,
  given?: KafkaClient,
): Promise<number> {
  const admin = new Kafka({ ...kafkaConfig(connection), logLevel: logLevel.NOTHING }).admin();
  const client = given ?? new KafkaClient(connection);
  try {
    await admin.connect();
    return await onceHeardOf(() => withTopics(admin, client, wanted), connection.patienceMs);
  } catch (error) {
    throw isOfLog(error) ? error : kafkaError(error, connection);
  } finally {
    await admin.disconnect();
    if (given === undefined) await client.close();
  }
}

async function withTopics(admin: Admin, client: KafkaClient, wanted: TopicsWanted): Promise<number> {
  const { prefix, replicas, log } = wanted;
  const names = topicNames(prefix);
  const all = Object.values({ ...names });
  let counts = await presentCounts(admin, all);
  let shards = await shardsOf(client, counts, wanted);
  if (!counts.has(names.events)) {
    if (wanted.isLossAccepted !== true) await mustBeNew(client, counts, wanted);
    await create(admin, names, [names.events], shards ?? wanted.shards ?? 1, replicas);
    counts = await appeared(admin, client, all, [names.events]);
    shards = await shardsOf(client, counts, wanted);
  }
  shards ??= 1;
  const missing = all.filter((topic) => !counts.has(topic));
  if (missing.length > 0) {
    await create(admin, names, missing, shards, replicas);
    counts = await appeared(admin, client, all, missing);
  }
  mustFit(counts, names, shards, wanted.shards, log);
  return shards;
}

/**
 * Waits until topics that were made can be written to: whoever leads a partition says how far it goes, and nobody else does. All brokers
 * must have heard of them: each may be the one that transactions ask. Returns the partitions of all topics that there are.
 */
async function appeared(
  admin: Admin,
  client: KafkaClient,
  all: readonly string[],
  made: readonly string[],
): Promise<Map<string, number>> {
  await client.heardOf(made);
  const counts = await presentCounts(admin, all);
  const places = made.flatMap((topic) =>
    Array.from({ length: counts.get(topic) ?? 0 }, (_, partition) => ({ topic, partition })),
  );
  await Promise.all(places.map((place) => client.ends(place)));
  return counts;
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

/** Partitions of those topics that there are. */
async function presentCounts(admin: Admin, topics: readonly string[]): Promise<Map<string, number>> {
  const existing = new Set(await admin.listTopics());
  const there = topics.filter((topic) => existing.has(topic));
  return partitionCounts(admin, there);
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
  const { brokers } = await admin.describeCluster();
  const replicationFactor = replicas ?? Math.min(3, brokers.length);
  const kinds = Object.keys(names) as (keyof TopicNames)[]; // topicNames makes it, with these alone
  await admin.createTopics({
    waitForLeaders: false, // fails when brokers have not heard of them yet
    topics: kinds
      .filter((kind) => missing.includes(names[kind]))
      .map((kind) => ({
        topic: names[kind],
        numPartitions: kind === 'members' ? 1 : shards,
        replicationFactor,
        configEntries: Object.entries(madeWith(kind, replicationFactor)).map(([name, value]) => ({ name, value })),
      })),
  });
}
