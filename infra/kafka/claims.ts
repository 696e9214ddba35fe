import { headerBlock, RecordBatchWriter } from './protocol/record-batch-writer.js';
import type { Evidence } from '../../src/log/port.js';
import type { HeldPatience, Partition } from './protocol/partition.js';
import type { TopicNames } from './topics/topic-names.js';
import type { Transactions } from './protocol/transactions.js';

/** Who opened a shard's log for writing. */
export interface Claim {
  readonly shard: number;
  readonly epoch: number;
  /** Names the process, for people. */
  readonly owner: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** What the log was when it was claimed. Claims of older versions do not say. */
  readonly head?: number;
  /** Of the batch that ended at the head; empty where that is 0. */
  readonly digest?: string;
  /** How many shards the market had. */
  readonly shards?: number;
  /** Of the topic of events, where brokers tell it. */
  readonly topicId?: string | undefined;
}

const HEADERS = headerBlock({ 'content-type': 'application/json' });
const CLAIM_BYTES = 1_024;

/**
 * The claim that stands, or undefined. The next writer reads it when nobody else can be writing one, after fencing. Throws LogHeldError
 * when readers cannot see whether there is another one.
 */
export async function lastClaim(partition: Partition, patience?: HeldPatience): Promise<Claim | undefined> {
  const { first, end } = await partition.wholeEnds(patience);
  const batch = await partition.lastBatch(first, end);
  let last: Claim | undefined;
  for (const { value } of batch?.records() ?? []) last = JSON.parse(value.toString()) as Claim; // only `claim` writes there
  return last;
}

/**
 * What a claim knows of the log, whose topic now has this id. One of an older version knows that its writer began the log right after, so
 * that an empty log contradicts it, and no other does. A writer that died between the two left a log that is rightly empty, and looks
 * like one that was lost: it is refused all the same, because nothing tells them apart, and `--accept-loss SHARD/0` goes on.
 */
export function evidenceOf(claimed: Claim, names: TopicNames, topicId: string | undefined): Evidence {
  const { head: position = 1, digest, topicId: ofTopic } = claimed;
  const source = nameOf(claimed, names);
  const isOther = ofTopic !== undefined && topicId !== undefined && ofTopic !== topicId;
  const missing = isOther ? `a topic ${names.events} with the id ${ofTopic}` : undefined;
  return { source, position, digest: digest === '' ? undefined : digest, missing };
}

export function nameOf({ shard, epoch, owner }: Claim, names: TopicNames): string {
  return `the claim of epoch ${epoch} in ${names.claims}[${shard}], by ${owner},`;
}

/** Writes a claim in a transaction of its own. */
export async function claim(transactions: Transactions, partition: Partition, content: Claim): Promise<boolean> {
  const records = new RecordBatchWriter(CLAIM_BYTES);
  const record = { key: `shard-${content.shard}`, value: JSON.stringify(content), fixed: HEADERS, own: [] };
  const outcome = await transactions.run([partition.name], async (open) => {
    records.add(record);
    await open.send(partition.name, records);
  });
  return outcome === 'committed';
}
