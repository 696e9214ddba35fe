/**
 * One connection to a Kafka cluster for what the log needs of its protocol: transactions, produce, fetch, offsets. The only file that
 * reaches below kafkajs's public interface; another client would be put in here.
 *
 * 1. Nothing that changes anything is sent twice: what fails is told to the caller, who knows what it was for. Reads are asked again
 *    for a while when leaders move or a connection was lost.
 * 2. Requests on one client are answered in order, so whoever waits for news (a long fetch) has a client of its own.
 * 3. A request that was not answered in time, or not soon after a connection was lost, ends all connections of its client: the next one
 *    finds its broker anew. No read waits for one connection for ever.
 */
import Cluster, { type Broker, type ProducerIdentity, type ProtocolRequest } from 'kafkajs/src/cluster/index.js';
import loggers from 'kafkajs/src/loggers/index.js';
import { isUnanswered, type KafkaConnection, kafkaConfig, kafkaError, RETRY, typeOf } from './connection.js';
import { LogUnreachableError } from '../../src/log/port.js';
import { fetchRequest, type PartitionName, produceRequest, topicIdRequest } from './requests.js';
import { KafkaCodeError, type FetchedPartition } from './responses.js';
import './request-queue.js';
import { isLostAnswer, Sockets } from './sockets.js';

export type { FetchedPartition, PartitionName };
export { KafkaCodeError };

const LATEST = -1;
const EARLIEST = -2;
const COORDINATES_GROUP = 0;
const COORDINATES_TRANSACTIONS = 1;
const METADATA_MAX_AGE_MS = 60_000;
/** Brokers that answer so have moved what was asked for. */
const MOVED = new Set([
  'NOT_LEADER_FOR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'FENCED_LEADER_EPOCH',
]);

const ELECTING = new Set([
  'NOT_COORDINATOR',
  'NOT_COORDINATOR_FOR_GROUP',
  'COORDINATOR_NOT_AVAILABLE',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'GROUP_LOAD_IN_PROGRESS',
]);
const MOVING_MS = 10_000;
const MOVING_POLL_MS = 100;
const LOST_CONNECTIONS = 2;
/** A read that takes so long is asked anew; twice as long is waited for the next answer. */
const FIRST_LONG_MS = 10_000;
/** How long answers are waited for that nobody will use. */
const CLOSE_MS = 1_500;

export class KafkaClient {
  private cluster: Cluster;
  private readonly sockets = new Sockets();
  private connecting: Promise<void> | undefined;
  private readonly topics = new Set<string>();
  private readonly coordinators = new Map<string, string>();
  private isClosed = false;

  constructor(readonly connection: KafkaConnection) {
    this.cluster = makeCluster(connection, this.sockets);
  }

