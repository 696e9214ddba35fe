/** What brokers are asked by produce and fetch: one partition each, and for produce the record batch as it is. And a topic's own id. */
import Encoder from 'kafkajs/src/protocol/encoder.js';
import type { ProtocolRequest } from 'kafkajs/src/cluster/index.js';
import { parseFetched, parseProduced, parseTopicId } from './responses.js';

export interface PartitionName {
  readonly topic: string;
  readonly partition: number;
}

const PRODUCE = { apiKey: 0, apiVersion: 7, apiName: 'Produce' };
const METADATA = { apiKey: 3, apiVersion: 10, apiName: 'Metadata' };
const FETCH = { apiKey: 1, apiVersion: 11, apiName: 'Fetch' };
const ALL_REPLICAS = -1;
const READ_COMMITTED = 1;
/** Room for a request but for the records in it. */
const REQUEST_BYTES = 512;
/** How long a broker waits for the other replicas: less than is waited for the broker. */
const PRODUCE_TIMEOUT_MS = 5_000;

/** Produce, version 7. Takes a copy of the batch. `transactionalId`: null outside transactions. */
export function produceRequest(transactionalId: string | null, place: PartitionName, batch: Buffer): ProtocolRequest {
  const body = new Encoder(batch.length + REQUEST_BYTES)
    .writeString(transactionalId)
    .writeInt16(ALL_REPLICAS)
    .writeInt32(PRODUCE_TIMEOUT_MS)
    .writeInt32(1)
    .writeString(place.topic)
    .writeInt32(1)
    .writeInt32(place.partition)
    .writeInt32(batch.length)
    .writeBuffer(batch);
  return { request: { ...PRODUCE, encode: () => Promise.resolve(body) }, response: parseProduced };
}

/** Fetch, version 11, outside any fetch session, of what is committed. */
export function fetchRequest(
  place: PartitionName,
  offset: number,
  { maxBytes, maxWaitMs }: { readonly maxBytes: number; readonly maxWaitMs: number },
): ProtocolRequest {
  const body = new Encoder(REQUEST_BYTES)
    .writeInt32(-1)
    .writeInt32(maxWaitMs)
    .writeInt32(1)
    .writeInt32(maxBytes)
    .writeInt8(READ_COMMITTED)
    .writeInt32(0)
    .writeInt32(-1)
    .writeInt32(1)
    .writeString(place.topic)
    .writeInt32(1)
    .writeInt32(place.partition)
    .writeInt32(-1)
    .writeInt64(offset)
    .writeInt64(-1)
    .writeInt32(maxBytes)
    .writeInt32(0) // no topics are forgotten
    .writeString(''); // nor is a rack named
  return { request: { ...FETCH, encode: () => Promise.resolve(body) }, response: parseFetched };
}

/** Metadata, version 10, of one topic: the first that tells the topic's id. Lengths are written as one more than they are. */
export function topicIdRequest(topic: string): ProtocolRequest {
  const name = Buffer.from(topic);
  const body = new Encoder(REQUEST_BYTES)
    .writeInt8(0) // the header's own tagged fields
    .writeInt8(2)
    .writeBuffer(NO_ID)
    .writeBuffer(lengthPlusOne(name.length))
    .writeBuffer(name)
    .writeInt8(0)
    .writeInt8(0) // no topic is to be made
    .writeInt8(0)
    .writeInt8(0)
    .writeInt8(0);
  return { request: { ...METADATA, encode: () => Promise.resolve(body) }, response: parseTopicId };
}

const NO_ID = Buffer.alloc(16);

/** A length in bytes of seven bits: a topic's name has 249 letters at most. */
function lengthPlusOne(length: number): Buffer {
  const value = length + 1;
  return value < 0x80 ? Buffer.of(value) : Buffer.of((value & 0x7f) | 0x80, value >>> 7);
}
