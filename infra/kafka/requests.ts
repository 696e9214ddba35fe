/** What brokers are asked by produce and fetch: one partition each, and for produce the record batch as it is. */
import Encoder from 'kafkajs/src/protocol/encoder.js';
import type { ProtocolRequest } from 'kafkajs/src/cluster/index.js';
import { parseFetched, parseProduced } from './responses.js';

export interface PartitionName {
  readonly topic: string;
  readonly partition: number;
}

const PRODUCE = { apiKey: 0, apiVersion: 7, apiName: 'Produce' };
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
