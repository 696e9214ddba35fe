import { afterEach, beforeEach, expect, it } from 'vitest';
import { KafkaLog } from '../../../infra/kafka/kafka-log.js';
import { ensureTopics, topicNames } from '../../../infra/kafka/topics/topics.js';
import type { Logger } from '../../../src/resilience/logger.js';
import { describeWithServer } from '../../support/needs/suite.js';
import { KafkaOperator } from '../../support/servers/kafka-operator.js';

let prefixes = 0;

await describeWithServer('kafka', 'the number of a log’s shards', ({ address }) => {
  const connection = { brokers: address.split(',') };
  const ending: (() => Promise<void>)[] = [];
  let operator: KafkaOperator;
  let prefix: string;

  beforeEach(async () => {
    prefix = `shards-${process.pid}-${Date.now()}-${++prefixes}`;
    operator = await KafkaOperator.at(connection.brokers);
    ending.push(() => operator.end());
  });

  afterEach(async () => {
    for (const end of ending.splice(0)) await end();
  });

  function makeLog(options: { shard?: number; shards?: number; log?: Logger } = {}): KafkaLog {
    const made = new KafkaLog({ connection, topic: prefix, shard: 0, ...options });
    ending.push(() => made.close());
    return made;
  }

  async function partitionsOf(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const { topics: found } = await operator.admin.fetchTopicMetadata({ topics: [...topics] });
    return new Map(found.map(({ name, partitions }) => [name, partitions.length]));
  }

  it.each([
    ['all topics', (names: readonly string[]) => names],
    ['the topic of events alone', (names: readonly string[]) => names.slice(0, 1)],
  ])('The number of a log’s shards stays what it was when partitions are added to %s', async (_which, widened) => {
    const first = await makeLog({ shards: 2 }).open();
    await first.close();
    const { members: _, ...sharded } = topicNames(prefix);
    await operator.widen(widened(Object.values(sharded)), 4);
    const refusal = {
      code: 'LOG_REFUSED',
      message: expect.stringContaining(`${sharded.events} has 4 partitions`) as string,
    };
    await expect(makeLog().open()).rejects.toMatchObject(refusal);
    await expect(makeLog().open()).rejects.toMatchObject({ message: expect.stringContaining('--shards 2') as string });
    await expect(makeLog({ shards: 4 }).open()).rejects.toMatchObject({ code: 'LOG_REFUSED' });
    const said: string[] = [];
    const say = (_details: object, message: string): void => void said.push(message);
    const writer = await makeLog({ shards: 2, log: { info: say, warn: say, error: say } }).open();
    expect(writer.epoch).toBe(2);
    expect(said).toEqual([expect.stringContaining('nobody reads what is written to those beyond')]);
    await expect(makeLog({ shard: 2, shards: 2 }).open()).rejects.toMatchObject({ code: 'LOG_REFUSED' });
  });

  it('The number of a log’s shards is one number, whichever of several that begin at once makes the topics', async () => {
    const wanted = [undefined, 4, undefined, 4, 2, undefined];
    const outcomes = await Promise.allSettled(wanted.map((shards) => ensureTopics(connection, { prefix, shards })));
    const counts = await partitionsOf(Object.values(topicNames(prefix)));
    const count = counts.get(topicNames(prefix).events);
    const { members, ...sharded } = topicNames(prefix);
    for (const topic of Object.values(sharded)) expect([topic, counts.get(topic)]).toEqual([topic, count]);
    expect(counts.get(members)).toBe(1);
    outcomes.forEach((outcome, at) => {
      const isRight = wanted[at] === undefined || wanted[at] === count;
      if (isRight) expect(outcome).toEqual({ status: 'fulfilled', value: count });
      else expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'LOG_REFUSED' } });
    });
  });

  it('The number of a log’s shards is that of the events’ topic when its maker died before it made the rest', async () => {
    const names = topicNames(prefix);
    await operator.makeTopic(names.events, 3);
    await operator.makeTopic(names.claims, 3);
    expect(await ensureTopics(connection, { prefix })).toBe(3);
    expect((await partitionsOf([names.commands])).get(names.commands)).toBe(3);
    await expect(ensureTopics(connection, { prefix, shards: 2 })).rejects.toMatchObject({
      code: 'LOG_REFUSED',
      message: expect.stringContaining('has 3 partitions, and not 2') as string,
    });
  });
});
