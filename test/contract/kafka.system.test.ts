import { beforeAll } from 'vitest';
import { type LocalKafka, startLocalKafka } from '../../infra/kafka/local/local-kafka.js';
import type { KafkaConnection } from '../../infra/kafka/connection.js';
import type { TopicFormat } from '../../infra/kafka/events/topic-format.js';
import { KafkaLog } from '../../infra/kafka/kafka-log.js';
import { FailingKafkaClient } from '../support/log/failing-kafka-client.js';
import { ask, describeWith, describeWithServer } from '../support/needs/suite.js';
import { PATIENCE_MS } from '../support/patience.js';
import { LOCAL_BROKER } from '../support/servers/kafka.js';
import { describeLogContract, type LogMedium } from './log-contract.js';

let topics = 0;

/** Each instance of the log writes in the next of these forms, and reads what all wrote. */
type Forms = readonly TopicFormat[];

async function kafka(brokers: readonly string[], forms: Forms, restart: LogMedium['restart']): Promise<LogMedium> {
  const topic = `contract-${process.pid}-${Date.now()}-${++topics}`;
  const logs: KafkaLog[] = [];
  const clients: FailingKafkaClient[] = [];
  let connection: KafkaConnection = { brokers };
  return {
    instance: () => {
      const connect = (...args: ConstructorParameters<typeof FailingKafkaClient>): FailingKafkaClient => {
        const client = new FailingKafkaClient(...args);
        clients.push(client);
        return client;
      };
      const format = forms[logs.length % forms.length];
      const log = new KafkaLog({ connection, topic, shard: 0, format, connect });
      logs.push(log);
      return log;
    },
    failNext: (stored) => {
      for (const client of clients) client.failNextCommit(stored);
    },
    restart:
      typeof restart === 'string'
        ? restart
        : async () => {
            await restart();
            // A broker that has just come back shows what was committed once its coordinator has ended the transactions.
            connection = { brokers, patienceMs: PATIENCE_MS };
          },
    dispose: async () => {
      for (const log of logs) await log.close();
    },
  };
}

/** Only a broker of one's own may be killed and started again amid other suites. */
await describeWith('local-kafka', 'Kafka, a broker of its own', () => {
  let local: LocalKafka;
  beforeAll(async () => {
    local = await startLocalKafka();
    return () => local.stop();
  });
  const restart = async (): Promise<void> => {
    await local.node(1).kill();
    await local.node(1).start();
  };
  describeLogContract('Kafka, a broker of its own', () => kafka(local.brokers, ['binary', 'json'], restart));
});

const shared = await ask('kafka');
if (!('origin' in shared && shared.origin === LOCAL_BROKER)) {
  await describeWithServer('kafka', 'Kafka', ({ address, origin }) => {
    const brokers = address.split(',');
    const shared = 'the broker is shared with other suites';
    for (const forms of [['binary'], ['json']] as const)
      describeLogContract(`Kafka, ${origin}, ${forms.join()}`, () => kafka(brokers, forms, shared));
  });
}
