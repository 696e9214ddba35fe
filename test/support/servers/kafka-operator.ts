/** Does to topics what an operator, or another program, may do to them behind an exchange's back. */
import type { Admin, IHeaders } from 'kafkajs';
import { until } from '../patience.js';
import { kafkaClient, transactionalProducer } from './kafka-client.js';

export interface HeldTransaction {
  end(how: 'commit' | 'abort'): Promise<void>;
}

/** Of three brokers one that has not heard yet is not asked then once in three thousand times. */
const ASKED_TIMES = 20;

let producers = 0;

export class KafkaOperator {
  private readonly ending: (() => Promise<void>)[] = [];

  private constructor(
    private readonly brokers: string[],
    readonly admin: Admin,
  ) {}

  static async at(brokers: readonly string[]): Promise<KafkaOperator> {
    const admin = kafkaClient([...brokers]).admin();
    await admin.connect();
    return new KafkaOperator([...brokers], admin);
  }

  async end(): Promise<void> {
    for (const end of this.ending.splice(0)) await end();
    await this.admin.disconnect();
  }

  /** A record in a transaction that stays open until it is ended. */
  async hold(topic: string, partition = 0): Promise<HeldTransaction> {
    const producer = await transactionalProducer(kafkaClient(this.brokers), `${topic}-other-${++producers}`);
    this.ending.push(() => producer.disconnect());
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ key: 'other', value: 'of another', partition }] });
    return { end: (how) => transaction[how]() };
  }

  async write(topic: string, ...messages: { value: string; headers?: IHeaders; partition?: number }[]): Promise<void> {
    const producer = kafkaClient(this.brokers).producer();
    await producer.connect();
    await producer.send({ topic, messages: messages.map((message) => ({ partition: 0, ...message })) });
    await producer.disconnect();
  }

  /** Deletes what stands before an offset; all of it with '-1'. */
  async deleteRecords(topic: string, offset: string): Promise<void> {
    await this.admin.fetchTopicOffsets(topic); // it must have heard of the topic before it can find who leads it
    await this.admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset }] });
  }

  async deleteTopic(topic: string): Promise<void> {
    await this.admin.deleteTopics({ topics: [topic] });
    await this.everywhere(`${topic} is gone`, async (admin) => !(await admin.listTopics()).includes(topic));
  }

  async makeTopic(topic: string, numPartitions = 1): Promise<void> {
    await this.admin.createTopics({ topics: [{ topic, numPartitions }], waitForLeaders: false });
    await until(`${topic} is there`, () =>
      this.admin.fetchTopicOffsets(topic).then(
        () => true,
        () => false,
      ),
    );
  }

  /** Adds partitions to topics, up to so many each. */
  async widen(topics: readonly string[], count: number): Promise<void> {
    await this.admin.createPartitions({ topicPartitions: topics.map((topic) => ({ topic, count })) });
    await this.everywhere(`${topics.join(', ')} are widened`, async (admin) => {
      const { topics: found } = await admin.fetchTopicMetadata({ topics: [...topics] });
      return found.every(({ partitions }) => partitions.length === count);
    });
  }

  async remakeTopic(topic: string, partitions = 1): Promise<void> {
    await this.deleteTopic(topic);
    await this.makeTopic(topic, partitions);
  }

  /** Waits until every broker says so: they hear of a change one after the other, and kafkajs asks whichever it likes. */
  private async everywhere(what: string, isSo: (admin: Admin) => Promise<boolean>): Promise<void> {
    const times = this.brokers.length === 1 ? 1 : ASKED_TIMES;
    await until(what, async () => {
      for (let time = 0; time < times; time++) {
        const admin = kafkaClient(this.brokers).admin();
        await admin.connect();
        if (!(await isSo(admin).finally(() => admin.disconnect()))) return false;
      }
      return true;
    });
  }
}
