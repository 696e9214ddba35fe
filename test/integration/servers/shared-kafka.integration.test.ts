import { expect, inject, it } from 'vitest';
import {
  createTopic,
  kafkaClient,
  readCommitted,
  sendOne,
  transactionalProducer,
} from '../../support/servers/kafka-client.js';
import { describeWithServer } from '../../support/servers/suite.js';

await describeWithServer('kafka', 'the Kafka that a run of the tests shares', ({ address, origin }) => {
  it('takes transactions', async () => {
    const client = kafkaClient(address.split(','));
    const topic = `shared-${Date.now()}`;
    await createTopic(client, topic);
    const producer = await transactionalProducer(client, topic);
    await sendOne(producer, topic, 'hello', 'commit');
    await producer.disconnect();
    expect(await readCommitted(client, topic, 1)).toEqual(['hello']);
  }, 60_000);

  it('is the same for all who ask', async () => {
    const again = await fetch(`${inject('testServers')}/kafka`);
    expect(await again.json()).toMatchObject({ address, origin });
  });
});
