import type { KafkaConnection, SaslCredentials } from '../../../infra/kafka/connection.js';
import type { TopicFormat } from '../../../infra/kafka/events/topic-format.js';

export type { TopicFormat };

/** Where a log is, completely: plain data, so that it can be sent to a thread. */
export type LogSettings = EmbeddedSettings | KafkaSettings | EventStoreSettings;

export type LogKind = LogSettings['kind'];

export const logKinds = ['embedded', 'kafka', 'eventstoredb'] as const satisfies readonly LogKind[];

interface AnySettings {
  readonly shard: number;
  /** The embedded log's folder; for the others, what is made from the log lies in folders below it. */
  readonly data: string;
  /** Where the query store is instead of there. */
  readonly store?: string | undefined;
}

export interface EmbeddedSettings extends AnySettings {
  readonly kind: 'embedded';
  /** Among how many shards the folder is divided, should nobody have begun a log there yet. It is refused where there are others. */
  readonly shards?: number | undefined;
}

export interface KafkaSettings extends AnySettings {
  readonly kind: 'kafka';
  /** Prefix of the topics' names. */
  readonly topic: string;
  /** How many shards the topics get, should they have to be made. */
  readonly shards?: number | undefined;
  /** How events are written from now on; as the last one was unless said otherwise. */
  readonly format?: TopicFormat | undefined;
  readonly connection: KafkaConnection;
}

export const topicFormats: readonly TopicFormat[] = ['binary', 'json'];

export const saslMechanisms: readonly SaslCredentials['mechanism'][] = ['plain', 'scram-sha-256', 'scram-sha-512'];

export interface EventStoreSettings extends AnySettings {
  readonly kind: 'eventstoredb';
  /** Prefix of the streams' names. */
  readonly topic: string;
  readonly shards?: number | undefined;
  /** `esdb://…`; it may hold a password, so it is never shown as it is. */
  readonly connection: string;
  readonly patienceMs?: number | undefined;
}
