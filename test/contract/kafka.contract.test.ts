import { describe, it } from 'vitest';
import { KafkaLog } from '../../infra/kafka/kafka-log.js';
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
    return {
      instance: () => {
        const log = new KafkaLog({ connection: { brokers }, topic, shard: 0 });
        logs.push(log);
        return log;
      },
      dispose: async () => {
        for (const log of logs) await log.close();
      },
    };
  });
}
