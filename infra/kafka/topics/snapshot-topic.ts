/**
 * Files of a shard's snapshots, kept in its partition of a compacted topic.
 *
 * 1. A file is a row of records `key/0`, `key/1`, … and exists once a list that names it stands behind them; the last list counts.
 * 2. No key is used twice: compaction keeps the last record of a key, and would take a part of a file that is on the list for the sake
 *    of one that somebody began and never ended.
 * 3. What stands behind the last list belongs to a writer that died. The next one takes it back, so that compaction removes it.
 * 4. One process writes, the shard's owner. One that was fenced and still writes can spoil a file, never the log: a reader of
 *    snapshots checks each, and passes over what does not fit.
 */
import { randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { KafkaClient } from '../protocol/client.js';
import type { KafkaConnection } from '../connection.js';
import { type CommittedBatch, Partition } from '../protocol/partition.js';
import { headerBlock, type OutRecord, RecordBatchWriter } from '../protocol/record-batch-writer.js';
import { topicNames } from './topics.js';

/** A file as the list has it. */
interface Listed {
  readonly name: string;
  /** What its records' keys begin with; its name, in the lists of older versions. */
  readonly key?: string;
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
    this.partition = new Partition(this.client, { topic: topicNames(prefix).snapshots, partition: shard });
  }

  /** Names of the files. */
  async list(): Promise<readonly string[]> {
    return (await this.listed()).map(({ name }) => name);
  }

  /** A file's bytes in order, in parts. Rejects when there is no such file, or not all of it. */
  async *read(name: string): AsyncGenerator<Uint8Array, void, void> {
    const file = (await this.listed()).find((each) => each.name === name);
    if (file === undefined) throw new Error(`there is no ${name}`);
    yield* this.bytesOf(file);
  }

  /** Makes a file of these parts; it exists once it is whole and has been read back. Where that fails its records are taken back. */
  async write(name: string, parts: Iterable<Uint8Array>): Promise<void> {
    const file = { name, key: `${name}@${randomUUID()}`, offset: -1, chunks: 0, bytes: 0 };
    await this.sweep();
    try {
      let checksum = 0;
      for (const value of chunksOf(parts)) {
        const stored = await this.put([{ key: keyOf(file, file.chunks), value, fixed: NO_HEADERS, own: [] }]);
        if (file.offset < 0) file.offset = stored;
        file.chunks++;
        file.bytes += value.length;
        checksum = crc32(value, checksum);
      }
      await this.mustReadBack(file, checksum);
    } catch (error) {
      await this.takeBack(file).catch(() => undefined); // whatever the broker suffers from has been said
      throw error;
    }
    const before = await this.listed();
    await this.putList([...before.filter((each) => each.name !== name), file]);
    for (const old of before) if (old.name === name) await this.takeBack(old);
  }

  /** Does nothing where there is no such file. */
  async remove(name: string): Promise<void> {
    const files = await this.listed();
    const file = files.find((each) => each.name === name);
    if (file === undefined) return;
    await this.putList(files.filter((each) => each !== file));
    await this.takeBack(file);
  }

  close(): Promise<void> {
    return this.client.close();
  }

  private async *bytesOf(file: Listed): AsyncGenerator<Buffer, void, void> {
    const { name, offset, chunks, bytes } = file;
    let found = 0;
    let length = 0;
    if (chunks > 0) {
      const { end } = await this.partition.ends();
      for await (const batch of this.partition.batches(offset, end)) {
        for (const { key, value } of batch.records()) {
          if (key !== keyOf(file, found)) continue;
          found++;
          length += value.length;
          yield value;
        }
        if (found === chunks) break;
      }
    }
    if (length !== bytes) throw new Error(`${name} has ${length} bytes of ${bytes}`);
  }

  private async mustReadBack(file: Listed, checksum: number): Promise<void> {
    let found = 0;
    for await (const value of this.bytesOf(file)) found = crc32(value, found);
    if (found !== checksum) throw new Error(`${file.name} is read back otherwise than it was written`);
  }

  /** Takes back what stands behind the last list. */
  private async sweep(): Promise<void> {
    const { first, end } = await this.partition.ends();
    const list = await this.partition.lastBatch(first, end, isList);
    const left = new Set<string>();
    for await (const batch of this.partition.batches(list?.nextOffset ?? first, end)) {
      for (const { key, value } of batch.records()) {
        if (value.length > 0) left.add(key);
        else left.delete(key);
      }
    }
    if (left.size > 0) await this.erase([...left]);
  }

  /** Lets compaction remove the records of a file that is on no list. */
  private async takeBack(file: Listed): Promise<void> {
    await this.erase(Array.from({ length: file.chunks }, (_, index) => keyOf(file, index)));
  }

  private async erase(keys: readonly string[]): Promise<void> {
    if (keys.length > 0) await this.put(keys.map((key) => ({ key, value: null, fixed: NO_HEADERS, own: [] })));
    await this.putList(await this.listed()); // so that the last record is a list again, and found at once
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
    return this.client.produce(null, this.partition.name, this.records.batchOf(records));
  }
}

/** The parts' bytes, in pieces of the length that a record has room for. */
function* chunksOf(parts: Iterable<Uint8Array>): Generator<Buffer, void, void> {
  let held: Uint8Array[] = [];
  let bytes = 0;
  for (const part of parts) {
    for (let at = 0; at < part.length;) {
      const piece = part.subarray(at, at + CHUNK_BYTES - bytes);
      held.push(piece);
      at += piece.length;
      bytes += piece.length;
      if (bytes < CHUNK_BYTES) continue;
      yield Buffer.concat(held);
      held = [];
      bytes = 0;
    }
  }
  if (bytes > 0) yield Buffer.concat(held);
}

function keyOf({ name, key = name }: Listed, chunk: number): string {
  return `${key}/${chunk}`;
}

function isList(batch: CommittedBatch): boolean {
  const [record] = batch.records();
  return record?.key === LIST;
}
