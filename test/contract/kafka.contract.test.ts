import { afterAll } from 'vitest';
import { missingTool } from '../../infra/kafka/local/installation.js';
import { startLocalKafka } from '../../infra/kafka/local/local-kafka.js';
import { KafkaLog } from '../../infra/kafka/kafka-log.js';
import { FailingKafkaClient } from '../support/log/failing-kafka-client.js';
import { missingEngine } from '../support/servers/container-engine.js';
import { describeWithServer } from '../support/servers/suite.js';
import { describeLogContract, type LogMedium } from './log-contract.js';

let topics = 0;

function kafka(brokers: readonly string[], restart: LogMedium['restart']): () => Promise<LogMedium> {
  return async () => {
    const topic = `contract-${process.pid}-${Date.now()}-${++topics}`;
    const logs: KafkaLog[] = [];
    const clients: FailingKafkaClient[] = [];
    return {
      instance: () => {
        const connect = (...args: ConstructorParameters<typeof FailingKafkaClient>): FailingKafkaClient => {
          const client = new FailingKafkaClient(...args);
          clients.push(client);
          return client;
        };
        const log = new KafkaLog({ connection: { brokers }, topic, shard: 0, connect });
        logs.push(log);
        return log;
      },
      failNext: (stored) => {
        for (const client of clients) client.failNextCommit(stored);
      },
      restart,
      dispose: async () => {
        for (const log of logs) await log.close();
      },
    };
  };
}

/** A broker of its own, where that can be had: only such a one may be killed and started again amid other suites. */
const isLocal = process.env.PARLEY_TEST_KAFKA === undefined && (await missingEngine()) !== undefined;
if (isLocal && (await missingTool()) === undefined) {
  const local = await startLocalKafka();
  afterAll(() => local.stop());
  const restart = async (): Promise<void> => {
    await local.node(1).kill('SIGKILL');
    await local.node(1).start();
  };
  describeLogContract('Kafka, a local broker', kafka(local.brokers, restart));
} else {
  await describeWithServer('kafka', 'Kafka', ({ address, origin }) => {
    describeLogContract(`Kafka, ${origin}`, kafka(address.split(','), 'the broker is shared with other suites'));
  });
}
