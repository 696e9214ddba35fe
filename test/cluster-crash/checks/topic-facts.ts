/** What stands in the topics of commands and of dead letters, and how far commands have been taken. */
import { KafkaClient } from '../../../infra/kafka/protocol/client.js';
import { Partition } from '../../../infra/kafka/protocol/partition.js';
import { commandsGroup, topicNames } from '../../../infra/kafka/topics/topics.js';
import type { ClusterLogs } from '../cluster-logs.js';
import { COMMAND_ID } from '../producer.js';

export interface TopicFacts {
  /** How often each command stands in the topic as its producer wrote it, by id. */
  readonly written: ReadonlyMap<string, number>;
  /** How often each was sent on to another shard. */
  readonly forwarded: ReadonlyMap<string, number>;
  /** The codes of its dead letters. */
  readonly deadLetters: ReadonlyMap<string, readonly string[]>;
  /** Partitions in which not all commands have been taken: `shard 2: 10 of 12`. */
  readonly untaken: readonly string[];
}

export async function readTopics({ connection, topic }: ClusterLogs, shards: number): Promise<TopicFacts> {
  const client = new KafkaClient(connection);
  const names = topicNames(topic);
  const [written, forwarded] = [new Map<string, number>(), new Map<string, number>()];
  const deadLetters = new Map<string, string[]>();
  const untaken: string[] = [];
  try {
    for (let shard = 0; shard < shards; shard++) {
      const commands = new Partition(client, { topic: names.commands, partition: shard });
      let next = 0;
      for await (const record of recordsOf(commands)) {
        next = record.offset + 1;
        const counts = record.header('parley-forwarded-from') === undefined ? written : forwarded;
        const id = record.header(COMMAND_ID) ?? '';
        counts.set(id, (counts.get(id) ?? 0) + 1);
      }
      for await (const deadLetter of recordsOf(new Partition(client, { topic: names.deadLetters, partition: shard }))) {
        const id = deadLetter.header(COMMAND_ID) ?? '';
        deadLetters.set(id, [...(deadLetters.get(id) ?? []), deadLetter.header('parley-code') ?? '']);
      }
      const taken = (await client.committedOffset(commandsGroup(topic), commands.name)) ?? 0;
      if (taken < next) untaken.push(`shard ${shard}: ${taken} of ${next}`);
    }
    return { written, forwarded, deadLetters, untaken };
  } finally {
    await client.close();
  }
}

async function* recordsOf(partition: Partition) {
  const { first, end } = await partition.ends();
  for await (const batch of partition.batches(first, end)) yield* batch.records();
}
