import { expect, it } from 'vitest';
import {
  createTopic,
  kafkaClient,
  readCommitted,
  sendOne,
  transactionalProducer,
} from '../../support/servers/kafka-client.js';
import { ask, describeWithServer } from '../../support/needs/suite.js';

await describeWithServer('kafka', 'the Kafka that a run of the tests shares', ({ address, origin }) => {
  it('The Kafka that a run of the tests shares takes transactions', async () => {
    const client = kafkaClient(address.split(','));
    const topic = `shared-${process.pid}-${Date.now()}`;
    await createTopic(client, topic);
    const producer = await transactionalProducer(client, topic);
    await sendOne(producer, topic, 'hello', 'commit');
    await producer.disconnect();
    expect(await readCommitted(client, topic, 1)).toEqual(['hello']);
  });

  it('The Kafka that a run of the tests shares is the same for all who ask', async () => {
    expect(await ask('kafka')).toEqual({ address, origin });
  });
});
