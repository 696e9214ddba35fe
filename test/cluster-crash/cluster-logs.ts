/** The topics of a cluster, for those who read them from outside: as a log of each shard, or by the verbs. */
import type { KafkaConnection } from '../../infra/kafka/connection.js';
import { KafkaLog } from '../../infra/kafka/kafka-log.js';
import { PATIENCE_MS } from '../support/patience.js';

export class ClusterLogs {
  constructor(
    readonly brokers: readonly string[],
    /** What the names of its topics begin with. */
    readonly topic: string,
  ) {}

  get connection(): KafkaConnection {
    return { brokers: this.brokers, patienceMs: PATIENCE_MS };
  }

  /** The options by which a verb finds the topics, or the log of one shard. */
  where(shard?: number): readonly string[] {
    const topics = ['--log', 'kafka', '--brokers', this.brokers.join(','), '--topic', this.topic];
    return shard === undefined ? topics : [...topics, '--shard', String(shard)];
  }

  log(shard: number): KafkaLog {
    return new KafkaLog({ connection: this.connection, topic: this.topic, shard });
  }
}
