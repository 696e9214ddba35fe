/**
 * What kafkajs 2.2.4 keeps behind its public interface, as far as cluster-access.ts, requests.ts and responses.ts use it. Its public consumer always joins a
 * group, and its producer encodes a record at a time; the protocol layer beneath has neither cost. The version is pinned.
 */
declare module 'kafkajs/src/cluster/index.js' {
  import type { Cluster as PublicCluster } from 'kafkajs';
  import type Encoder from 'kafkajs/src/protocol/encoder.js';

  export interface ProtocolRequest<Value> {
    readonly request: {
      readonly apiKey: number;
      readonly apiVersion: number;
      readonly apiName: string;
      encode(): Promise<Encoder>;
    };
    readonly response: {
      decode(payload: Buffer): Promise<unknown>;
      parse(decoded: unknown): Promise<Value>;
    };
  }

  export interface ProducerIdentity {
    readonly transactionalId: string;
    readonly producerId: string;
    readonly producerEpoch: number;
  }

  type Topics<Partition> = readonly { readonly topic: string; readonly partitions: readonly Partition[] }[];

  interface PartitionOffset {
    readonly partition: number;
    readonly offset: string;
  }

  export interface Broker {
    readonly nodeId: number | string;
    /** What it understands, by the requests' keys, once it is connected. */
    readonly versions?: Readonly<Record<number, { readonly minVersion: number; readonly maxVersion: number }>> | null;
    readonly connectionPool: { send<Value>(request: ProtocolRequest<Value>): Promise<Value> };
    disconnect(): Promise<void>;
    /** Rejects when it has not heard of one of the topics. */
    metadata(topics: readonly string[]): Promise<unknown>;
    initProducerId(request: {
      transactionalId: string;
      transactionTimeout: number;
    }): Promise<{ producerId: string; producerEpoch: number }>;
    addPartitionsToTxn(request: ProducerIdentity & { topics: Topics<number> }): Promise<unknown>;
    addOffsetsToTxn(request: ProducerIdentity & { groupId: string }): Promise<unknown>;
    txnOffsetCommit(request: ProducerIdentity & { groupId: string; topics: Topics<PartitionOffset> }): Promise<unknown>;
    endTxn(request: ProducerIdentity & { transactionResult: boolean }): Promise<unknown>;
    listOffsets(request: {
      replicaId: number;
      isolationLevel: 0 | 1;
      topics: Topics<{ partition: number; timestamp: number }>;
    }): Promise<{ responses: Topics<PartitionOffset> }>;
    offsetFetch(request: {
      groupId: string;
      topics: Topics<{ partition: number }>;
    }): Promise<{ responses: Topics<PartitionOffset> }>;
  }

  export default class Cluster {
    constructor(options: Record<string, unknown>);
    /** All brokers that the last metadata named. */
    readonly brokerPool: { getNodeIds(): readonly string[] };
    readonly connect: PublicCluster['connect'];
    readonly disconnect: PublicCluster['disconnect'];
    readonly addMultipleTargetTopics: PublicCluster['addMultipleTargetTopics'];
    readonly refreshMetadata: PublicCluster['refreshMetadata'];
    readonly findTopicPartitionMetadata: PublicCluster['findTopicPartitionMetadata'];
    findBroker(of: { nodeId: string }): Promise<Broker>;
    findGroupCoordinator(of: { groupId: string; coordinatorType: 0 | 1 }): Promise<Broker>;
  }
}

declare module 'kafkajs/src/network/socketFactory.js' {
  import type { Socket } from 'node:net';

  export default function defaultSocketFactory(): (place: object) => Socket;
}

declare module 'kafkajs/src/network/requestQueue/index.js' {
  export default class RequestQueue {
    readonly pending: readonly unknown[];
    scheduleCheckPendingRequests: (this: RequestQueue) => void;
    rejectAll(error: Error): void;
  }
}

declare module 'kafkajs/src/loggers/index.js' {
  interface LoggerModule {
    createLogger(options: { level: number; logCreator: (level: number) => (entry: unknown) => void }): unknown;
  }
  const loggers: LoggerModule;
  export default loggers;
}

declare module 'kafkajs/src/protocol/encoder.js' {
  export default class Encoder {
    /** With room for so many bytes. */
    constructor(bytes: number);
    writeInt8(value: number): this;
    writeInt16(value: number): this;
    writeInt32(value: number): this;
    writeInt64(value: number): this;
    writeString(text: string | null): this;
    writeUVarIntString(text: string): this;
    writeBuffer(bytes: Buffer): this;
  }
}

declare module 'kafkajs/src/protocol/decoder.js' {
  export default class Decoder {
    constructor(bytes: Buffer);
    readInt16(): number;
    readInt32(): number;
    readInt64(): bigint;
    readUVarInt(): number;
    readString(): string | null;
    readUVarIntString(): string | null;
    /** A view; null for the length -1. */
    readBytes(length?: number): Buffer | null;
    readArray<Value>(read: () => Value): Value[];
    readUVarIntArray<Value>(read: () => Value): Value[] | null;
    forward(bytes: number): void;
  }
}

declare module 'kafkajs/src/protocol/error.js' {
  const errors: { readonly errorCodes: readonly { readonly code: number; readonly type: string }[] };
  export default errors;
}

declare module 'kafkajs/src/protocol/requests/fetch/v11/request.js' {
  import type { ProtocolRequest } from 'kafkajs/src/cluster/index.js';

  export default function fetchRequest(fetch: {
    replicaId: number;
    isolationLevel: 0 | 1;
    minBytes: number;
    maxBytes: number;
    maxWaitTime: number;
    topics: { topic: string; partitions: { partition: number; fetchOffset: number; maxBytes: number }[] }[];
  }): ProtocolRequest<unknown>['request'];
}
