/**
 * What the log needs of Kafka's protocol: transactions, produce, fetch, offsets. Nothing that changes anything is sent twice; reads are
 * asked again for a while (cluster-access.ts). Rejects with LogUnreachableError, LogRefusedError, or with a KafkaCodeError that has the
 * broker's own name for what it refuses.
 *
 * Requests on one client are answered in order, so a long fetch, which waits for news, has a client of its own.
 */
import type { Broker, ProducerIdentity, ProtocolRequest } from 'kafkajs/src/cluster/index.js';
import { ClusterAccess, GROUP, TRANSACTION } from './cluster-access.js';
import { type KafkaConnection, typeOf } from '../connection.js';
import { fetchRequest, labelOf, type PartitionName, produceRequest } from './requests.js';
import { type FetchedPartition, isMoved } from './responses.js';
import { type Leadership, Witnesses } from './witnesses.js';

export type { PartitionName };

const LATEST = -1;
const EARLIEST = -2;

export class KafkaClient {
  private readonly access: ClusterAccess;
  /** A way to each broker that has been asked how it sees others. */
  private readonly views = new Map<number, ClusterAccess>();
  private readonly witnesses = new Witnesses((broker, place) => this.leaderAsSeenBy(broker, place));

  constructor(readonly connection: KafkaConnection) {
    this.access = new ClusterAccess(connection);
  }

  async close(): Promise<void> {
    await Promise.all([this.access, ...this.views.values()].map((access) => access.close()));
  }

  /** How many partitions a topic has; 0 when there is no such topic. */
  async partitionCount(topic: string): Promise<number> {
    try {
      return await this.access.partitionCount(topic);
    } catch (error) {
      if (typeOf(error) === 'UNKNOWN_TOPIC_OR_PARTITION') return 0;
      throw error;
    }
  }

  /**
   * Resolves once all brokers that can be reached have heard of these topics, which they do one after the other. Rejects with
   * UNKNOWN_TOPIC_OR_PARTITION when one of them has not after a while.
   */
  async heardOf(topics: readonly string[]): Promise<void> {
    await this.access.read(async () => {
      await Promise.all(topics.map((topic) => this.access.partitionCount(topic)));
      const brokers = await this.access.brokers();
      await Promise.all(brokers.map((broker) => this.access.once(() => broker.metadata(topics))));
    });
  }

  /**
   * The number that the brokers gave a partition's topic when it was made; another one of the same name gets another. Undefined where
   * brokers are too old to say. Rejects with UNKNOWN_TOPIC_OR_PARTITION when there is none.
   */
  async topicId(place: PartitionName): Promise<string | undefined> {
    return this.access.read(async () => {
      const seen = await this.access.topicAt(await this.access.leader(place), place.topic);
      return seen?.id;
    });
  }

  initProducerId(
    transactionalId: string,
    transactionTimeout: number,
  ): Promise<{ producerId: string; producerEpoch: number }> {
    return this.coordinated(transactionalId, (broker) =>
      broker.initProducerId({ transactionalId, transactionTimeout }),
    );
  }

  async addPartitions(producer: ProducerIdentity, partitions: readonly PartitionName[]): Promise<void> {
    const byTopic = new Map<string, number[]>();
    for (const { topic, partition } of partitions) byTopic.set(topic, [...(byTopic.get(topic) ?? []), partition]);
    const topics = [...byTopic].map(([topic, numbers]) => ({ topic, partitions: numbers }));
    await this.coordinated(producer.transactionalId, (broker) => broker.addPartitionsToTxn({ ...producer, topics }));
  }

  async endTransaction(producer: ProducerIdentity, isCommit: boolean): Promise<void> {
    const end = { ...producer, transactionResult: isCommit };
    await this.coordinated(producer.transactionalId, (broker) => broker.endTxn(end));
  }

  /** Offsets of a group, to be committed with the transaction: each the offset of the next record to be taken. */
  async addOffsets(producer: ProducerIdentity, groupId: string, place: PartitionName, offset: number): Promise<void> {
    await this.coordinated(producer.transactionalId, (broker) => broker.addOffsetsToTxn({ ...producer, groupId }));
    const group = await this.access.coordinator(groupId, GROUP);
    const { topic, partition } = place;
    const topics = [{ topic, partitions: [{ partition, offset: String(offset) }] }];
    await this.access.once(() => group.txnOffsetCommit({ ...producer, groupId, topics }));
  }

