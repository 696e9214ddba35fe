/**
 * The commands of one shard: its partition of the topic that any program may write to. They are taken exactly once.
 *
 * 1. How far they have been taken is committed in the transaction of the events that they caused; so are the letters about those that
 *    came to nothing, and the copies of those that belong to another shard.
 * 2. What is written about a command fits into a record, however large the command was: a letter that the broker refused would be
 *    refused again whenever the shard is opened, and the shard would never get beyond it.
 * 3. Whoever opens the shard goes on where the last committed transaction stood, and knows that only after fencing.
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
/** A record as large as this, with what is added to it, is copied as it is: brokers take 1 MiB unless they are told otherwise. */
const COPIED_BYTES = 900_000;
/** Of a larger one, so much of its key and its value. */
const EXCERPT = 1_000;
/** A value up to here is never cut: it may be a command. */
const MOST_WHOLE_BYTES = 65_536;
/** Says how long the value was that only begins here. */
const CUT = 'parley-cut-from-bytes';
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

  /**
   * A command that came to nothing: goes to the dead letters as it is, with the reason in its headers. Of one that is too large for
   * that the beginning goes; where the whole stands is in the headers too.
   */
  refuse(record: InRecord, code: string, detail: string): void {
    this.starting(record);
    const own = [
      'parley-code',
      code,
      'parley-detail',
      detail.slice(0, EXCERPT),
      'parley-offset',
      String(record.offset),
    ];
    this.deadLetters.push(copyOf(record, own));
  }

  /** A command that its producer put into another shard's partition. False when it has been sent on before. */
  forward(record: InRecord, shard: number): boolean {
    if (record.header(FORWARDED) !== undefined) return false;
    this.starting(record);
    const copies = this.forwards.get(shard) ?? [];
    copies.push(copyOf(record, [FORWARDED, String(this.shard)]));
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

/** A copy with more headers; of a record that would be too large then, an excerpt without its own. */
function copyOf(record: InRecord, headers: readonly string[]): OutRecord {
  const { key, value } = record;
  const given = record.headers();
  const bytes = [key, ...given].reduce((sum, text) => sum + Buffer.byteLength(text), value.length);
  if (bytes <= COPIED_BYTES) return { key, value, fixed: NO_HEADERS, own: [...given, ...headers] };
  const isCut = value.length > MOST_WHOLE_BYTES;
  return {
    key: key.slice(0, EXCERPT),
    value: isCut ? value.subarray(0, EXCERPT) : value,
    fixed: NO_HEADERS,
    own: isCut ? [...headers, CUT, String(value.length)] : headers,
  };
}
