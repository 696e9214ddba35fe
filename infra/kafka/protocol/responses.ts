/** The answers to produce and fetch requests, and to the one for a topic, decoded without a copy of what was fetched. */
import type { ProtocolRequest } from 'kafkajs/src/cluster/index.js';
import Decoder from 'kafkajs/src/protocol/decoder.js';
import protocolErrors from 'kafkajs/src/protocol/error.js';
import { typeOf } from '../connection.js';

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

/** What was asked for is led by another broker now, or not known to this one yet. */
const MOVED = new Set<unknown>([
  'NOT_LEADER_FOR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'FENCED_LEADER_EPOCH',
]);
const ELECTING = new Set<unknown>([
  'NOT_COORDINATOR_FOR_GROUP',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
]);

export function isMoved(error: unknown): boolean {
  return MOVED.has(typeOf(error));
}

/** Whether a coordinator, of a group or of transactions, is only just taking over: nothing has been done. */
export function isElecting(error: unknown): boolean {
  return ELECTING.has(typeOf(error));
}

export interface FetchedPartition {
  /** Transactions among what was fetched that were aborted, each with its first offset. */
  readonly aborted: readonly { readonly producerId: bigint; readonly firstOffset: number }[];
  /** Record batches; the last one may be incomplete. */
  readonly bytes: Buffer;
}

interface Answer<Value> {
  /** Kafka's error code; 0 for success (Kafka protocol guide, "Error codes"). */
  readonly code: number;
  readonly value: Value;
}

/** The pair of functions that kafkajs's connections take. What a broker refuses is a KafkaCodeError. */
function response<Value>(what: string, read: (decoder: Decoder) => Answer<Value>): ProtocolRequest<Value>['response'] {
  return {
    decode: async (payload) => read(new Decoder(payload)),
    parse: async (decoded) => {
      const { code, value } = decoded as Answer<Value>; // from `decode`
      if (code === 0) return value;
      const type = typeOfCode(code);
      throw new KafkaCodeError(type, `${what} was refused: ${type}`);
    },
  };
}

const PRODUCER_FENCED = 90; // kafkajs's own table ends at 88

function typeOfCode(code: number): string {
  if (code === PRODUCER_FENCED) return 'PRODUCER_FENCED';
  return protocolErrors.errorCodes.find((each) => each.code === code)?.type ?? `CODE_${code}`;
}

/** Produce, version 7, of one partition: the offset of the first record. */
export const produceResponse = response('a record batch', (decoder) => {
  decoder.readInt32(); // topics
  decoder.readString();
  decoder.readInt32(); // partitions
  decoder.readInt32();
  return { code: decoder.readInt16(), value: Number(decoder.readInt64()) };
});

const nothing: FetchedPartition = { aborted: [], bytes: Buffer.alloc(0) };

/** Fetch, version 11, of one partition: a FetchedPartition. */
export const fetchResponse = response<FetchedPartition>('a fetch', (decoder) => {
  decoder.readInt32(); // throttling
  const whole = decoder.readInt16();
  decoder.readInt32(); // session
  if (whole !== 0 || decoder.readInt32() === 0) return { code: whole, value: nothing };
  decoder.readString();
  decoder.readInt32(); // partitions
  decoder.readInt32();
  const code = decoder.readInt16();
  decoder.readInt64(); // high watermark
  decoder.readInt64(); // last stable offset
  decoder.readInt64(); // first offset
  const aborted = decoder.readArray(() => ({
    producerId: decoder.readInt64(),
    firstOffset: Number(decoder.readInt64()),
  }));
  decoder.readInt32(); // preferred replica
  return { code, value: { aborted, bytes: decoder.readBytes() ?? nothing.bytes } };
});

const TOPIC_ID_BYTES = 16;

/** A topic as one broker sees it. */
export interface TopicSeen {
  /** In hexadecimal. */
  readonly id: string | undefined;
  /** The broker that leads each partition. */
  readonly leaders: ReadonlyMap<number, number>;
}

/** Metadata, version 10, of one topic. */
export const topicResponse = response<TopicSeen>('a question for a topic', (decoder) => {
  skipTagged(decoder); // the header's
  decoder.readInt32(); // throttling
  decoder.readUVarIntArray(() => {
    decoder.readInt32();
    decoder.readUVarIntString(); // host
    decoder.readInt32();
    decoder.readUVarIntString(); // rack
    skipTagged(decoder);
  });
  decoder.readUVarIntString(); // the cluster
  decoder.readInt32(); // its controller
  decoder.readUVarInt(); // topics
  const code = decoder.readInt16();
  decoder.readUVarIntString();
  const id = decoder.readBytes(TOPIC_ID_BYTES)?.toString('hex');
  decoder.forward(1); // whether it is Kafka's own
  const leaders = decoder.readUVarIntArray(() => leaderIn(decoder)) ?? [];
  return { code, value: { id, leaders: new Map(leaders) } };
});

function leaderIn(decoder: Decoder): [partition: number, leader: number] {
  decoder.readInt16(); // whether it has one
  const partition = decoder.readInt32();
  const leader = decoder.readInt32();
  decoder.readInt32(); // its epoch
  for (let lists = 0; lists < 3; lists++) decoder.readUVarIntArray(() => decoder.readInt32()); // replicas; in sync; offline
  skipTagged(decoder);
  return [partition, leader];
}

/** Fields that a newer broker may add; kafkajs's own reader of them loses its place. */
function skipTagged(decoder: Decoder): void {
  for (let fields = decoder.readUVarInt(); fields > 0; fields--) {
    decoder.readUVarInt();
    decoder.forward(decoder.readUVarInt());
  }
}
