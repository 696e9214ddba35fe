import { Kafka, logLevel, type Message as KafkaMessage, type Producer } from 'kafkajs';
import { ensureTopics, topicNames } from '../../../infra/kafka/topics/topics.js';

export type Message = KafkaMessage;

/** A record batch must stay below a broker's usual limit of 1 MiB. */
const RECORDS_A_SEND = 2_000;
/** Between two transactions a producer waits for the end of the first to be written; the default of 300 ms would measure the wait. */
const RETRY = { initialRetryTime: 2, maxRetryTime: 20, factor: 0, multiplier: 2, retries: 1_000 };

/** kafkajs by itself: a transactional producer as its documentation has it, one send after the other. */
export class BareProducer {
  private constructor(
    private readonly producer: Producer,
    private readonly topic: string,
  ) {}

  static async connect(brokers: readonly string[], prefix: string): Promise<BareProducer> {
    await ensureTopics({ brokers }, { prefix, shards: 1 });
    const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING, retry: RETRY });
    const producer = kafka.producer({ transactionalId: prefix, idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    return new BareProducer(producer, topicNames(prefix).events);
  }

  /** Sends the messages over and over, so many a transaction; how many a second were committed. */
  async run(messages: readonly Message[], recordsATransaction: number, seconds: number): Promise<number> {
    const from = performance.now();
    let sent = 0;
    let at = 0;
    while (performance.now() - from < 1_000 * seconds) {
      const transaction = await this.producer.transaction();
      for (let left = recordsATransaction; left > 0; left -= RECORDS_A_SEND) {
        const some = messages.slice(at, at + Math.min(left, RECORDS_A_SEND));
        at = at + RECORDS_A_SEND >= messages.length ? 0 : at + RECORDS_A_SEND;
        await transaction.send({ topic: this.topic, messages: some, acks: -1 });
        sent += some.length;
        if (performance.now() - from > 2_000 * seconds) break;
      }
      await transaction.commit();
    }
    return (1_000 * sent) / (performance.now() - from);
  }

  close(): Promise<void> {
    return this.producer.disconnect();
  }
}
