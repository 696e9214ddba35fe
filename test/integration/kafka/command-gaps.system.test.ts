import { CompressionTypes, ConfigResourceTypes } from 'kafkajs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type CommandRecord, CommandTopic, LostCommands } from '../../../infra/kafka/topics/command-topic.js';
import { KafkaLog } from '../../../infra/kafka/kafka-log.js';
import { commandsGroup, ensureTopics, topicNames } from '../../../infra/kafka/topics/topics.js';
import { Exchange } from '../../../src/exchange/exchange.js';
import { silentLogger } from '../../../src/resilience/logger.js';
import { CommandConsumer } from '../../../src/intake/command-consumer.js';
import type { Logger } from '../../../src/resilience/logger.js';
import { describeWithServer } from '../../support/needs/suite.js';
import { kafkaClient, readCommitted } from '../../support/servers/kafka-client.js';
import { KafkaOperator } from '../../support/servers/kafka-operator.js';

const SYMBOL = 'ACME';

let prefixes = 0;

await describeWithServer('kafka', 'commands that cannot be taken', ({ address }) => {
  const connection = { brokers: address.split(',') };
  const ending: (() => Promise<void>)[] = [];
  let operator: KafkaOperator;
  let prefix: string;
  let topic: string;

  beforeEach(async () => {
    prefix = `gaps-${process.pid}-${Date.now()}-${++prefixes}`;
    topic = topicNames(prefix).commands;
    operator = await KafkaOperator.at(connection.brokers);
    ending.push(() => operator.end());
    await ensureTopics(connection, { prefix });
  });

  afterEach(async () => {
    for (const end of ending.splice(0).reverse()) await end();
  });

  async function open(log?: Logger, lost?: LostCommands): Promise<{ consumer: CommandConsumer<CommandRecord> }> {
    const source = new CommandTopic({ connection, prefix, shard: 0, log, lost });
    const events = new KafkaLog({ connection, topic: prefix, shard: 0 });
    const exchange = await Exchange.open(events);
    await exchange.list({ symbol: SYMBOL, tickSize: '1', lotSize: '1' });
    events.writer?.attach(source);
    const settle = async (): Promise<void> => events.writer?.settle();
    const consumer = new CommandConsumer({ source, exchange, shards: 1, logger: silentLogger, settle });
    consumer.start();
    ending.push(async () => {
      await consumer.end();
      await exchange.close().catch(() => undefined);
      await source.close();
      await events.close();
    });
    return { consumer };
  }

  const post = (id: string): { value: string } => ({
    value: JSON.stringify({
      ...{ clientIntentionId: id, participant: 'ann', instrument: SYMBOL, side: 'buy', price: '5', quantity: '1' },
    }),
  });

  it('Commands that cannot be taken become one dead letter for a batch that nobody can read, and commands behind it are carried out', async () => {
    const configEntries = [{ name: 'compression.type', value: 'producer' }];
    const resources = [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }];
    await operator.admin.alterConfigs({ validateOnly: false, resources });
    const { consumer } = await open();
    const producer = kafkaClient(connection.brokers).producer();
    ending.push(() => producer.disconnect());
    await producer.connect();
    await producer.send({ topic, compression: CompressionTypes.GZIP, messages: [post('a'), post('b')] });
    await producer.send({ topic, messages: [post('c')] });
    await expect.poll(() => consumer.counts).toEqual({ taken: 1, refused: 1, forwarded: 0 });
    expect(await readCommitted(kafkaClient(connection.brokers), topicNames(prefix).deadLetters, 1)).toEqual(['']);
    expect(consumer.trouble).toBeUndefined();
  });

  it('Commands that cannot be taken are counted and reported once when they were removed before, and those behind them are carried out', async () => {
    await operator.write(topic, post('a'), post('b'), post('c'));
    await operator.deleteRecords(topic, '2');
    const said: object[] = [];
    const say = (fields: object): void => void said.push(fields);
    const log = { info: say, warn: say, error: say };
    const lost = new LostCommands();
    const { consumer } = await open(log, lost);
    await expect.poll(() => consumer.counts.taken).toBe(1);
    expect(lost.count).toBe(2);
    expect(said).toEqual([{ shard: 0, fromOffset: 0, toOffset: 2, commands: 2 }]);
    for (const end of ending.splice(1).reverse()) await end();
    const again = await open(log);
    await operator.write(topic, post('d'));
    await expect.poll(() => again.consumer.counts.taken).toBe(1);
    expect(said).toHaveLength(1);
  });

  it('Commands that cannot be taken are counted once, although the shard is opened again before they were noted, and more of them are added', async () => {
    await operator.write(topic, post('a'), post('b'), post('c'), post('d'));
    const said: object[] = [];
    const say = (fields: object): void => void said.push(fields);
    const lost = new LostCommands();
    for (const offset of ['2', '2', '3']) {
      await operator.deleteRecords(topic, offset);
      const source = new CommandTopic({
        connection,
        prefix,
        shard: 0,
        log: { info: say, warn: say, error: say },
        lost,
      });
      ending.push(() => source.close());
      const { value } = await source.follow(new AbortController().signal).next();
      expect(value?.[0]?.offset).toBe(Number(offset));
    }
    expect(lost.count).toBe(3);
    expect(said).toEqual([
      { shard: 0, fromOffset: 0, toOffset: 2, commands: 2 },
      { shard: 0, fromOffset: 0, toOffset: 3, commands: 1 },
    ]);
  });

  it('Commands that cannot be taken are reported as standing still when the topic ends before what was taken of it', async () => {
    const partitions = [{ partition: 0, offset: '7' }];
    await operator.admin.setOffsets({ groupId: commandsGroup(prefix), topic, partitions });
    const { consumer } = await open();
    await expect.poll(() => consumer.trouble).toMatch(/ends at offset 0, and was taken up to 7.*--reset-offsets/);
  });
});
