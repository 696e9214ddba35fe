import { type Admin, topicsThere, withAdmin } from '../admin.js';
import { KafkaClient } from '../protocol/client.js';
import { causes, type KafkaConnection, kafkaError } from '../connection.js';
import { mustBeNew } from '../events/lost-events.js';
import { patiently } from '../patience.js';
import { isMoved } from '../protocol/responses.js';
import { type Counts, mustFit, shardsOf } from './shard-count.js';
import { type TopicNames, topicNames, type TopicsWanted } from './topic-names.js';
import { madeWith } from './topic-settings.js';

export { commandsGroup, type TopicNames, topicNames } from './topic-names.js';

/**
 * Makes the topics that are missing, and returns the number of shards. The process that makes the topic of events says how many there
 * are; the others, and those that come after one that died on the way, make what is still missing with as many. Rejects with
 * LogRefusedError where the topics do not fit the shards that the log has, or those that are wanted: an instrument's commands would go to
 * another shard. Rejects with LogLostError, and has made nothing, where the topic of events is missing although the other topics know of
 * events.
 */
export async function ensureTopics(
  connection: KafkaConnection,
  wanted: TopicsWanted,
  given?: KafkaClient,
): Promise<number> {
  const client = given ?? new KafkaClient(connection);
  try {
    // A broker may not have heard yet of what another one told of: they hear one after the other.
    const hasNotHeard = (error: unknown): boolean => causes(error).some(isMoved);
    return await withAdmin(connection, (admin) =>
      patiently(connection, () => withTopics(admin, client, wanted), hasNotHeard),
    );
  } finally {
    if (given === undefined) await client.close();
  }
}

async function withTopics(admin: Admin, client: KafkaClient, wanted: TopicsWanted): Promise<number> {
  const names = topicNames(wanted.prefix);
  const all = Object.values({ ...names });
  const make = async (topics: readonly string[], shards: number): Promise<Counts> => {
    await create(admin, topics, { ...wanted, shards });
    await client.heardOf(topics); // all brokers: each may be the one that transactions ask
    const counts = await partitionCounts(admin, all);
    await canBeWritten(client, topics, counts);
    return counts;
  };
  let counts = await partitionCounts(admin, all);
  let shards = await shardsOf(client, counts, wanted);
  if (!counts.has(names.events)) {
    if (wanted.isLossAccepted !== true) await mustBeNew(client, counts, wanted);
    counts = await make([names.events], shards ?? wanted.shards ?? 1);
    shards = await shardsOf(client, counts, wanted);
  }
  shards ??= 1;
  const missing = all.filter((topic) => !counts.has(topic));
  if (missing.length > 0) counts = await make(missing, shards);
  mustFit(counts, shards, wanted);
  return shards;
}

/** Resolves once the leader of each partition says how far it goes: no other broker does. */
async function canBeWritten(client: KafkaClient, topics: readonly string[], counts: Counts): Promise<void> {
  const places = topics.flatMap((topic) =>
    Array.from({ length: counts.get(topic) ?? 0 }, (_, partition) => ({ topic, partition })),
  );
  await Promise.all(places.map((place) => client.ends(place)));
}

/** Partitions of those topics that there are. */
async function partitionCounts(admin: Admin, topics: readonly string[]): Promise<Counts> {
  const there = await topicsThere(admin, topics);
  if (there.length === 0) return new Map();
  const { topics: found } = await admin.fetchTopicMetadata({ topics: [...there] });
  return new Map(found.map(({ name, partitions }) => [name, partitions.length]));
}

async function create(
  admin: Admin,
  topics: readonly string[],
  { prefix, shards, replicas }: TopicsWanted & { readonly shards: number },
): Promise<void> {
  const { brokers } = await admin.describeCluster();
  const replicationFactor = replicas ?? Math.min(3, brokers.length);
  const kinds = Object.entries(topicNames(prefix)) as [keyof TopicNames, string][]; // topicNames makes it, with these alone
  await admin.createTopics({
    waitForLeaders: false, // fails when brokers have not heard of them yet
    topics: kinds
      .filter(([, topic]) => topics.includes(topic))
      .map(([kind, topic]) => ({
        topic,
        numPartitions: kind === 'members' ? 1 : shards,
        replicationFactor,
        configEntries: Object.entries(madeWith(kind, replicationFactor)).map(([name, value]) => ({ name, value })),
      })),
  });
}

/** How many shards an exchange has: the partitions of its topic of events; 0 where there is no such topic. */
export async function countShards(connection: KafkaConnection, prefix: string): Promise<number> {
  const client = new KafkaClient(connection);
  try {
    return await client.partitionCount(topicNames(prefix).events);
  } catch (error) {
    throw kafkaError(error, connection);
  } finally {
    await client.close();
  }
}
