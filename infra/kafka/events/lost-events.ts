/** Tells a log that was never begun from one whose topic of events is gone: what its other topics hold came after events. */
import { type Evidence, LogLostError } from '../../../src/log/port.js';
import { lastClaim, nameOf } from '../claims.js';
import type { KafkaClient } from '../protocol/client.js';
import { Partition } from '../protocol/partition.js';
import type { Counts } from '../topics/shard-count.js';
import { commandsGroup, type TopicNames, topicNames, type TopicsWanted } from '../topics/topic-names.js';

/** Throws LogLostError, with what it found, where there is no topic of events and something speaks for there having been one. */
export async function mustBeNew(
  client: KafkaClient,
  counts: Counts,
  { prefix, shard = 0 }: TopicsWanted,
): Promise<void> {
  const names = topicNames(prefix);
  const partitions = Math.max(0, ...counts.values());
  for (let at = 0; at < partitions; at++) {
    const source = await witness(client, counts, prefix, (shard + at) % partitions);
    if (source === undefined) continue;
    const evidence: Evidence = { source, position: 0, missing: `a topic ${names.events}` };
    const ways = 'if it cannot be put back, go on without its events: --accept-loss SHARD/0 for each shard';
    const what = `there is no topic ${names.events}, and ${source} knows that it was written`;
    throw new LogLostError(`${what}. Nothing has been changed: ${ways}`, [evidence]);
  }
}

/** The first thing in these partitions that only a shard with a log leaves; undefined where there is none. */
async function witness(
  client: KafkaClient,
  counts: Counts,
  prefix: string,
  partition: number,
): Promise<string | undefined> {
  const names = topicNames(prefix);
  const there = (kind: keyof TopicNames): Partition | undefined =>
    partition < (counts.get(names[kind]) ?? 0) ? new Partition(client, { topic: names[kind], partition }) : undefined;
  const claims = there('claims');
  const claim = claims === undefined ? undefined : await lastClaim(claims);
  if (claim !== undefined) return nameOf(claim, names);
  for (const kind of ['snapshots', 'deadLetters'] as const) {
    const left = there(kind);
    if (left !== undefined && (await left.ends()).end > 0) return `what stands in ${left.label}`;
  }
  const commands = there('commands');
  return commands === undefined ? undefined : commandsTaken(client, prefix, commands);
}

/** That commands of a shard were taken, if any were. A shard begins its log before it takes one: there were events. */
export async function takenCommands(client: KafkaClient, prefix: string, shard: number): Promise<readonly Evidence[]> {
  const commands = new Partition(client, { topic: topicNames(prefix).commands, partition: shard });
  const source = (await commands.exists()) ? await commandsTaken(client, prefix, commands) : undefined;
  return source === undefined ? [] : [{ source, position: 1 }];
}

async function commandsTaken(client: KafkaClient, prefix: string, commands: Partition): Promise<string | undefined> {
  if ((await commands.ends()).end === 0) return undefined;
  const group = commandsGroup(prefix);
  const offset = (await client.committedOffset(group, commands.name)) ?? 0;
  return offset === 0 ? undefined : `the offset ${offset} that ${group} committed in ${commands.label}`;
}
