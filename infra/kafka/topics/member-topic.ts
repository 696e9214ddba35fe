import { KafkaClient, type PartitionName } from '../protocol/client.js';
import type { KafkaConnection } from '../connection.js';
import { Partition } from '../protocol/partition.js';
import { headerBlock, RecordBatchWriter } from '../protocol/record-batch-writer.js';
import { topicNames } from './topics.js';

const HEADERS = headerBlock({ 'content-type': 'application/json' });
const FIRST_BYTES = 4_096;
const WAIT_MS = 1_000;

/**
 * What the processes of a cluster report of themselves: JSON values in a topic of one partition that keeps them for an hour. No
 * transactions: a lost report is followed by the next.
 */
export class MemberTopic {
  private readonly client: KafkaClient;
  private readonly place: PartitionName;
  private readonly records = new RecordBatchWriter(FIRST_BYTES);

  constructor(
    private readonly connection: KafkaConnection,
    prefix: string,
  ) {
    this.client = new KafkaClient(connection);
    this.place = { topic: topicNames(prefix).members, partition: 0 };
  }

  /** Resolves once it is on all replicas in sync. Rejects with LogUnreachableError or what the broker refuses. */
  async announce(memberId: string, report: object): Promise<void> {
    const record = { key: memberId, value: JSON.stringify(report), fixed: HEADERS, own: [] };
    await this.client.produce(null, this.place, this.records.batchOf([record]));
  }

  /** The reports from now on. Ends when aborted; throws when the topic cannot be read. */
  async *follow(signal: AbortSignal): AsyncGenerator<unknown, void, void> {
    const client = new KafkaClient(this.connection);
    const end = (): void => void client.close();
    signal.addEventListener('abort', end);
    try {
      const partition = new Partition(client, this.place);
      let offset = (await partition.ends()).end;
      while (!signal.aborted) {
        const { batches, nextOffset } = await partition.chunk(offset, WAIT_MS);
        for (const batch of batches) {
          for (const record of batch.records()) yield JSON.parse(record.value.toString());
        }
        offset = nextOffset;
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      signal.removeEventListener('abort', end);
      await client.close();
    }
  }

  close(): Promise<void> {
    return this.client.close();
  }
}
