import type { Producer } from 'kafkajs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { KafkaClient } from '../../../infra/kafka/protocol/client.js';
import { CommandTopic } from '../../../infra/kafka/topics/command-topic.js';
import { KafkaLog } from '../../../infra/kafka/kafka-log.js';
import { commandsGroup, ensureTopics, topicNames } from '../../../infra/kafka/topics/topics.js';
import { shardOfSymbol } from '../../../src/cluster/shard-of.js';
import type { Event } from '../../../src/events/event.js';
import { eventsOfBatch } from '../../../src/events/fold.js';
import { Exchange } from '../../../src/exchange/exchange.js';
import { silentLogger } from '../../../src/resilience/logger.js';
import { CommandConsumer } from '../../../src/intake/command-consumer.js';
import { FailingKafkaClient } from '../../support/log/failing-kafka-client.js';
import { kafkaClient, readCommitted } from '../../support/servers/kafka-client.js';
import { describeWithServer } from '../../support/needs/suite.js';
import { PATIENCE_MS } from '../../support/patience.js';

const SHARDS = 2;

/** One process's hold on one shard, taking commands from the topic. */
interface ShardProcess {
  readonly exchange: Exchange;
  readonly consumer: CommandConsumer<never>;
  readonly log: KafkaLog;
  readonly commands: CommandTopic;
  readonly client: () => FailingKafkaClient;
  end(): Promise<void>;
}

let prefixes = 0;

