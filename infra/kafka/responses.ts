/** What brokers answer to produce, to fetch, and to who asks for a topic's id, read without a copy of what was fetched. */

/** A broker's refusal of one request, under Kafka's own name for it. */
export class KafkaCodeError extends Error {
  constructor(
    /** Such as `INVALID_PRODUCER_EPOCH`. */
    readonly type: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'KafkaCodeError';
  }
}

export interface FetchedPartition {
  /** Transactions among what was fetched that were aborted, each with its first offset. */
  readonly aborted: readonly { readonly producerId: bigint; readonly firstOffset: number }[];
  /** Record batches; the last one may be a part. */
  readonly bytes: Buffer;
}

/** Names of the error codes that matter here (Kafka protocol guide, "Error codes"); kafkajs's own table ends at 88. */
const codes: Readonly<Record<number, string>> = {
  1: 'OFFSET_OUT_OF_RANGE',
  2: 'CORRUPT_MESSAGE',
  3: 'UNKNOWN_TOPIC_OR_PARTITION',
  5: 'LEADER_NOT_AVAILABLE',
  6: 'NOT_LEADER_FOR_PARTITION',
  7: 'REQUEST_TIMED_OUT',
  10: 'MESSAGE_TOO_LARGE',
  19: 'NOT_ENOUGH_REPLICAS',
  20: 'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  29: 'TOPIC_AUTHORIZATION_FAILED',
  45: 'OUT_OF_ORDER_SEQUENCE_NUMBER',
  47: 'INVALID_PRODUCER_EPOCH',
  48: 'INVALID_TXN_STATE',
  49: 'INVALID_PRODUCER_ID_MAPPING',
  56: 'KAFKA_STORAGE_ERROR',
  59: 'UNKNOWN_PRODUCER_ID',
  74: 'FENCED_LEADER_EPOCH',
  90: 'PRODUCER_FENCED',
};

function mustBeFine(code: number, what: string): void {
  if (code === 0) return;
  const type = codes[code] ?? `CODE_${code}`;
  throw new KafkaCodeError(type, `${what} was refused: ${type}`);
}

/** Walks over an answer. */
class Cursor {
  at = 0;
  constructor(readonly bytes: Buffer) {}
  int16(): number {
    this.at += 2;
    return this.bytes.readInt16BE(this.at - 2);
  }
  int32(): number {
    this.at += 4;
    return this.bytes.readInt32BE(this.at - 4);
  }
  int64(): bigint {
    this.at += 8;
    return this.bytes.readBigInt64BE(this.at - 8);
  }
  skipText(): void {
    const length = this.int16();
    this.at += length;
  }
  /** A length, written as one more than it is, in bytes of seven bits; -1 for none. */
  compactLength(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes.readUInt8(this.at++);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value - 1;
    }
  }
  skipCompactText(): void {
    const length = this.compactLength();
    this.at += Math.max(0, length);
  }
  /** Fields that a newer broker may add. */
  skipTagged(): void {
    for (let fields = this.compactLength() + 1; fields > 0; fields--) {
      this.compactLength();
      const bytes = this.compactLength() + 1;
      this.at += bytes;
    }
  }
}

/** The pair of functions that kafkajs's connections take. Produce, version 7. */
export const parseProduced = {
  decode: async (payload: Buffer): Promise<{ readonly code: number; readonly offset: number }> => {
    const cursor = new Cursor(payload);
    cursor.int32();
    cursor.skipText();
    cursor.int32();
    cursor.int32();
    return { code: cursor.int16(), offset: Number(cursor.int64()) };
  },
  parse: async (decoded: unknown): Promise<number> => {
    const { code, offset } = decoded as { readonly code: number; readonly offset: number }; // from `decode`
    mustBeFine(code, 'a record batch');
    return offset;
  },
};

const nothing: FetchedPartition = { aborted: [], bytes: Buffer.alloc(0) };

/** Fetch, version 11, of one partition. */
export const parseFetched = {
  decode: async (payload: Buffer): Promise<{ readonly code: number; readonly fetched: FetchedPartition }> => {
    const cursor = new Cursor(payload);
    cursor.int32(); // throttling
    const whole = cursor.int16();
    cursor.int32(); // session
    if (whole !== 0 || cursor.int32() === 0) return { code: whole, fetched: nothing };
    cursor.skipText();
    cursor.int32();
    cursor.int32(); // partition
    const code = cursor.int16();
    cursor.int64(); // high watermark
    cursor.int64(); // up to where all transactions have ended
    cursor.int64(); // first offset
    const aborted = Array.from({ length: Math.max(0, cursor.int32()) }, () => ({
      producerId: cursor.int64(),
      firstOffset: Number(cursor.int64()),
    }));
    cursor.int32(); // preferred replica
    const length = Math.max(0, cursor.int32());
    return { code, fetched: { aborted, bytes: payload.subarray(cursor.at, cursor.at + length) } };
  },
  parse: async (decoded: unknown): Promise<FetchedPartition> => {
    const { code, fetched } = decoded as { readonly code: number; readonly fetched: FetchedPartition }; // from `decode`
    mustBeFine(code, 'a fetch');
    return fetched;
  },
};

/** Metadata, version 10, of one topic. */
export const parseTopicId = {
  decode: async (payload: Buffer): Promise<{ readonly code: number; readonly id: string }> => {
    const cursor = new Cursor(payload);
    cursor.skipTagged(); // the header's
    cursor.int32(); // throttling
    for (let brokers = cursor.compactLength(); brokers > 0; brokers--) {
      cursor.int32();
      cursor.skipCompactText();
      cursor.int32();
      cursor.skipCompactText();
      cursor.skipTagged();
    }
    cursor.skipCompactText(); // the cluster
    cursor.int32(); // its controller
    cursor.compactLength();
    const code = cursor.int16();
    cursor.skipCompactText();
    return { code, id: payload.toString('hex', cursor.at, cursor.at + 16) };
  },
  parse: async (decoded: unknown): Promise<string> => {
    const { code, id } = decoded as { readonly code: number; readonly id: string }; // from `decode`
    mustBeFine(code, 'a question for a topic');
    return id;
  },
};
