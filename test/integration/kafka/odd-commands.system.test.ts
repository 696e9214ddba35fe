/** What a program may write to the topic of commands that is no command, and that the commands after it are carried out all the same. */
import { CompressionTypes, type IHeaders, type Message, type Producer } from 'kafkajs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CommandTopic } from '../../../infra/kafka/topics/command-topic.js';
import { KafkaLog } from '../../../infra/kafka/kafka-log.js';
import { ensureTopics, topicNames } from '../../../infra/kafka/topics/topics.js';
import { Exchange } from '../../../src/exchange/exchange.js';
import { silentLogger } from '../../../src/resilience/logger.js';
import type { KafkaRecord } from '../../../infra/kafka/protocol/in-record.js';
import { CommandConsumer } from '../../../src/intake/command-consumer.js';
import { kafkaClient } from '../../support/servers/kafka-client.js';
import { describeWithServer } from '../../support/needs/suite.js';
import { PATIENCE_MS } from '../../support/patience.js';

const SYMBOL = 'ACME';
const ALMOST_1_MB = 1_048_400;
let prefixes = 0;

const post = (id: string): string =>
  JSON.stringify({
    ...{ clientIntentionId: id, participant: 'ann', instrument: SYMBOL, side: 'buy', price: '5', quantity: '10' },
  });

/** Each with what its dead letter says. */
const odd: Readonly<Record<string, readonly [message: Message, code: string, detail: RegExp]>> = {
  'no JSON': [{ key: SYMBOL, value: 'hello' }, 'INVALID_COMMAND', /^it is not JSON$/],
  'a tombstone': [{ key: SYMBOL, value: null }, 'INVALID_COMMAND', /^it is not JSON$/],
  'an empty value': [{ key: SYMBOL, value: '' }, 'INVALID_COMMAND', /^it is not JSON$/],
  'no UTF-8': [{ key: SYMBOL, value: Buffer.from([0x22, 0xff, 0xfe, 0x22]) }, 'INVALID_COMMAND', /^it is not UTF-8$/],
  'a list': [{ key: SYMBOL, value: `[${post('in-a-list')}]` }, 'INVALID_COMMAND', /^a command is a JSON object$/],
  'a huge value': [{ key: SYMBOL, value: 'x'.repeat(ALMOST_1_MB) }, 'INVALID_COMMAND', /^a command is 64 KiB at most$/],
  'a command with huge blanks': [
    { key: SYMBOL, value: post('blanks') + ' '.repeat(1_000_000) },
    'INVALID_COMMAND',
    /^a command is 64 KiB at most$/,
  ],
  'a huge key': [{ key: 'k'.repeat(ALMOST_1_MB), value: 'hello' }, 'INVALID_COMMAND', /^it is not JSON$/],
  'a huge header': [
    { key: SYMBOL, value: 'hello', headers: { h: 'x'.repeat(1_048_000) } },
    'INVALID_COMMAND',
    /^it is not JSON$/,
  ],
};

await describeWithServer('kafka', 'what is no command', ({ address }) => {
  const connection = { brokers: address.split(','), patienceMs: PATIENCE_MS };
  const kafka = kafkaClient(connection.brokers);
  let prefix: string;
  let producer: Producer;
  let consumer: CommandConsumer<KafkaRecord>;
  const ending: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    prefix = `odd-${process.pid}-${Date.now()}-${++prefixes}`;
    await ensureTopics(connection, { prefix });
    producer = kafka.producer();
    ending.push(() => producer.disconnect());
    await producer.connect();
    const log = new KafkaLog({ connection, topic: prefix, shard: 0 });
    ending.push(() => log.close());
    const commands = new CommandTopic({ connection, prefix, shard: 0 });
    ending.push(() => commands.close());
    const exchange = await Exchange.open(log);
    ending.push(() => exchange.close().catch(() => undefined));
    log.writer?.attach(commands);
    const settle = async (): Promise<void> => log.writer?.settle();
    consumer = new CommandConsumer({ source: commands, exchange, shards: 1, logger: silentLogger, settle });
    await exchange.list({ symbol: SYMBOL, tickSize: '1', lotSize: '1' });
    ending.push(() => consumer.end());
    consumer.start();
  });

  afterEach(async () => {
    for (const end of ending.splice(0).reverse()) await end();
  });

  /** The partition is named because kafkajs takes minutes to hash a key of a megabyte. */
  const send = (messages: Message[], compression = CompressionTypes.None): Promise<unknown> =>
    producer.send({
      topic: topicNames(prefix).commands,
      messages: messages.map((message) => ({ ...message, partition: 0 })),
      compression,
    });

  async function readDeadLetters(count: number): Promise<Message[]> {
    const reader = kafka.consumer({ groupId: `${prefix}-letters` });
    await reader.connect();
    await reader.subscribe({ topic: topicNames(prefix).deadLetters, fromBeginning: true });
    const deadLetters: Message[] = [];
    await new Promise<void>((resolve, reject) => {
      const eachMessage = async ({ message }: { message: Message }): Promise<void> => {
        if (deadLetters.push(message) === count) resolve();
      };
      reader.run({ eachMessage }).catch(reject);
    });
    await reader.disconnect();
    return deadLetters;
  }

  it('What is no command becomes a dead letter with code, detail and offset, each kind of it, and what comes after it is carried out', async () => {
    for (const [at, [message]] of Object.values(odd).entries()) {
      await send([message]);
      await send([{ key: SYMBOL, value: post(`after-${at}`) }]);
    }
    const count = Object.keys(odd).length;
    await expect.poll(() => consumer.counts).toEqual({ taken: count, refused: count, forwarded: 0 });
    const deadLetters = await readDeadLetters(count);
    Object.entries(odd).forEach(([name, [, code, detail]], at) => {
      const said = headersOf(deadLetters[at]?.headers);
      expect(said, name).toMatchObject({ 'parley-code': code, 'parley-offset': String(2 * at) });
      expect(said['parley-detail'], name).toMatch(detail);
    });
    expect(deadLetters[0]?.value?.toString()).toBe('hello');
    const huge = deadLetters[Object.keys(odd).indexOf('a huge value')];
    expect(huge?.value).toHaveLength(1_000);
    expect(headersOf(huge?.headers)['parley-cut-from-bytes']).toBe(String(ALMOST_1_MB));
  });

  it('What is no command is read whatever its key: none at all, or another than its instrument', async () => {
    await send([
      { key: null, value: post('without-a-key') },
      { key: Buffer.from([0xff, 0x00]), value: post('with-another') },
      { key: null, value: 'hello' },
    ]);
    await expect.poll(() => consumer.counts).toEqual({ taken: 2, refused: 1, forwarded: 0 });
  });

  it('What is no command is read from batches that their producer compressed, for the broker undoes it', async () => {
    const many = Array.from({ length: 50 }, (_, at) => ({ key: SYMBOL, value: post(`gzip-${at}`) }));
    await send([...many, { key: SYMBOL, value: 'hello' }], CompressionTypes.GZIP);
    await expect.poll(() => consumer.counts).toEqual({ taken: 50, refused: 1, forwarded: 0 });
  });
});

function headersOf(headers: IHeaders | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]));
}
