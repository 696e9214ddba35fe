/**
 * Files of a shard's snapshots, kept in its partition of a compacted topic.
 *
 * 1. A file is a row of records `name/0`, `name/1`, … and exists once a list that names it stands behind them; the last list counts.
 * 2. One process writes, the shard's owner. One that was fenced and still writes can spoil a file, never the log: whoever reads a
 *    snapshot checks it, and passes over what does not fit.
 */
import { KafkaClient, type PartitionName } from './client.js';
import type { KafkaConnection } from './connection.js';
import { type CommittedBatch, Partition } from './partition.js';
import { headerBlock, type OutRecord, RecordBatchWriter } from './record-batch-writer.js';
import { topicNames } from './topics.js';

/** A file as the list has it. */
interface Listed {
  readonly name: string;
  /** Offset of its first record. */
  readonly offset: number;
  readonly chunks: number;
  readonly bytes: number;
}

const LIST = 'list';
const NO_HEADERS = headerBlock({});
const CHUNK_BYTES = 900_000;
const FIRST_BYTES = 1 << 20;

export class SnapshotTopic {
  private readonly client: KafkaClient;
  private readonly partition: Partition;
  private readonly records = new RecordBatchWriter(FIRST_BYTES);

  constructor(connection: KafkaConnection, prefix: string, shard: number) {
    this.client = new KafkaClient(connection);
    const place: PartitionName = { topic: topicNames(prefix).snapshots, partition: shard };
    this.partition = new Partition(this.client, place);
  }

  /** Names of the files. */
  async list(): Promise<readonly string[]> {
    return (await this.listed()).map(({ name }) => name);
  }

  /** Rejects when there is no such file, or not all of it. */
  async read(name: string): Promise<Buffer> {
    const file = (await this.listed()).find((each) => each.name === name);
    if (file === undefined) throw new Error(`there is no ${name}`);
    const chunks: Buffer[] = [];
    if (file.chunks === 0) return Buffer.alloc(0);
    const { end } = await this.partition.ends();
    for await (const batch of this.partition.batches(file.offset, end)) {
      for (const { key, value } of batch.records()) {
        if (key === `${name}/${chunks.length}`) chunks.push(value);
      }
      if (chunks.length === file.chunks) break;
    }
    const whole = Buffer.concat(chunks);
    if (whole.length !== file.bytes) throw new Error(`${name} has ${whole.length} bytes of ${file.bytes}`);
    return whole;
  }

  /** Makes a file of these parts; it exists once it is whole. */
  async write(name: string, parts: readonly Uint8Array[]): Promise<void> {
    const whole = Buffer.concat(parts);
    let offset = -1;
    let chunks = 0;
    for (let at = 0; at < whole.length; at += CHUNK_BYTES) {
      const value = whole.subarray(at, at + CHUNK_BYTES);
      const stored = await this.put([{ key: `${name}/${chunks++}`, value, fixed: NO_HEADERS, own: [] }]);
      if (offset < 0) offset = stored;
    }
    const others = (await this.listed()).filter((each) => each.name !== name);
    await this.putList([...others, { name, offset, chunks, bytes: whole.length }]);
  }

  /** Does nothing where there is no such file. */
  async remove(name: string): Promise<void> {
    const files = await this.listed();
    const file = files.find((each) => each.name === name);
    if (file === undefined) return;
    await this.putList(files.filter((each) => each !== file));
    const keys = Array.from({ length: file.chunks }, (_, index) => `${name}/${index}`);
    await this.put(keys.map((key) => ({ key, value: null, fixed: NO_HEADERS, own: [] })));
    await this.putList(await this.listed()); // so that the last record is a list again, and found at once
  }

  close(): Promise<void> {
    return this.client.close();
  }

  private async listed(): Promise<readonly Listed[]> {
    if (!(await this.partition.exists())) return [];
    const { first, end } = await this.partition.ends();
    const batch = await this.partition.lastBatch(first, end, isList);
    const [record] = batch?.records() ?? [];
    return record === undefined ? [] : (JSON.parse(record.value.toString()) as readonly Listed[]); // only `putList` writes those
  }

  private async putList(files: readonly Listed[]): Promise<void> {
    await this.put([{ key: LIST, value: JSON.stringify(files), fixed: NO_HEADERS, own: [] }]);
  }

  private put(records: readonly OutRecord[]): Promise<number> {
    this.records.clear();
    for (const record of records) this.records.add(record);
    return this.client.produce(null, this.partition.name, this.records.finish(Date.now()));
  }
}

function isList(batch: CommittedBatch): boolean {
  const [record] = batch.records();
  return record?.key === LIST;
}
