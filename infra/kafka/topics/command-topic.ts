/**
 * The commands of one shard: its partition of the topic that any program may write to. They are taken exactly once.
 *
 * 1. How far they have been taken is committed in the transaction of the events that they caused; so are the dead letters, of the
 *    commands that were refused, and the copies of those that belong to another shard.
 * 2. A dead letter fits into a record, however large the command was: one that the broker refused would be refused again whenever the
 *    shard is opened, and the shard would never get beyond it.
 * 3. What cannot be read, and what was removed before it was taken, is passed over: the one becomes a dead letter that says where it
 *    stood, the other a number of offsets that is logged once.
 * 4. The next opening of the shard goes on where the last committed transaction stood, and knows that only after fencing.
 */
import type { Logger } from '../../../src/resilience/logger.js';
import { LogLostError } from '../../../src/log/port.js';
import { KafkaClient, type PartitionName } from '../protocol/client.js';
import type { KafkaConnection } from '../connection.js';
import { type CommittedBatch, Partition } from '../protocol/partition.js';
import type { KafkaRecord } from '../protocol/in-record.js';
import { headerBlock, type OutRecord, RecordBatchWriter } from '../protocol/record-batch-writer.js';
import { commandsGroup, type TopicNames, topicNames } from './topic-names.js';
import type { OpenTransaction, TransactionExtra, TransactionExtras } from '../protocol/transactions.js';

const WAIT_MS = 500;
const FIRST_BYTES = 1 << 16;
const CHUNK_BYTES = 900_000;
const NO_HEADERS = headerBlock({});
/** A record as large as this, with what is added to it, is copied as it is: brokers take 1 MiB unless they are configured otherwise. */
const COPIED_BYTES = 900_000;
/** Of a larger one, so much of its key and its value. */
const EXCERPT = 1_000;
/** A value up to here is never cut: it may be a command. */
const MOST_WHOLE_BYTES = 65_536;
/** Says how long the value was that only begins here. */
const CUT = 'parley-cut-from-bytes';
/** Says from which shard a command has been sent on; once is enough. */
const FORWARDED = 'parley-forwarded-from';

/** A command, or a batch of them that cannot be read. */
export interface CommandRecord extends KafkaRecord {
  readonly unreadable?: string;
  /** Where a batch that cannot be read begins; its own offset is the last one. */
  readonly firstOffset?: number;
}

/**
 * How many offsets of one shard's commands were removed before they were taken: as many commands at most, for markers have offsets too.
 * It outlives the topics of one opening after the other, because a gap that an opening has found and not yet committed is found again.
 */
export class LostCommands {
  count = 0;
  private countedTo = 0;

  /** Returns how many of them had not been counted. */
  add(from: number, to: number): number {
    const fresh = Math.max(0, to - Math.max(from, this.countedTo));
    this.countedTo = Math.max(this.countedTo, to);
    this.count += fresh;
    return fresh;
  }
}

export interface CommandTopicOptions {
  readonly connection: KafkaConnection;
  readonly prefix: string;
  readonly shard: number;
  readonly log?: Logger | undefined;
  readonly lost?: LostCommands | undefined;
}

export class CommandTopic implements TransactionExtras {
  private readonly names: TopicNames;
  /** Under which is committed how far the commands have been taken. */
  private readonly group: string;
  private readonly lost: LostCommands;
  private readonly client: KafkaClient;
  private readonly partition: Partition;
  private readonly records = new RecordBatchWriter(FIRST_BYTES);
  private takenTo: number | undefined;
  private deadLetters: OutRecord[] = [];
  private readonly forwards = new Map<number, OutRecord[]>();

  constructor(private readonly options: CommandTopicOptions) {
    const { connection, prefix, shard } = options;
    this.names = topicNames(prefix);
    this.lost = options.lost ?? new LostCommands();
    this.group = commandsGroup(prefix);
    this.client = new KafkaClient(connection);
    this.partition = new Partition(this.client, { topic: this.names.commands, partition: shard });
  }

