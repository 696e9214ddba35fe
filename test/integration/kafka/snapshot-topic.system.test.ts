import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { KafkaClient } from '../../../infra/kafka/protocol/client.js';
import { Partition } from '../../../infra/kafka/protocol/partition.js';
import { headerBlock, RecordBatchWriter } from '../../../infra/kafka/protocol/record-batch-writer.js';
import { SnapshotTopic } from '../../../infra/kafka/topics/snapshot-topic.js';
import { ensureTopics, topicNames } from '../../../infra/kafka/topics/topics.js';
import { describeWithServer } from '../../support/needs/suite.js';
import { PATIENCE_MS } from '../../support/patience.js';

let prefixes = 0;

async function whole(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const part of parts) all.push(part);
  return Buffer.concat(all);
}

await describeWithServer('kafka', 'the topic of snapshots', ({ address }) => {
  const connection = { brokers: address.split(','), patienceMs: PATIENCE_MS };
  let prefix: string;
  let files: SnapshotTopic;
  const opened: { close(): Promise<void> }[] = [];
  const open = (shard = 0, of = prefix): SnapshotTopic => {
    const topic = new SnapshotTopic(connection, of, shard);
    opened.push(topic);
    return topic;
  };

  beforeEach(async () => {
    prefix = `snapshots-${process.pid}-${Date.now()}-${++prefixes}`;
    await ensureTopics(connection, { prefix, shards: 2 });
    files = open();
  });

  afterEach(async () => {
    for (const each of opened.splice(0)) await each.close();
  });

  it('The topic of snapshots has nothing where nothing was written, nor where there is no topic', async () => {
    expect(await files.list()).toEqual([]);
    expect(await open(0, `${prefix}-none`).list()).toEqual([]);
    await expect(whole(files.read('a'))).rejects.toThrow('there is no a');
    await files.remove('a');
    expect(await files.list()).toEqual([]);
  });

  it('The topic of snapshots reads what was written, small, empty and in many chunks, from any process, a shard by itself', async () => {
    const large = randomBytes(3_000_001);
    await files.write('small', [Buffer.from('one '), Buffer.from('two')]);
    await files.write('empty', []);
    await files.write('large', [large.subarray(0, 5), large.subarray(5)]);
    const other = open();
    expect(await other.list()).toEqual(['small', 'empty', 'large']);
    expect((await whole(other.read('small'))).toString()).toBe('one two');
    expect(await whole(other.read('empty'))).toHaveLength(0);
    expect((await whole(other.read('large'))).equals(large)).toBe(true);
    expect(await open(1).list()).toEqual([]);
  });

  it('The topic of snapshots has the last content of a name that was written twice, in fewer chunks than before', async () => {
    await files.write('a', [randomBytes(2_000_000)]);
    await files.write('b', [Buffer.from('b')]);
    await files.write('a', [Buffer.from('new')]);
    expect([...(await files.list())].sort()).toEqual(['a', 'b']);
    expect((await whole(files.read('a'))).toString()).toBe('new');
  });

  it('The topic of snapshots has no file that was removed, and still has the others', async () => {
    for (const name of ['a', 'b', 'c']) await files.write(name, [Buffer.from(`content of ${name}`)]);
    await files.remove('b');
    await files.remove('nobody');
    expect(await open().list()).toEqual(['a', 'c']);
    await expect(whole(files.read('b'))).rejects.toThrow('there is no b');
    expect((await whole(files.read('c'))).toString()).toBe('content of c');
  });

  it('The topic of snapshots has nothing of a file whose making failed, and still has the one that it was to replace', async () => {
    await files.write('old', [Buffer.from('old')]);
    const failing = function* (): Generator<Buffer, void, void> {
      yield randomBytes(1_000_000);
      throw new Error('nothing more comes');
    };
    for (const name of ['new', 'old']) await expect(files.write(name, failing())).rejects.toThrow('nothing more');
    expect(await open().list()).toEqual(['old']);
    await expect(whole(files.read('new'))).rejects.toThrow('there is no new');
    expect((await whole(files.read('old'))).toString()).toBe('old');
  });

  it('The topic of snapshots does not list a file that was broken off, and reads and writes on', async () => {
    await files.write('whole', [Buffer.from('whole')]);
    const client = new KafkaClient(connection);
    opened.push(client);
    const records = new RecordBatchWriter(1_024);
    records.add({ key: 'broken/0', value: Buffer.from('the first chunk'), fixed: headerBlock({}), own: [] });
    await client.produce(null, { topic: topicNames(prefix).snapshots, partition: 0 }, records.finish(Date.now()));
    expect(await files.list()).toEqual(['whole']);
    expect((await whole(files.read('whole'))).toString()).toBe('whole');
    await files.write('broken', [Buffer.from('this time to its end')]);
    expect(await open().list()).toEqual(['whole', 'broken']);
    expect((await whole(open().read('broken'))).toString()).toBe('this time to its end');
  });

  /** Values that are no tombstones, by key, in order. */
  async function valuesByKey(): Promise<Map<string, Buffer[]>> {
    const client = new KafkaClient(connection);
    opened.push(client);
    const partition = new Partition(client, { topic: topicNames(prefix).snapshots, partition: 0 });
    const { first, end } = await partition.ends();
    const values = new Map<string, Buffer[]>();
    for await (const batch of partition.batches(first, end)) {
      for (const { key, value } of batch.records()) {
        if (value.length === 0) values.delete(key);
        else values.set(key, [...(values.get(key) ?? []), Buffer.from(value)]);
      }
    }
    return values;
  }

  /** Writes the first chunks of a file as a process does that is killed then. */
  async function breakOff(name: string): Promise<void> {
    const dying = new SnapshotTopic(connection, prefix, 0);
    const parts = function* (): Generator<Buffer, void, void> {
      yield randomBytes(1_900_000);
      void dying.close();
      yield randomBytes(1_900_000);
    };
    await expect(dying.write(name, parts())).rejects.toThrow();
  }

  it('The topic of snapshots takes back what a writer that died has left, when the next file is written', async () => {
    await breakOff('first');
    await files.write('kept', [Buffer.from('kept')]);
    await breakOff('second');
    await breakOff('kept');
    expect(await open().list()).toEqual(['kept']);
    expect((await whole(open().read('kept'))).toString()).toBe('kept');
    await files.write('next', [Buffer.from('next')]);
    const left = [...(await valuesByKey()).keys()].map((key) => key.split(/[@/]/)[0]);
    expect(left.sort()).toEqual(['kept', 'list', 'next']);
  });

  it('The topic of snapshots keeps a file that is on the list whole under compaction, even when another writer begins to write it again', async () => {
    const content = randomBytes(2_000_000);
    await files.write('same', [content]);
    await breakOff('same');
    const values = [...(await valuesByKey())].filter(([key]) => key !== 'list').map(([, each]) => each.length);
    expect(Math.max(...values)).toBe(1);
    expect((await whole(open().read('same'))).equals(content)).toBe(true);
    await files.write('same', [Buffer.from('new')]);
    expect([...(await valuesByKey()).keys()]).toHaveLength(2);
    expect((await whole(open().read('same'))).toString()).toBe('new');
  });

  it('The topic of snapshots reads what an older version has written and listed', async () => {
    const client = new KafkaClient(connection);
    opened.push(client);
    const place = { topic: topicNames(prefix).snapshots, partition: 0 };
    const put = (key: string, value: string): Promise<number> => {
      const records = new RecordBatchWriter(1_024);
      records.add({ key, value: Buffer.from(value), fixed: headerBlock({}), own: [] });
      return client.produce(null, place, records.finish(Date.now()));
    };
    const offset = await put('old/0', 'of an ');
    await put('old/1', 'older version');
    await put('list', JSON.stringify([{ name: 'old', offset, chunks: 2, bytes: 19 }]));
    expect((await whole(files.read('old'))).toString()).toBe('of an older version');
    await files.write('new', [Buffer.from('new')]);
    await files.remove('old');
    expect([await files.list(), (await valuesByKey()).size]).toEqual([['new'], 2]);
  });

  it('The topic of snapshots lets two that write at once spoil a file at most: what is read is whole, or is refused', async () => {
    const contents = ['x', 'y'].map((letter) => Buffer.alloc(1_900_000, letter));
    await Promise.allSettled(contents.map((content) => open().write('same', [content])));
    await Promise.allSettled(['p', 'q'].map((name) => open().write(name, [Buffer.from(name)])));
    for (const name of await files.list()) {
      const read = await whole(files.read(name)).catch(String);
      if (typeof read === 'string') expect(read).toMatch(/bytes of|there is no/);
      else expect(read).toHaveLength(name === 'same' ? 1_900_000 : 1);
    }
    await files.write('after', [Buffer.from('after')]);
    expect((await whole(open().read('after'))).toString()).toBe('after');
  });
});
