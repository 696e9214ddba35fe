/** Where a log is, completely: plain data, so that it can be sent to a thread. */
export type LogSettings = EmbeddedSettings | KafkaSettings | EventStoreSettings;

export type LogKind = LogSettings['kind'];

export const logKinds = ['embedded', 'kafka', 'eventstoredb'] as const satisfies readonly LogKind[];

interface AnySettings {
  readonly shard: number;
  /** The embedded log's folder; for the others, what is made from the log lies in folders below it. */
  readonly data: string;
}

export interface EmbeddedSettings extends AnySettings {
  readonly kind: 'embedded';
}

export interface KafkaSettings extends AnySettings {
  readonly kind: 'kafka';
  /** Prefix of the topics' names. */
  readonly topic: string;
  /** How many shards the topics get, should they have to be made. */
  readonly shards?: number | undefined;
  readonly connection: KafkaAddress;
}

/** How a Kafka cluster is reached: what its adapter calls a connection. */
export interface KafkaAddress {
  /** `host:port`, one or more. */
  readonly brokers: readonly string[];
  /** TLS: with the system's authorities, or with PEM files of one's own. */
  readonly tls?: true | { readonly ca?: string; readonly cert?: string; readonly key?: string } | undefined;
  readonly sasl?: SaslCredentials | undefined;
  readonly patienceMs?: number | undefined;
}

export const saslMechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

export interface SaslCredentials {
  readonly mechanism: (typeof saslMechanisms)[number];
  readonly username: string;
  readonly password: string;
}

export interface EventStoreSettings extends AnySettings {
  readonly kind: 'eventstoredb';
  /** Prefix of the streams' names. */
  readonly topic: string;
  readonly shards?: number | undefined;
  /** `esdb://…`; it may hold a password, so it is never shown as it is. */
  readonly connection: string;
  readonly patienceMs?: number | undefined;
}
