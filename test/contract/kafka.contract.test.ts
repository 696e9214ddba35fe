import { describe, it } from 'vitest';
import { KafkaLog } from '../../infra/kafka/kafka-log.js';
import { FailingKafkaClient } from '../support/log/failing-kafka-client.js';
import { describeLogContract } from './log-contract.js';

const brokers = process.env.PARLEY_TEST_KAFKA?.split(',');
let topics = 0;

if (brokers === undefined) {
  describe.skip('log contract: Kafka (PARLEY_TEST_KAFKA names no broker)', () => {
    it('runs against a broker', () => undefined);
  });
} else {
  describeLogContract('Kafka', async () => {
    const topic = `contract-${process.pid}-${Date.now()}-${++topics}`;
    const logs: KafkaLog[] = [];
    const failing = new Set<FailingKafkaClient>();
    return {
      instance: () => {
        const connect = (connection: { brokers: readonly string[] }): FailingKafkaClient => {
          const client = new FailingKafkaClient(connection);
          failing.add(client);
          return client;
        };
        const log = new KafkaLog({ connection: { brokers }, topic, shard: 0, connect });
        logs.push(log);
        return log;
      },
      failNext: (stored) => {
        for (const client of failing) client.failNextCommit(stored);
      },
      restart: 'the broker is shared with other suites',
      dispose: async () => {
        for (const log of logs) await log.close();
      },
    };
  });
}
