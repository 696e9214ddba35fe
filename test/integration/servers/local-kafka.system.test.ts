import { beforeAll, expect, it } from 'vitest';
import { LOCAL_CREDENTIALS } from '../../../infra/kafka/local/layout.js';
import { type LocalKafka, startLocalKafka } from '../../../infra/kafka/local/local-kafka.js';
import { knownNodes } from '../../../infra/kafka/local/readiness.js';
import { freePorts } from '../../../infra/kafka/local/ports.js';
import { Cut } from '../../support/servers/cut.js';
import {
  createTopic,
  kafkaClient,
  readCommitted,
  sendOne,
  transactionalProducer,
} from '../../support/servers/kafka-client.js';
import { describeWith } from '../../support/needs/suite.js';
import { whenSuiteIsOver } from '../../support/when-over.js';

await describeWith('local-kafka', 'a local Kafka of one node', () => {
  const whenOver = whenSuiteIsOver();
  let kafka: LocalKafka;
  let proxy: Cut;
  const named = { mechanism: 'scram-sha-256', ...LOCAL_CREDENTIALS } as const;

  beforeAll(async () => {
    const [proxyPort = 0] = await freePorts(1);
    kafka = await startLocalKafka({ security: 'sasl', proxyPorts: [proxyPort] });
    whenOver(() => kafka.stop());
    proxy = await Cut.open({ target: kafka.behindProxies[0] ?? '', port: proxyPort });
    whenOver(() => proxy.close());
  });

  it('A local Kafka of one node shows readers of committed records no aborted one, and keeps the others when it is stopped and started', async () => {
    const client = kafkaClient(kafka.brokers, named);
    await createTopic(client, 'kept');
    const producer = await transactionalProducer(client, 'keeper');
    await sendOne(producer, 'kept', 'first', 'commit');
    await sendOne(producer, 'kept', 'never', 'abort');
    await producer.disconnect();
    await kafka.node(1).stop();
    expect(kafka.isRunning).toBe(false);
    await kafka.node(1).start();
    const successor = await transactionalProducer(client, 'keeper');
    await sendOne(successor, 'kept', 'second', 'commit');
    await successor.disconnect();
    expect(await readCommitted(client, 'kept', 2)).toEqual(['first', 'second']);
  });

  it('A local Kafka of one node refuses clients with a wrong password, by either mechanism', async () => {
    for (const mechanism of ['plain', 'scram-sha-512'] as const) {
      const right = kafkaClient(kafka.brokers, { mechanism, ...LOCAL_CREDENTIALS }).admin();
      await right.connect();
      await right.disconnect();
      const wrong = kafkaClient(kafka.brokers, { mechanism, username: 'parley', password: 'guessed' }, 0).admin();
      await expect(wrong.connect()).rejects.toThrow(/authentication failed/i);
      await wrong.disconnect();
    }
  });

  it('A local Kafka of one node keeps clients that come through a proxy on it, so that they are cut off with it and come back with it', async () => {
    const client = kafkaClient([proxy.address]);
    await createTopic(client, 'proxied');
    const producer = await transactionalProducer(client, 'behind');
    await sendOne(producer, 'proxied', 'before', 'commit');
    await proxy.cut();
    await expect(kafkaClient([proxy.address], undefined, 0).admin().connect()).rejects.toThrow(/ECONNREFUSED/);
    await proxy.resume();
    await sendOne(producer, 'proxied', 'after', 'commit');
    await producer.disconnect();
    expect(await readCommitted(client, 'proxied', 2)).toEqual(['before', 'after']);
  });
});

await describeWith('local-kafka', 'a local Kafka of three nodes', () => {
  const whenOver = whenSuiteIsOver();
  let kafka: LocalKafka;

  beforeAll(async () => {
    kafka = await startLocalKafka({ nodes: 3 });
    whenOver(() => kafka.stop());
  });

  it('Each node of a local Kafka of three nodes knows all three', async () => {
    // Later too one that a busy machine keeps from its heartbeats is not counted for a while.
    const counted = async (): Promise<number[][]> =>
      Promise.all(kafka.brokers.map(async (each) => (await knownNodes(each)).toSorted()));
    await expect.poll(counted).toEqual([1, 2, 3].map(() => [1, 2, 3]));
  });
});