  /**
   * From the first that has not been taken, in order, until aborted; nothing, now and then, while nothing comes. To be called once the
   * shard is open. Throws when brokers are away, or when the topic ends before what was taken of it.
   */
  async *follow(signal: AbortSignal): AsyncGenerator<readonly CommandRecord[], void, void> {
    let offset = await this.next();
    while (!signal.aborted) {
      const { batches, nextOffset } = await this.partition.chunk(offset, WAIT_MS);
      yield batches.flatMap(recordsOf).filter((record) => record.offset >= offset);
      offset = nextOffset;
    }
  }

  /** The first offset to take. What is missing before it is logged, and noted as taken, so that it is logged once. */
  private async next(): Promise<number> {
    const { shard, log } = this.options;
    const next = (await this.client.committedOffset(this.group, this.partition.name)) ?? 0;
    const { first, end } = await this.partition.ends();
    if (next > end) {
      const ways = `set the offset of the group ${this.group} (kafka-consumer-groups.sh --reset-offsets)`;
      const what = `${this.partition.label} ends at offset ${end}, and was taken up to ${next}`;
      throw new LogLostError(`${what}: it was cut or made again; to have taken what stands there now, ${ways}`);
    }
    if (next >= first) return next;
    this.takenTo = Math.max(this.takenTo ?? 0, first);
    const commands = this.lost.add(next, first);
    const fields = { shard, fromOffset: next, toOffset: first, commands };
    if (commands > 0) log?.error(fields, 'commands were removed from the topic before they were taken: they are lost');
    return first;
  }

  /** To be called in the turn in which a command begins: from now on the next transaction says that it was taken. */
  starting({ offset }: CommandRecord): void {
    this.takenTo = offset + 1;
  }

  /**
   * A command that was refused: goes to the dead letters as it is, with the reason in its headers. Of one that is too large for
   * that the beginning goes; where the whole stands is in the headers too.
   */
  refuse(record: CommandRecord, code: string, detail: string): void {
    this.starting(record);
    const reason = { 'parley-code': code, 'parley-detail': detail.slice(0, EXCERPT) };
    const place = { 'parley-offset': String(record.firstOffset ?? record.offset) };
    this.deadLetters.push(copyOf(record, Object.entries({ ...reason, ...place }).flat()));
  }

  /** A command that its producer put into another shard's partition. False when it has been sent on before. */
  forward(record: KafkaRecord, shard: number): boolean {
    if (record.header(FORWARDED) !== undefined) return false;
    this.starting(record);
    const copies = this.forwards.get(shard) ?? [];
    copies.push(copyOf(record, [FORWARDED, String(this.options.shard)]));
    this.forwards.set(shard, copies);
    return true;
  }

  get isSettled(): boolean {
    return this.takenTo === undefined;
  }

  take(): TransactionExtra | undefined {
    const { takenTo, deadLetters } = this;
    if (takenTo === undefined) return undefined;
    const { names, partition } = this;
    const parts: { place: PartitionName; records: readonly OutRecord[] }[] = [];
    for (const [shard, records] of this.forwards)
      parts.push({ place: { topic: names.commands, partition: shard }, records });
    const letters = { topic: names.deadLetters, partition: this.options.shard };
    if (deadLetters.length > 0) parts.push({ place: letters, records: deadLetters });
    this.takenTo = undefined;
    this.deadLetters = [];
    this.forwards.clear();
    return {
      places: parts.map(({ place }) => place),
      send: async (open) => {
        for (const { place, records } of parts) await this.send(open, place, records);
        await open.commitOffset(this.group, partition.name, takenTo);
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

/** The records of a batch; of one that cannot be read, one that stands for them. */
function recordsOf(batch: CommittedBatch): readonly CommandRecord[] {
  try {
    return [...batch.records()];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const [firstOffset, offset] = [batch.baseOffset, batch.nextOffset - 1];
    const unreadable = `offsets ${firstOffset} to ${offset}: ${error.message}`;
    const nothing = { key: '', value: Buffer.alloc(0), header: () => undefined, headers: () => [] };
    return [{ ...nothing, offset, firstOffset, unreadable }];
  }
}

/** A copy with more headers; of a record that would be too large then, an excerpt without its own. */
function copyOf(record: KafkaRecord, headers: readonly string[]): OutRecord {
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
