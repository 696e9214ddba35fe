/** What Parley asks of brokers by itself: produce and fetch of one partition, with record batches as bytes, and about a topic. */
import Encoder from 'kafkajs/src/protocol/encoder.js';
import fetchV11 from 'kafkajs/src/protocol/requests/fetch/v11/request.js';
import type { ProtocolRequest } from 'kafkajs/src/cluster/index.js';
import { type FetchedPartition, fetchResponse, produceResponse, topicResponse, type TopicSeen } from './responses.js';

export interface PartitionName {
  readonly topic: string;
  readonly partition: number;
}

/** A partition as messages name it: `market.events[3]`. */
export function labelOf({ topic, partition }: PartitionName): string {
  return `${topic}[${partition}]`;
}

const PRODUCE = { apiKey: 0, apiVersion: 7, apiName: 'Produce' };
const METADATA = { apiKey: 3, apiVersion: 10, apiName: 'Metadata' };
const NO_ID = Buffer.alloc(16);
const ALL_REPLICAS = -1;
const READ_COMMITTED = 1;
/** Room for a request but for the records in it. */
const REQUEST_BYTES = 512;
/** How long a broker waits for the other replicas: less than is waited for the broker. */
const PRODUCE_TIMEOUT_MS = 5_000;

/** Produce, version 7. Takes a copy of the batch. `transactionalId`: null outside transactions. */
export function produceRequest(
  transactionalId: string | null,
  place: PartitionName,
  batch: Buffer,
): ProtocolRequest<number> {
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
  return { request: { ...PRODUCE, encode: () => Promise.resolve(body) }, response: produceResponse };
}

/** Fetch, version 11, outside any fetch session, of what is committed. */
export function fetchRequest(
  place: PartitionName,
  offset: number,
  { maxBytes, maxWaitMs }: { readonly maxBytes: number; readonly maxWaitMs: number },
): ProtocolRequest<FetchedPartition> {
  const partitions = [{ partition: place.partition, fetchOffset: offset, maxBytes }];
  const request = fetchV11({
    ...{ replicaId: -1, isolationLevel: READ_COMMITTED, minBytes: 1, maxBytes, maxWaitTime: maxWaitMs },
    topics: [{ topic: place.topic, partitions }],
  });
  return { request, response: fetchResponse };
}

/** Metadata, version 10, of one topic: the first version that tells the topic's id. */
export function topicRequest(topic: string): ProtocolRequest<TopicSeen> {
  const body = new Encoder(REQUEST_BYTES)
    .writeInt8(0) // the header's own tagged fields
    .writeInt8(2) // one topic: lengths are written as one more than they are
    .writeBuffer(NO_ID)
    .writeUVarIntString(topic)
    .writeInt8(0)
    .writeInt8(0) // no topic is to be made
    .writeInt8(0)
    .writeInt8(0)
    .writeInt8(0);
  return { request: { ...METADATA, encode: () => Promise.resolve(body) }, response: topicResponse };
}