await describeWithServer('kafka', 'commands in a topic', ({ address }) => {
  const connection = { brokers: address.split(','), patienceMs: PATIENCE_MS };
  let prefix: string;
  let producer: Producer;
  const producers: Producer[] = [];
  const processes: ShardProcess[] = [];
  const symbols = Array.from({ length: 20 }, (_, index) => `SYM${index}`);
  const symbolOf = (shard: number): string => symbols.find((symbol) => shardOfSymbol(symbol, SHARDS) === shard) ?? '';

  beforeEach(async () => {
    prefix = `intake-${process.pid}-${Date.now()}-${++prefixes}`;
    await ensureTopics(connection, { prefix, shards: SHARDS });
    producer = kafkaClient(connection.brokers).producer();
    producers.push(producer);
    await producer.connect();
  });

  afterEach(async () => {
    for (const each of producers.splice(0)) await each.disconnect();
    for (const shard of processes.splice(0)) await shard.end();
  });

  async function open(number: number): Promise<ShardProcess> {
    const commands = new CommandTopic({ connection, prefix, shard: number });
    let last: FailingKafkaClient | undefined;
    const connect = (): FailingKafkaClient => (last = new FailingKafkaClient(connection));
    const log = new KafkaLog({ connection, topic: prefix, shard: number, shards: SHARDS, connect });
    const exchange = await Exchange.open(log);
    log.writer?.attach(commands);
    const settle = async (): Promise<void> => log.writer?.settle();
    const consumer = new CommandConsumer({ source: commands, exchange, shards: SHARDS, logger: silentLogger, settle });
    const client = (): FailingKafkaClient => last as FailingKafkaClient; // opening made it
    const shard = {
      ...{ exchange, consumer: consumer as unknown as CommandConsumer<never>, log, commands, client }, // what it takes is its own matter
      end: async () => {
        await consumer.end();
        await exchange.close().catch(() => undefined);
        await commands.close();
        await log.close();
      },
    };
    processes.push(shard);
    return shard;
  }

  const send = (instrument: string, ...values: (object | string)[]): Promise<unknown> =>
    producer.send({
      topic: topicNames(prefix).commands,
      messages: values.map((value) => ({
        key: instrument,
        value: typeof value === 'string' ? value : JSON.stringify(value),
      })),
    });

  const post = (id: string, instrument: string, quantity = '10'): object => ({
    ...{ clientIntentionId: id, participant: 'ann', instrument, side: 'buy', price: '5', quantity },
  });

  async function events(log: KafkaLog): Promise<Event[]> {
    const all: Event[] = [];
    for await (const batch of log.read(0)) for (const { event } of eventsOfBatch(batch)) all.push(event);
    return all;
  }

  it('Commands in a topic are taken as a plain producer writes them, keyed by instrument, each once over restarts', async () => {
    const symbol = symbolOf(0);
    const first = await open(0);
    await first.exchange.list({ symbol, tickSize: '1', lotSize: '1' });
    first.consumer.start();
    await send(symbol, post('a', symbol), post('b', symbol));
    await expect.poll(() => first.consumer.counts.taken).toBe(2);
    await send(symbol, { command: 'reduce', id: '1', by: '3' });
    await expect.poll(() => first.consumer.counts.taken).toBe(3);
    await first.end();
    const second = await open(0);
    second.consumer.start();
    await send(symbol, post('c', symbol));
    await expect.poll(() => second.consumer.counts.taken).toBe(1);
    await second.exchange.log.flushed();
    const all = await events(second.log);
    expect(all.filter(({ type }) => type === 'IntentionPosted')).toHaveLength(3);
    expect(all.filter(({ type }) => type === 'IntentionReduced')).toHaveLength(1);
  });

  it('Commands in a topic are carried out once although the answer to the commit was lost, or the commit', async () => {
    const symbol = symbolOf(0);
    const first = await open(0);
    await first.exchange.list({ symbol, tickSize: '1', lotSize: '1' });
    await first.exchange.post({ ...post('a', symbol, '100'), side: 'buy' } as Parameters<Exchange['post']>[0]);
    for (const stored of [true, false]) {
      const shard = processes.at(-1) ?? first;
      shard.client().failNextCommit(stored);
      shard.consumer.start();
      await send(symbol, { command: 'reduce', id: '1', by: '1' });
      await expect.poll(() => shard.exchange.status().state).toBe('stopped');
      await shard.end();
      (await open(0)).consumer.start();
    }
    const last = processes.at(-1) ?? first;
    await send(symbol, post('end', symbol));
    await expect
      .poll(async () => (await events(last.log)).filter(({ type }) => type === 'IntentionPosted').length)
      .toBe(2);
    expect((await events(last.log)).filter(({ type }) => type === 'IntentionReduced')).toHaveLength(2);
  });

  it('Commands in a topic that began under a writer that failed are left to the one after it, which opens the shard in the same process', async () => {
    const symbol = symbolOf(0);
    const shard = await open(0);
    await shard.exchange.list({ symbol, tickSize: '1', lotSize: '1' });
    await send(symbol, post('a', symbol));
    for await (const [record] of shard.commands.follow(new AbortController().signal)) {
      // It begins during an append that fails: noted, and its event is never handed over.
      if (record !== undefined) shard.commands.starting(record);
      break;
    }
    await shard.exchange.close();
    const exchange = await Exchange.open(shard.log);
    await exchange.list({ symbol, tickSize: '1', lotSize: '1' });
    await exchange.close();
    const client = new KafkaClient(connection);
    const place = { topic: topicNames(prefix).commands, partition: 0 };
    const taken = await client.committedOffset(commandsGroup(prefix), place).finally(() => client.close());
    expect(taken).toBeUndefined();
  });

  it('Commands in a topic become dead letters with the reason where they are no commands or are refused, and those behind them are taken', async () => {
    const symbol = symbolOf(0);
    const shard = await open(0);
    await shard.exchange.list({ symbol, tickSize: '1', lotSize: '1' });
    shard.consumer.start();
    const key = symbol;
    await producer.send({ topic: topicNames(prefix).commands, messages: [{ key, value: 'no JSON', partition: 0 }] });
    await send(symbol, post('a', symbol, '0'), { command: 'dance' }, post('b', symbol));
    await expect.poll(() => shard.consumer.counts).toEqual({ taken: 1, refused: 3, forwarded: 0 });
    const deadLetters = await readCommitted(kafkaClient(connection.brokers), topicNames(prefix).deadLetters, 3);
    expect(deadLetters[0]).toBe('no JSON');
    expect(deadLetters).toHaveLength(3);
  });

  it('Commands in a topic are sent on where their producer put them into another shard’s partition', async () => {
    const symbol = symbolOf(1);
    const wrong = await open(0);
    const right = await open(1);
    await right.exchange.list({ symbol, tickSize: '1', lotSize: '1' });
    wrong.consumer.start();
    right.consumer.start();
    const value = JSON.stringify(post('a', symbol));
    await producer.send({ topic: topicNames(prefix).commands, messages: [{ key: symbol, value, partition: 0 }] });
    await expect.poll(() => right.consumer.counts.taken).toBe(1);
    await expect.poll(() => wrong.consumer.counts).toEqual({ taken: 0, refused: 0, forwarded: 1 });
  });
});