  /** Rejects with LogUnreachableError or LogRefusedError, as everything here does. */
  async connect(): Promise<void> {
    this.connecting ??= this.cluster.connect();
    try {
      await this.sockets.answer(this.connecting);
    } catch (error) {
      this.connecting = undefined;
      throw kafkaError(error, this.connection);
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    const ended = (this.connecting ?? Promise.resolve()).catch(() => undefined).then(() => this.cluster.disconnect());
    await atMost(CLOSE_MS, ended);
    this.sockets.end();
  }

  /** How many partitions a topic has; 0 when there is no such topic. */
  async partitionCount(topic: string): Promise<number> {
    return this.ask(async () => {
      await this.know(topic);
      return this.cluster.findTopicPartitionMetadata(topic).length;
    }).catch((error: unknown) => {
      if (typeOf(causeOf(error)) === 'UNKNOWN_TOPIC_OR_PARTITION') return 0;
      throw error;
    });
  }

  /**
   * Resolves once all brokers that can be reached have heard of these topics, which they do one after the other. Rejects with
   * UNKNOWN_TOPIC_OR_PARTITION when one of them has not after a while.
   */
  async heardOf(topics: readonly string[]): Promise<void> {
    await this.look(async () => {
      await Promise.all(topics.map((topic) => this.ask(() => this.know(topic))));
      await Promise.all(this.cluster.brokerPool.getNodeIds().map((nodeId) => this.askOne(nodeId, topics)));
    });
  }

  private async askOne(nodeId: string, topics: readonly string[]): Promise<void> {
    const broker = await this.cluster.findBroker({ nodeId }).catch(() => undefined);
    if (broker !== undefined) await this.ask(() => broker.metadata(topics));
  }

  /**
   * The number that the brokers gave a partition's topic when it was made; another one of the same name gets another. Undefined where
   * brokers are too old to say. Rejects with UNKNOWN_TOPIC_OR_PARTITION when there is none.
   */
  async topicId(place: PartitionName): Promise<string | undefined> {
    const request = topicIdRequest(place.topic);
    return this.look(async () => {
      const broker = await this.leader(place);
      const { maxVersion = 0 } = broker.versions?.[request.request.apiKey] ?? {};
      if (maxVersion < request.request.apiVersion) return undefined;
      return this.ask(() => this.send(broker, request) as Promise<string>); // parseTopicId made it
    });
  }

  // Transactions. What is refused rejects with a KafkaCodeError that has the broker's own name for it.

  async initProducerId(
    transactionalId: string,
    transactionTimeout: number,
  ): Promise<{ producerId: string; producerEpoch: number }> {
    const coordinator = await this.coordinator(transactionalId, COORDINATES_TRANSACTIONS);
    return this.ask(() => coordinator.initProducerId({ transactionalId, transactionTimeout }));
  }

  async addPartitions(producer: ProducerIdentity, partitions: readonly PartitionName[]): Promise<void> {
    const coordinator = await this.coordinator(producer.transactionalId, COORDINATES_TRANSACTIONS);
    const byTopic = new Map<string, number[]>();
    for (const { topic, partition } of partitions) byTopic.set(topic, [...(byTopic.get(topic) ?? []), partition]);
    const topics = [...byTopic].map(([topic, numbers]) => ({ topic, partitions: numbers }));
    await this.ask(() => coordinator.addPartitionsToTxn({ ...producer, topics }));
  }

  async endTransaction(producer: ProducerIdentity, isCommit: boolean): Promise<void> {
    const coordinator = await this.coordinator(producer.transactionalId, COORDINATES_TRANSACTIONS);
    await this.ask(() => coordinator.endTxn({ ...producer, transactionResult: isCommit }));
  }

  /** Offsets of a group, to be committed with the transaction: each the offset of the next record to be taken. */
  async addOffsets(producer: ProducerIdentity, groupId: string, place: PartitionName, offset: number): Promise<void> {
    const transactions = await this.coordinator(producer.transactionalId, COORDINATES_TRANSACTIONS);
    await this.ask(() => transactions.addOffsetsToTxn({ ...producer, groupId }));
    const group = await this.coordinator(groupId, COORDINATES_GROUP);
    const { topic, partition } = place;
    const topics = [{ topic, partitions: [{ partition, offset: String(offset) }] }];
    await this.ask(() => group.txnOffsetCommit({ ...producer, groupId, topics }));
  }

  /** The offset that a group has committed, or undefined. */
  async committedOffset(groupId: string, { topic, partition }: PartitionName): Promise<number | undefined> {
    const topics = [{ topic, partitions: [{ partition }] }];
    return this.look(async () => {
      const group = await this.coordinator(groupId, COORDINATES_GROUP);
      const { responses } = await this.ask(() => group.offsetFetch({ groupId, topics }));
      const offset = Number(responses[0]?.partitions[0]?.offset ?? -1);
      return offset < 0 ? undefined : offset;
    });
  }

  /**
   * Sends one record batch, of which it takes a copy, to its partition's leader. Resolves, with the offset of its first record, once
   * all replicas in sync have it.
   */
  async produce(transactionalId: string | null, place: PartitionName, batch: Buffer): Promise<number> {
    const request = produceRequest(transactionalId, place, batch);
    const broker = await this.leader(place);
    return this.ask(() => this.send(broker, request) as Promise<number>); // parseProduced made it
  }

  /** What stands at and after an offset, up to where it is committed; waits up to `maxWaitMs` for something to come. */
  async fetch(
    place: PartitionName,
    offset: number,
    bounds: { readonly maxBytes: number; readonly maxWaitMs: number },
  ): Promise<FetchedPartition> {
    const request = fetchRequest(place, offset, bounds);
    return this.look(async () => {
      const broker = await this.leader(place);
      return this.ask(() => this.send(broker, request) as Promise<FetchedPartition>); // parseFetched made it
    });
  }

  /** First offset that is there, offset after the last record, and offset up to which all transactions have ended. */
  async ends(place: PartitionName): Promise<{ readonly first: number; readonly end: number; readonly stable: number }> {
    const [first, end, stable] = await Promise.all([
      this.offsetAt(place, EARLIEST, 0),
      this.offsetAt(place, LATEST, 0),
      this.offsetAt(place, LATEST, 1),
    ]);
    return { first, end, stable };
  }

  private async offsetAt(
    { topic, partition }: PartitionName,
    timestamp: number,
    isolationLevel: 0 | 1,
  ): Promise<number> {
    const topics = [{ topic, partitions: [{ partition, timestamp }] }];
    return this.look(async () => {
      const broker = await this.leader({ topic, partition });
      const { responses } = await this.ask(() => broker.listOffsets({ replicaId: -1, isolationLevel, topics }));
      const offset = responses[0]?.partitions[0]?.offset;
      if (offset === undefined) throw new Error(`a broker does not say where ${topic}[${partition}] ends`);
      return Number(offset);
    });
  }

  private async leader({ topic, partition }: PartitionName): Promise<Broker> {
    return this.ask(async () => {
      await this.know(topic);
      const found = this.cluster.findTopicPartitionMetadata(topic).find(({ partitionId }) => partitionId === partition);
      if (found === undefined)
        throw new KafkaCodeError('UNKNOWN_TOPIC_OR_PARTITION', `there is no ${topic}[${partition}]`);
      return this.cluster.findBroker({ nodeId: String(found.leader) });
    });
  }

  /** Asked for once, and again after any request has failed. */
  private coordinator(groupId: string, coordinatorType: 0 | 1): Promise<Broker> {
    const find = async (): Promise<Broker> => {
      const key = `${coordinatorType} ${groupId}`;
      const nodeId = this.coordinators.get(key);
      if (nodeId !== undefined) return this.cluster.findBroker({ nodeId });
      const broker = await this.cluster.findGroupCoordinator({ groupId, coordinatorType });
      this.coordinators.set(key, String(broker.nodeId));
      return broker;
    };
    return this.look(() => this.ask(find));
  }

  private async know(topic: string): Promise<void> {
    await this.connect();
    if (this.topics.has(topic)) return;
    await this.cluster.addMultipleTargetTopics([topic]);
    // Where the connection was lost while it was asked for, kafkajs does not ask again, and takes the topic for one without partitions.
    if (this.cluster.findTopicPartitionMetadata(topic).length === 0) await this.cluster.refreshMetadata();
    // Nothing is kept that says so: whoever asks again is to ask the brokers.
    if (this.cluster.findTopicPartitionMetadata(topic).length === 0)
      throw new KafkaCodeError('UNKNOWN_TOPIC_OR_PARTITION', `there is no ${topic}`);
    this.topics.add(topic);
  }

  private async send(broker: Broker, request: ProtocolRequest): Promise<unknown> {
    try {
      return await broker.connectionPool.send(request);
    } catch (error) {
      // As kafkajs does it: a closed connection is taken down whole, so that the next request makes a new one.
      if (isNamed(error, 'KafkaJSConnectionClosedError')) await broker.disconnect();
      throw error;
    }
  }

  /**
   * A read: asked again while brokers say that they are not the ones, when the connection turns out to be an old one, and over another
   * connection when it takes long, however patient its client is: the broker may be slow, but kafkajs may also wait for nothing.
   */
  private async look<Value>(question: () => Promise<Value>): Promise<Value> {
    const givenUpAt = performance.now() + (this.connection.patienceMs ?? MOVING_MS);
    let longMs = FIRST_LONG_MS;
    for (let lost = 0; ;) {
      const { cluster } = this;
      try {
        return await this.sockets.answer(question(), longMs);
      } catch (error) {
        const isMoving = error instanceof KafkaCodeError && (MOVED.has(error.type) || ELECTING.has(error.type));
        const isLong = isLostAnswer(error);
        const isLost =
          error instanceof LogUnreachableError && !isUnanswered(error) && !isLong && ++lost <= LOST_CONNECTIONS;
        if (isLong) this.begin(cluster);
        if (!isMoving && !isLost && !isLong) throw error;
        if (this.isClosed || performance.now() > givenUpAt)
          throw error instanceof KafkaCodeError ? error : kafkaError(error, this.connection);
        if (isLong) longMs *= 2;
      }
      await new Promise((resolve) => setTimeout(resolve, MOVING_POLL_MS));
    }
  }

  private async ask<Value>(question: () => Promise<Value>): Promise<Value> {
    if (this.isClosed) throw new Error('the connection to Kafka has been closed');
    const { cluster } = this;
    try {
      if (this.connecting === undefined) await this.connect();
      return await this.sockets.answer(question());
    } catch (error) {
      if (isUnanswered(error) || isLostAnswer(error)) this.begin(cluster);
      else await this.refreshAfter(error);
      if (error instanceof KafkaCodeError) throw error;
      const type = isNamed(error, 'KafkaJSGroupCoordinatorNotFound') ? 'COORDINATOR_NOT_AVAILABLE' : typeOf(error);
      const translated = kafkaError(error, this.connection);
      throw type === undefined ? translated : new KafkaCodeError(type, translated.message, { cause: error });
    }
  }

  /** Begins anew, with other connections, unless that has been done since. */
  private begin(silent: Cluster): void {
    if (this.isClosed || this.cluster !== silent) return;
    this.cluster = makeCluster(this.connection, this.sockets);
    this.connecting = undefined;
    this.topics.clear();
    this.coordinators.clear();
    this.sockets.destroy();
  }

  /** Whoever asks next is to ask the right broker. */
  private async refreshAfter(error: unknown): Promise<void> {
    const type = typeOf(error);
    if (type !== 'CONCURRENT_TRANSACTIONS') this.coordinators.clear();
    if (type !== undefined && !MOVED.has(type)) return;
    if (this.isClosed || this.topics.size === 0) return;
    const { cluster } = this;
    await this.sockets.answer(cluster.refreshMetadata()).catch((failure: unknown) => {
      if (isLostAnswer(failure)) this.begin(cluster);
    });
  }
}

function makeCluster(connection: KafkaConnection, sockets: Sockets): Cluster {
  return new Cluster({
    ...kafkaConfig(connection),
    logger: loggers.createLogger({ level: 0, logCreator: () => () => undefined }),
    socketFactory: sockets.factory,
    retry: RETRY,
    metadataMaxAge: METADATA_MAX_AGE_MS,
    allowAutoTopicCreation: false,
  });
}

/** Resolves when the work has ended, however it did, but after `ms` at the latest. */
async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work.catch(() => undefined), late]);
  clearTimeout(timer);
}

function causeOf(error: unknown): unknown {
  return error instanceof KafkaCodeError ? error : error instanceof Error ? (error.cause ?? error) : error;
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
