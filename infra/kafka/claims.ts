import { headerBlock, RecordBatchWriter } from './record-batch-writer.js';
import type { Partition } from './partition.js';
import type { Transactions } from './transactions.js';

/** Who opened a shard's log for writing. */
export interface Claim {
  readonly shard: number;
  readonly epoch: number;
  /** Names the process, for people. */
  readonly owner: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

const HEADERS = headerBlock({ 'content-type': 'application/json' });
const CLAIM_BYTES = 1_024;

/** The claim that stands, or undefined. To be read when nobody else can be writing one, after fencing. */
export async function lastClaim(partition: Partition): Promise<Claim | undefined> {
  const { first, end } = await partition.ends();
  const batch = await partition.lastBatch(first, end);
  let last: Claim | undefined;
  for (const { value } of batch?.records() ?? []) last = JSON.parse(value.toString()) as Claim; // only `claim` writes there
  return last;
}

/** Writes a claim in a transaction of its own. */
export async function claim(transactions: Transactions, partition: Partition, content: Claim): Promise<boolean> {
  const records = new RecordBatchWriter(CLAIM_BYTES);
  const place = partition.name;
  const outcome = await transactions.run([place], async (open) => {
    const value = JSON.stringify(content);
    records.add({ key: `shard-${content.shard}`, value, fixed: HEADERS, own: [] });
    await open.send(place, records);
  });
  return outcome === 'committed';
}
