/**
 * One connection to a Kafka cluster: finds the broker that a request is for, and notices when no answer will come. With requests.ts and
 * responses.ts the only place that reaches below kafkajs's public interface; another client would be put in here.
 *
 * Owns the connections, and what has been learnt of topics and coordinators over them.
 *
 * 1. `once` sends nothing twice: what fails is thrown at the caller, who knows what it was for. `read` asks again for a while when
 *    leaders move or a connection was lost.
 * 2. A request that was not answered in time, or not soon after a connection was lost, ends all connections: the next request finds its
 *    broker over new ones. No read waits for one connection permanently.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import Cluster, { type Broker, type ProtocolRequest } from 'kafkajs/src/cluster/index.js';
import loggers from 'kafkajs/src/loggers/index.js';
import { LogUnreachableError } from '../../../src/log/port.js';
import { isUnanswered, type KafkaConnection, kafkaConfig, kafkaError, RETRY, typeOf } from '../connection.js';
import { patienceOf } from '../patience.js';
import { labelOf, type PartitionName, topicRequest } from './requests.js';
import { isElecting, isMoved, KafkaCodeError, type TopicSeen } from './responses.js';
import './request-queue.js';
import { isLostAnswer, Sockets } from './sockets.js';
import type { Leadership } from './witnesses.js';

const METADATA_MAX_AGE_MS = 60_000;
const MOVING_POLL_MS = 100;
const LOST_CONNECTIONS = 2;
/** A read that takes so long is sent again; twice as long is waited for the next answer. */
const FIRST_LONG_MS = 10_000;
/** How long answers are waited for that nobody will use. */
const CLOSE_MS = 1_500;

/** What a coordinator coordinates, as the protocol numbers it. */
export const GROUP = 0;
export const TRANSACTION = 1;

export class ClusterAccess {
  private cluster: Cluster;
  private readonly sockets = new Sockets();
  private connecting: Promise<void> | undefined;
  private readonly topics = new Set<string>();
  private readonly coordinators = new Map<string, string>();
  private isClosed = false;

  constructor(private readonly connection: KafkaConnection) {
    this.cluster = makeCluster(connection, this.sockets);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    const ended = (this.connecting ?? Promise.resolve()).catch(() => undefined).then(() => this.cluster.disconnect());
    await this.sockets.answer(ended, CLOSE_MS).catch(() => undefined);
    this.sockets.end();
  }

  mustBeOpen(): void {
    if (this.isClosed) throw new Error('the connection to Kafka has been closed');
  }

  /** Throws UNKNOWN_TOPIC_OR_PARTITION where there is no such topic. */
  partitionCount(topic: string): Promise<number> {
    return this.once(async () => (await this.partitionsOf(topic)).length);
  }

  /** All brokers that can be reached among those that the last metadata named. */
  async brokers(): Promise<readonly Broker[]> {
    const found = this.cluster.brokerPool
      .getNodeIds()
      .map((nodeId) => this.cluster.findBroker({ nodeId }).catch(() => undefined));
    return (await Promise.all(found)).filter((broker) => broker !== undefined);
  }

  async leader(place: PartitionName): Promise<Broker> {
    return (await this.leading(place)).broker;
  }

  /** Who leads a partition and who keeps it, as the brokers said that were asked last. */
  leading(place: PartitionName): Promise<Leadership & { readonly broker: Broker }> {
    return this.once(async () => {
      const partitions = await this.partitionsOf(place.topic);
      const found = partitions.find(({ partitionId }) => partitionId === place.partition);
      if (found === undefined) throw noSuch(labelOf(place));
      const { leader, replicas } = found;
      return { place, leader, replicas, broker: await this.cluster.findBroker({ nodeId: String(leader) }) };
    });
  }

  /** One of those that were named when this topic was asked for. */
  brokerFor(topic: string, nodeId: number): Promise<Broker> {
    return this.once(async () => {
      await this.partitionsOf(topic);
      return this.cluster.findBroker({ nodeId: String(nodeId) });
    });
  }

  /** Undefined where brokers are too old to say. Rejects with UNKNOWN_TOPIC_OR_PARTITION when it knows of no such topic. */
  async topicAt(broker: Broker, topic: string): Promise<TopicSeen | undefined> {
    const asked = topicRequest(topic);
    const { maxVersion = 0 } = broker.versions?.[asked.request.apiKey] ?? {};
    return maxVersion < asked.request.apiVersion ? undefined : this.send(broker, asked);
  }

  /** Looked up once, and again after any request has failed. */
  coordinator(groupId: string, coordinatorType: typeof GROUP | typeof TRANSACTION): Promise<Broker> {
    const find = async (): Promise<Broker> => {
      const key = `${coordinatorType} ${groupId}`;
      const nodeId = this.coordinators.get(key);
      if (nodeId !== undefined) return this.cluster.findBroker({ nodeId });
      const broker = await this.cluster.findGroupCoordinator({ groupId, coordinatorType });
      this.coordinators.set(key, String(broker.nodeId));
      return broker;
    };
    return this.read(() => this.once(find));
  }

