/**
 * The commands of one shard: its partition of the topic that any program may write to. They are taken exactly once.
 *
 * 1. How far they have been taken is committed in the transaction of the events that they caused; so are the letters about those that
 *    came to nothing, and the copies of those that belong to another shard.
 * 2. Whoever opens the shard goes on where the last committed transaction stood, and knows that only after fencing.
 */
import type { Attachment, Attachments } from './attachments.js';
import { KafkaClient, type PartitionName } from './client.js';
import type { KafkaConnection } from './connection.js';
import { Partition } from './partition.js';
import type { InRecord } from './record-batch.js';
import { headerBlock, type OutRecord, RecordBatchWriter } from './record-batch-writer.js';
import { commandsGroup, topicNames } from './topics.js';
import type { OpenTransaction } from './transactions.js';

const WAIT_MS = 500;
const FIRST_BYTES = 1 << 16;
const CHUNK_BYTES = 900_000;
const NO_HEADERS = headerBlock({});
/** Says from which shard a command has been sent on; once is enough. */
const FORWARDED = 'parley-forwarded-from';

export class CommandTopic implements Attachments {
  private readonly client: KafkaClient;
  private readonly partition: Partition;
  private readonly records = new RecordBatchWriter(FIRST_BYTES);
  private takenTo: number | undefined;
  private deadLetters: OutRecord[] = [];
  private readonly forwards = new Map<number, OutRecord[]>();

  constructor(
    connection: KafkaConnection,
    private readonly prefix: string,
    private readonly shard: number,
  ) {
    this.client = new KafkaClient(connection);
    this.partition = new Partition(this.client, { topic: topicNames(prefix).commands, partition: shard });
  }

  /** From the first that has not been taken, in order, until aborted. To be called once the shard is open. Throws when brokers are away. */
  async *follow(signal: AbortSignal): AsyncGenerator<readonly InRecord[], void, void> {
    const committed = await this.client.committedOffset(commandsGroup(this.prefix), this.partition.name);
    let offset = committed ?? (await this.partition.ends()).first;
    while (!signal.aborted) {
      const { batches, nextOffset } = await this.partition.chunk(offset, WAIT_MS);
      const records = batches.flatMap((batch) => [...batch.records()]).filter((record) => record.offset >= offset);
      if (records.length > 0) yield records;
      offset = nextOffset;
    }
  }

  /** To be called in the turn in which a command begins: from now on the next transaction says that it was taken. */
  starting({ offset }: InRecord): void {
    this.takenTo = offset + 1;
  }

  /** A command that came to nothing: goes to the dead letters as it is, with the reason in its headers. */
  refuse(record: InRecord, code: string, detail: string): void {
    this.starting(record);
    const own = ['parley-code', code, 'parley-detail', detail, 'parley-offset', String(record.offset)];
    this.deadLetters.push({
      key: record.key,
      value: record.value,
      fixed: NO_HEADERS,
      own: [...record.headers(), ...own],
    });
  }

  /** A command that its producer put into another shard's partition. False when it has been sent on before. */
  forward(record: InRecord, shard: number): boolean {
    if (record.header(FORWARDED) !== undefined) return false;
    this.starting(record);
    const own = [...record.headers(), FORWARDED, String(this.shard)];
    const copies = this.forwards.get(shard) ?? [];
    copies.push({ key: record.key, value: record.value, fixed: NO_HEADERS, own });
    this.forwards.set(shard, copies);
    return true;
  }

  get isSettled(): boolean {
    return this.takenTo === undefined;
  }

  take(): Attachment | undefined {
    const { takenTo, deadLetters } = this;
    if (takenTo === undefined) return undefined;
    const names = topicNames(this.prefix);
    const parts: (readonly [PartitionName, readonly OutRecord[]])[] = [...this.forwards].map(([shard, copies]) => [
      { topic: names.commands, partition: shard },
      copies,
    ]);
    if (deadLetters.length > 0) parts.push([{ topic: names.deadLetters, partition: this.shard }, deadLetters]);
    this.takenTo = undefined;
    this.deadLetters = [];
    this.forwards.clear();
    return {
      places: parts.map(([place]) => place),
      send: async (open) => {
        for (const [place, records] of parts) await this.send(open, place, records);
        await open.commitOffset(commandsGroup(this.prefix), this.partition.name, takenTo);
      },
    };
  }

  close(): Promise<void> {
    return this.client.close();
  }

  private async send(open: OpenTransaction, place: PartitionName, records: readonly OutRecord[]): Promise<void> {
    for (const record of records) {
      if (this.records.bytes > CHUNK_BYTES) await open.send(place, this.records);
      this.records.add(record);
    }
    await open.send(place, this.records);
  }
}
