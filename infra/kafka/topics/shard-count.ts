/**
 * How many shards a log has, permanently: what its claims say, however its topics have been changed since. Of logs that only older
 * versions have claimed, the topics say it; where those differ, the smallest that has room for every claim, for a topic can only be
 * widened.
 */
import { LogRefusedError } from '../../../src/log/port.js';
import { lastClaim } from '../claims.js';
import type { KafkaClient } from '../protocol/client.js';
import { Partition } from '../protocol/partition.js';
import { type TopicNames, topicNames, type TopicsWanted } from './topic-names.js';

/** Partitions of each topic that there is, by its name. */
export type Counts = ReadonlyMap<string, number>;

/** Undefined where nothing says it yet. Throws LogRefusedError where what is wanted contradicts it. */
export async function shardsOf(client: KafkaClient, counts: Counts, wanted: TopicsWanted): Promise<number | undefined> {
  const names = topicNames(wanted.prefix);
  const claims = await claimed(client, names.claims, counts, wanted.shard);
  if (claims.shards !== undefined) {
    const says = `the claims in ${names.claims} say that there are ${claims.shards} shards`;
    mustBeWanted(claims.shards, wanted.shards, says);
    return claims.shards;
  }
  const sharded = shardedCounts(counts, names);
  if (sharded.length === 0) return undefined;
  const shards = Math.max(Math.min(...sharded.map(([, count]) => count)), claims.least);
  const [topic] = sharded.find(([, count]) => count === shards) ?? [names.events];
  mustBeWanted(shards, wanted.shards, `the topic ${topic} has ${shards} partitions`);
  return shards;
}

/** Throws LogRefusedError where a topic has other partitions than there are shards, unless it is said that the rest is to be let be. */
export function mustFit(counts: Counts, shards: number, wanted: TopicsWanted): void {
  const sharded = shardedCounts(counts, topicNames(wanted.prefix));
  for (const [topic, count] of sharded) {
    if (count < shards) throw tooFew(`the topic ${topic} has ${count} partitions`, count, shards);
  }
  const wide = sharded.filter(([, count]) => count > shards);
  if (wide.length === 0) return;
  const has = wide.map(([topic, count]) => `${topic} has ${count} partitions`).join(', ');
  const says = `the log has ${shards} shards, but ${has}`;
  if (wanted.shards === shards) {
    wanted.log?.warn({ shards }, `${says}: nobody reads what is written to those beyond`);
    return;
  }
  const why = 'with more shards an instrument would belong to another one than before, and exist twice';
  throw new LogRefusedError(`${says}: ${why}. Go on with those that there are: --shards ${shards}`);
}

function mustBeWanted(shards: number, wanted: number | undefined, says: string): void {
  if (wanted === undefined || wanted === shards) return;
  if (wanted > shards) throw tooFew(says, shards, wanted);
  const why = 'an instrument would belong to another shard than before';
  throw new LogRefusedError(`${says}, and not ${wanted}: ${why}; leave out --shards, or begin under another --topic`);
}

function tooFew(says: string, count: number, wanted: number): LogRefusedError {
  const ways = `give it to an exchange with ${count} shards, or begin under another --topic`;
  return new LogRefusedError(`${says}, but ${wanted} shards need ${wanted}: ${ways}`);
}

/** All but that of the members, which has one partition whatever happens. */
function shardedCounts(counts: Counts, names: TopicNames): readonly (readonly [string, number])[] {
  return [...counts].filter(([topic]) => topic !== names.members);
}

/** What the claims of all shards say, as far as any does; and how many there must be at least, for so many were claimed. */
async function claimed(
  client: KafkaClient,
  topic: string,
  counts: Counts,
  first = 0,
): Promise<{ shards?: number; least: number }> {
  const partitions = counts.get(topic) ?? 0;
  let least = 0;
  for (let at = 0; at < partitions; at++) {
    const partition = (first + at) % partitions;
    const claim = await lastClaim(new Partition(client, { topic, partition }));
    if (claim?.shards !== undefined) return { shards: claim.shards, least };
    if (claim !== undefined) least = Math.max(least, partition + 1);
  }
  return { least };
}