  send<Value>(broker: Broker, request: ProtocolRequest<Value>): Promise<Value> {
    return this.once(async () => {
      try {
        return await broker.connectionPool.send(request);
      } catch (error) {
        // As kafkajs does it: a closed connection is taken down whole, so that the next request makes a new one.
        if (isNamed(error, 'KafkaJSConnectionClosedError')) await broker.disconnect();
        throw error;
      }
    });
  }

  /**
   * A read: sent again while brokers say that they are not the ones, when the connection turns out to be an old one, and over another
   * connection when it takes long, however patient its client is: the broker may be slow, but kafkajs may also wait for nothing.
   */
  async read<Value>(question: () => Promise<Value>): Promise<Value> {
    const givenUpAt = performance.now() + patienceOf(this.connection);
    let longMs = FIRST_LONG_MS;
    for (let lost = 0; ;) {
      const { cluster } = this;
      try {
        return await this.sockets.answer(question(), longMs);
      } catch (error) {
        const isLong = isLostAnswer(error);
        const isLost =
          error instanceof LogUnreachableError && !isUnanswered(error) && !isLong && ++lost <= LOST_CONNECTIONS;
        if (isLong) this.reconnect(cluster);
        if (!isMoved(error) && !isElecting(error) && !isLost && !isLong) throw error;
        if (this.isClosed || performance.now() > givenUpAt) throw this.translated(error);
        if (isLong) longMs *= 2;
      }
      await sleep(MOVING_POLL_MS);
    }
  }

  /** Rejects with a KafkaCodeError for what a broker refuses, else with LogUnreachableError or LogRefusedError. */
  async once<Value>(question: () => Promise<Value>): Promise<Value> {
    this.mustBeOpen();
    const { cluster } = this;
    try {
      await this.connect();
      return await this.sockets.answer(question());
    } catch (error) {
      if (isUnanswered(error) || isLostAnswer(error)) this.reconnect(cluster);
      else await this.refreshAfter(error);
      throw this.translated(error);
    }
  }

  private async connect(): Promise<void> {
    this.connecting ??= this.cluster.connect();
    try {
      await this.sockets.answer(this.connecting);
    } catch (error) {
      this.connecting = undefined;
      throw kafkaError(error, this.connection);
    }
  }

  private async partitionsOf(topic: string): Promise<ReturnType<Cluster['findTopicPartitionMetadata']>> {
    await this.connect();
    if (!this.topics.has(topic)) {
      await this.cluster.addMultipleTargetTopics([topic]);
      // Where the connection was lost while it was asked for, kafkajs does not ask again, and takes the topic for one without partitions.
      if (this.cluster.findTopicPartitionMetadata(topic).length === 0) await this.cluster.refreshMetadata();
      // Nothing is kept that says so: the next call is to ask the brokers.
      if (this.cluster.findTopicPartitionMetadata(topic).length === 0) throw noSuch(topic);
      this.topics.add(topic);
    }
    return this.cluster.findTopicPartitionMetadata(topic);
  }

  private translated(error: unknown): unknown {
    if (error instanceof KafkaCodeError) return error;
    const type = isNamed(error, 'KafkaJSGroupCoordinatorNotFound') ? 'GROUP_COORDINATOR_NOT_AVAILABLE' : typeOf(error);
    const translated = kafkaError(error, this.connection);
    return type === undefined ? translated : new KafkaCodeError(type, translated.message, { cause: error });
  }

  /** Goes on over other connections, unless that has been done since. */
  private reconnect(silent: Cluster): void {
    if (this.isClosed || this.cluster !== silent) return;
    this.cluster = makeCluster(this.connection, this.sockets);
    this.connecting = undefined;
    this.topics.clear();
    this.coordinators.clear();
    this.sockets.destroy();
  }

  /** Asks a broker again who leads what: another one, perhaps. */
  async refresh(): Promise<void> {
    if (this.isClosed || this.topics.size === 0) return;
    const { cluster } = this;
    await this.sockets.answer(cluster.refreshMetadata()).catch((failure: unknown) => {
      if (isLostAnswer(failure)) this.reconnect(cluster);
    });
  }

  /** The next request is to reach the right broker. */
  private async refreshAfter(error: unknown): Promise<void> {
    const type = typeOf(error);
    if (type !== 'CONCURRENT_TRANSACTIONS') this.coordinators.clear();
    if (type === undefined || isMoved(error)) await this.refresh();
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

function noSuch(name: string): KafkaCodeError {
  return new KafkaCodeError('UNKNOWN_TOPIC_OR_PARTITION', `there is no ${name}`);
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