  /** The offset that a group has committed, or undefined. */
  async committedOffset(groupId: string, { topic, partition }: PartitionName): Promise<number | undefined> {
    const topics = [{ topic, partitions: [{ partition }] }];
    return this.access.read(async () => {
      const group = await this.access.coordinator(groupId, GROUP);
      const { responses } = await this.access.once(() => group.offsetFetch({ groupId, topics }));
      const offset = Number(responses[0]?.partitions[0]?.offset ?? -1);
      return offset < 0 ? undefined : offset;
    });
  }

  /**
   * Sends one record batch, of which it takes a copy, to its partition's leader. Resolves, with the offset of its first record, once
   * all replicas in sync have it.
   */
  produce(transactionalId: string | null, place: PartitionName, batch: Buffer): Promise<number> {
    return this.toLeader(place, produceRequest(transactionalId, place, batch));
  }

  /** What stands at and after an offset, up to where it is committed; waits up to `maxWaitMs` for something to come. */
  fetch(
    place: PartitionName,
    offset: number,
    bounds: { readonly maxBytes: number; readonly maxWaitMs: number },
  ): Promise<FetchedPartition> {
    const request = fetchRequest(place, offset, bounds);
    return this.access.read(() => this.toLeader(place, request));
  }

  /**
   * First offset that is there, offset after the last record, and offset up to which all transactions have ended: no earlier than when
   * this was called, whichever broker has been replaced by then (witnesses.ts).
   */
  ends(place: PartitionName): Promise<{ readonly first: number; readonly end: number; readonly stable: number }> {
    return this.access.read(async () => {
      const led = await this.access.leading(place);
      const { broker } = led;
      const [first, end, stable] = await Promise.all([
        this.offsetAt(broker, place, { timestamp: EARLIEST, isolationLevel: 0 }),
        this.offsetAt(broker, place, { timestamp: LATEST, isolationLevel: 0 }),
        this.offsetAt(broker, place, { timestamp: LATEST, isolationLevel: 1 }),
        this.mustLead(led),
      ]);
      return { first, end, stable };
    });
  }

  private async offsetAt(
    broker: Broker,
    { topic, partition }: PartitionName,
    { timestamp, isolationLevel }: { readonly timestamp: number; readonly isolationLevel: 0 | 1 },
  ): Promise<number> {
    const topics = [{ topic, partitions: [{ partition, timestamp }] }];
    const { responses } = await this.access.once(() => broker.listOffsets({ replicaId: -1, isolationLevel, topics }));
    const offset = responses[0]?.partitions[0]?.offset;
    if (offset === undefined) throw new Error(`a broker does not say where ${labelOf({ topic, partition })} ends`);
    return Number(offset);
  }

  private async mustLead(leadership: Leadership): Promise<void> {
    try {
      await this.witnesses.agree(leadership);
    } catch (error) {
      if (isMoved(error)) await this.access.refresh();
      throw error;
    }
  }

  /** Whom one broker takes for the leader of a partition; asked over connections of its own, so that its silence harms no others. */
  private async leaderAsSeenBy(broker: number, place: PartitionName): Promise<number | undefined> {
    this.access.mustBeOpen();
    let access = this.views.get(broker);
    if (access === undefined) this.views.set(broker, (access = new ClusterAccess(this.connection)));
    const seen = await access.topicAt(await access.brokerFor(place.topic, broker), place.topic);
    return seen?.leaders.get(place.partition);
  }

  /** Asks the coordinator of a transactional id. */
  private async coordinated<Value>(
    transactionalId: string,
    question: (coordinator: Broker) => Promise<Value>,
  ): Promise<Value> {
    const coordinator = await this.access.coordinator(transactionalId, TRANSACTION);
    return this.access.once(() => question(coordinator));
  }

  private async toLeader<Value>(place: PartitionName, request: ProtocolRequest<Value>): Promise<Value> {
    return this.access.send(await this.access.leader(place), request);
  }
}
