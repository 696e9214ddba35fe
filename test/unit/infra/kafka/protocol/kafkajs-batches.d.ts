/** kafkajs's own record batches, for tests that hold ours against them. */
declare module 'kafkajs/src/protocol/recordBatch/v0/index.js' {
  interface Encoded {
    readonly buffer: Buffer;
  }
  interface RecordBatchModule {
    RecordBatch(options: {
      records: readonly unknown[];
      firstOffset?: number;
      firstTimestamp?: number;
      maxTimestamp?: number;
      lastOffsetDelta?: number;
      transactional?: boolean;
      producerId?: number;
      producerEpoch?: number;
      compression?: number;
    }): Promise<Encoded>;
  }
  const batches: RecordBatchModule;
  export default batches;
}

declare module 'kafkajs/src/protocol/recordBatch/record/v0/index.js' {
  export default function encodeRecord(record: {
    offsetDelta: number;
    timestampDelta: number;
    key: Buffer | null;
    value: Buffer | null;
    headers: Readonly<Record<string, string>>;
  }): unknown;
}

declare module 'kafkajs/src/protocol/recordBatch/v0/decoder.js' {
  import type Decoder from 'kafkajs/src/protocol/decoder.js';

  interface DecodedBatch {
    readonly firstOffset: string;
    readonly producerId: string;
    readonly producerEpoch: number;
    readonly firstSequence: number;
    readonly inTransaction: boolean;
    readonly lastOffsetDelta: number;
    readonly firstTimestamp: string;
    readonly records: readonly {
      readonly offset: string;
      readonly key: Buffer | null;
      readonly value: Buffer | null;
      readonly headers: Readonly<Record<string, Buffer>>;
    }[];
  }
  export default function decodeBatch(decoder: Decoder): Promise<DecodedBatch>;
}
