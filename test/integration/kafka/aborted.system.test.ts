import { afterEach, expect, it } from 'vitest';
import { KafkaClient } from '../../../infra/kafka/protocol/client.js';
import { Partition } from '../../../infra/kafka/protocol/partition.js';
import { createTopic, kafkaClient, sendOne, transactionalProducer } from '../../support/servers/kafka-client.js';
import { describeWithServer } from '../../support/needs/suite.js';
import { PATIENCE_MS } from '../../support/patience.js';

await describeWithServer('kafka', 'a partition, as kafkajs’s transactions leave it', ({ address }) => {
  const brokers = address.split(',');
  const ending: (() => Promise<unknown>)[] = [];

  afterEach(async () => {
    for (const end of ending.splice(0)) await end();
  });

  it('A partition, as kafkajs’s transactions leave it, shows what was committed, and passes over what was aborted, interleaved or not, from wherever it is read', async () => {
    const topic = `aborted-${process.pid}-${Date.now()}`;
    const kafka = kafkaClient(brokers);
    await createTopic(kafka, topic);
    const one = await transactionalProducer(kafka, `${topic}-1`);
    ending.push(() => one.disconnect());
    const other = await transactionalProducer(kafka, `${topic}-2`);
    ending.push(() => other.disconnect());
    await sendOne(one, topic, 'a', 'commit');
    await sendOne(one, topic, 'never 1', 'abort');
    const [mine, theirs] = [await one.transaction(), await other.transaction()];
    await mine.send({ topic, messages: [{ value: 'b' }] });
    await theirs.send({ topic, messages: [{ value: 'never 2' }] });
    await mine.send({ topic, messages: [{ value: 'c' }, { value: 'd' }] });
    await theirs.abort();
    await mine.commit();
    await sendOne(other, topic, 'e', 'commit');
    const client = new KafkaClient({ brokers, patienceMs: PATIENCE_MS });
    ending.push(() => client.close());
    const partition = new Partition(client, { topic, partition: 0 });
    const { first, end } = await partition.ends();
    const read = async (from: number): Promise<string[]> => {
      const values: string[] = [];
      for await (const batch of partition.batches(from, end))
        for (const record of batch.records())
          if (record.offset >= from) values.push(`${record.offset} ${record.value.toString()}`);
      return values;
    };
    // Each transaction ends with a marker, which has an offset too.
    const whole = ['0 a', '4 b', '6 c', '7 d', '10 e'];
    expect({ first, end, read: await read(0) }).toEqual({ first: 0, end: 12, read: whole });
    for (let from = 0; from <= end; from++)
      expect(await read(from)).toEqual(whole.filter((each) => Number(each.split(' ')[0]) >= from));
    const [last] = (await partition.lastBatch(first, end))?.records() ?? [];
    expect(last?.value.toString()).toBe('e');
    const [second] = (await partition.firstBatch(1, end))?.records() ?? [];
    expect(second?.value.toString()).toBe('b');
  });

  it('A partition, as kafkajs’s transactions leave it, ends, for readers, before a transaction that is under way', async () => {
    const topic = `under-way-${process.pid}-${Date.now()}`;
    const kafka = kafkaClient(brokers);
    await createTopic(kafka, topic);
    const producer = await transactionalProducer(kafka, topic);
    ending.push(() => producer.disconnect());
    await sendOne(producer, topic, 'a', 'commit');
    const client = new KafkaClient({ brokers });
    ending.push(() => client.close());
    const partition = new Partition(client, { topic, partition: 0 });
    // What a commit leaves behind may come later than its answer.
    await expect.poll(() => partition.ends()).toEqual({ first: 0, end: 2 });
    const open = await producer.transaction();
    await open.send({ topic, messages: [{ value: 'b' }] });
    expect(await partition.ends()).toEqual({ first: 0, end: 2 });
    await open.commit();
    await expect.poll(() => partition.ends()).toEqual({ first: 0, end: 4 });
  });
});
