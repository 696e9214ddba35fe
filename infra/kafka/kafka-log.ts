/**
 * A shard's log in Kafka: a partition of the topic of events. A batch is one transaction, an event one record.
 *
 * 1. One transactional id a shard. Opening the log initialises its producer, which ends and fences every transaction of an older one;
 *    only then is the partition read to its end. What speaks against it is found before the new epoch is claimed, but after the fence:
 *    the transaction of a writer that lives, or was killed in the middle of one, hides where the log ends, and nothing but the fence
 *    ends it at once. So an opening that comes to be refused costs a writer that lives its shard for a moment: that one opens it again,
 *    and who has refused does not. A member of a cluster opens only what it knows no live one to hold.
 * 2. Positions are in the records (`ce_id`), because offsets have gaps. What has no position, or not the next one, is damage.
 * 3. Readers see committed records only, and whole batches, for a transaction holds a whole one. Where the partition ends is known only
 *    while nobody's transaction hides a part of it.
 * 4. A log that has once been seen up to a position never ends before it: one that does is lost, whatever stands there now.
 */
import { hostname } from 'node:os';
import type { RecordedEvent } from '../../src/events/event.js';
import type { EventBatch } from '../../src/events/fold.js';
import type { Logger } from '../../src/resilience/logger.js';
import {
  type Admit,
  type Evidence,
  type FoundLog,
  LogLockedError,
  LogLostError,
  LogRefusedError,
  LogUnreachableError,
  type ShardLog,
} from '../../src/log/port.js';
import { eventsOfStream } from '../../src/log/stream-scan.js';
import { type Claim, claim, evidenceOf, lastClaim } from './claims.js';
import { KafkaClient } from './protocol/client.js';
import { isOfLog, type KafkaConnection, kafkaError, typeOf } from './connection.js';
import { EventReader, type Tail } from './events/event-reader.js';
import { Follower } from './events/follower.js';
import type { TopicFormat } from './events/topic-format.js';
import { KafkaWriter } from './kafka-writer.js';
import { takenCommands } from './events/lost-events.js';
import { Partition } from './protocol/partition.js';
import { UnreadableBatchError } from './protocol/in-record.js';
import { ensureTopics, topicNames } from './topics/topics.js';
import { Transactions } from './protocol/transactions.js';

export type { KafkaConnection };

export interface KafkaLogOptions {
  readonly connection: KafkaConnection;
  /** Prefix of the topics' names. */
  readonly topic: string;
  readonly shard: number;
  /** How many shards the topics get, should `open` have to make them. 1 more than `shard` unless said otherwise. */
  readonly shards?: number | undefined;
  /** In which form its events are written: as the last of them was, unless said otherwise, and an empty log in binary. */
  readonly format?: TopicFormat | undefined;
  /** Named in the claims. This host and process unless said otherwise. */
  readonly owner?: string | undefined;
  readonly log?: Logger | undefined;
  /** Tests make connections of their own, which fail on demand. */
  readonly connect?: (connection: KafkaConnection) => KafkaClient;
}

/** How long an opening waits for transactions of others, where nothing else is said. */
const HELD_MS = 5_000;
/** No topic has this id. */
const NO_TOPIC = '';

/** What its next writer finds. */
interface Found {
  readonly transactions: Transactions;
  readonly tail: Tail;
  readonly claimed: Claim | undefined;
  /** Of the topic of events, where brokers tell it. */
  readonly topicId: string | undefined;
}

export class KafkaLog implements ShardLog {
  readonly shard: number;
  private readonly client: KafkaClient;
  private readonly reader: EventReader;
  private readonly followers = new Set<KafkaClient>();
  /** The one that the last `open` made. */
  writer: KafkaWriter | undefined;
  /** Up to where the log has been seen. */
  private seen = 0;

  constructor(private readonly options: KafkaLogOptions) {
    this.shard = options.shard;
    this.client = this.connect();
    this.reader = new EventReader(this.partition(this.client, topicNames(options.topic).events));
  }

  /**
   * Makes the topics where they are missing; that of events only where nothing knows of any. Rejects with LogUnreachableError,
   * LogRefusedError, LogHeldError, DamagedLogError, LogLostError, or LogLockedError after a race.
   */
  async open(admit?: Admit): Promise<KafkaWriter> {
    const shards = await this.makeTopics(admit);
    const { topic: prefix, shard } = this.options;
    if (shard >= shards) {
      const has = `the log in ${topicNames(prefix).events} has ${shards} partitions, one a shard`;
      throw new LogRefusedError(`there is no shard ${shard}: ${has}`);
    }
    const client = this.connect();
    try {
      const found = await this.reading(() => this.fence(client));
      await admit?.(await this.reading(() => this.asFound(found)));
      const epoch = await this.reading(() => this.claimEpoch(client, found, shards));
      this.writer = this.makeWriter(client, found, epoch);
      this.seen = this.writer.head;
      return this.writer;
    } catch (error) {
      await client.close();
      throw error;
    }
  }

  async head(): Promise<number> {
    const seen = Math.max(this.seen, this.writer?.head ?? 0);
    return this.reading(async () => {
      const head = (await this.reader.partition.exists()) ? await this.reader.head() : 0;
      if (head < seen) throw this.reader.lost(`held every event before position ${seen}, and ends at ${head} now`);
      this.seen = Math.max(this.seen, head);
      return head;
    });
  }

  async *read(from: number): AsyncGenerator<EventBatch, void, void> {
    const { reader } = this;
    const place = await this.reading(async () => {
      if (!(await reader.partition.exists())) return undefined;
      const ends = await reader.partition.wholeEnds();
      const entry = await reader.find(from, ends);
      return entry === undefined ? undefined : { entry, end: ends.end };
    });
    if (place === undefined) return;
    try {
      yield* reader.from(place.entry, place.end);
    } catch (error) {
      throw this.explained(error);
    }
  }

  /** What the last claim knows, and who has taken commands. */
  async evidence(): Promise<readonly Evidence[]> {
    const { client } = this;
    return this.reading(async () => {
      const claims = this.partition(client, topicNames(this.options.topic).claims);
      if (!(await claims.exists())) return [];
      const hasEvents = await this.reader.partition.exists();
      const [claimed, topicId, head] = await Promise.all([
        lastClaim(claims),
        hasEvents ? client.topicId(this.reader.partition.name) : NO_TOPIC,
        hasEvents ? this.reader.head() : 0,
      ]);
      return this.evidenceFor(head, claimed, topicId);
    });
  }

  /** Goes on when brokers go away and come back. */
  async *follow(from: number, signal: AbortSignal): AsyncGenerator<EventBatch, void, void> {
    const client = this.connect();
    this.followers.add(client);
    const end = (): void => void client.close();
    signal.addEventListener('abort', end);
    const follower = new Follower(this.reader.partition.name, from);
    try {
      yield* follower.follow(client, signal, (error) => {
        const explained = this.explained(error, follower.hasSeenAny);
        if (!(explained instanceof LogUnreachableError)) throw explained;
        this.options.log?.warn({ shard: this.shard, err: explained }, 'the log cannot be followed just now');
      });
    } finally {
      signal.removeEventListener('abort', end);
      this.followers.delete(client);
      await client.close();
    }
  }

  readStream(stream: string, from = 0): AsyncIterable<RecordedEvent> {
    return eventsOfStream(this.read(from), stream, this.shard, from);
  }

  /** Closes the connections, but for that of a writer, which the caller closes. */
  async close(): Promise<void> {
    await Promise.all([this.client, ...this.followers].map((client) => client.close()));
  }

  /** Returns how many shards there are. A topic of events that is gone is made again only where `admit` takes a log that lost all. */
  private async makeTopics(admit: Admit | undefined): Promise<number> {
    const { connection, topic: prefix, shard, shards, log } = this.options;
    const wanted = { prefix, shards, shard, log };
    const make = (isLossAccepted: boolean): Promise<number> =>
      this.reading(() => ensureTopics(connection, { ...wanted, isLossAccepted }, this.client));
    try {
      return await make(false);
    } catch (error) {
      if (!(error instanceof LogLostError) || admit === undefined) throw error;
      const nothing = { shard, head: () => Promise.resolve(0), read: (from: number) => this.read(from) };
      await admit({ log: nothing, head: 0, epoch: 0, evidence: error.evidence });
      return make(true);
    }
  }

  /** Ends what older writers have under way, and looks what they left. */
  private async fence(client: KafkaClient): Promise<Found> {
    const { connection, topic, shard, log } = this.options;
    const transactions = await Transactions.begin(client, `${topic}.shard-${shard}`);
    const events = this.partition(client, this.reader.partition.name.topic);
    const patience = {
      heldMs: connection.patienceMs ?? HELD_MS,
      onHeld: (what: string) => log?.warn({ shard }, `the log is opened once it can be seen whole: ${what}`),
    };
    const reader = new EventReader(events);
    const [tail, claimed, topicId] = await Promise.all([
      events.wholeEnds(patience).then((ends) => reader.tail(ends)),
      lastClaim(this.partition(client, topicNames(topic).claims), patience),
      client.topicId(events.name),
    ]);
    return { transactions, tail, claimed, topicId };
  }

  private async asFound({ tail, claimed, topicId }: Found): Promise<FoundLog> {
    const { shard } = this;
    return {
      log: { shard, head: () => Promise.resolve(tail.position), read: (from) => this.read(from) },
      head: tail.position,
      epoch: claimed?.epoch ?? 0,
      evidence: await this.evidenceFor(tail.position, claimed, topicId),
    };
  }

  private async evidenceFor(
    head: number,
    claimed: Claim | undefined,
    topicId: string | undefined,
  ): Promise<readonly Evidence[]> {
    const { topic: prefix, shard } = this.options;
    const known = claimed === undefined ? [] : [evidenceOf(claimed, topicNames(prefix), topicId)];
    return head > 0 ? known : [...known, ...(await takenCommands(this.client, prefix, shard))];
  }

  /** Nobody else writes claims now, so the one that was found is the last. */
  private async claimEpoch(client: KafkaClient, found: Found, shards: number): Promise<number> {
    const { transactions, tail, claimed, topicId } = found;
    const { topic, shard, owner = `${hostname()}:${process.pid}` } = this.options;
    const claims = this.partition(client, topicNames(topic).claims);
    const epoch = (claimed?.epoch ?? 0) + 1;
    const knows = { head: tail.position, digest: tail.digest, shards, topicId };
    const isClaimed = await claim(transactions, claims, { shard, epoch, owner, atMs: Date.now(), ...knows });
    if (isClaimed) return epoch;
    throw transactions.wasFenced
      ? new LogLockedError(`shard ${shard} of ${topic} was opened by another process at the same time`)
      : (transactions.failure ?? new Error('the claim failed'));
  }

  private makeWriter(client: KafkaClient, { transactions, tail, topicId }: Found, epoch: number): KafkaWriter {
    const { topic: prefix, format = tail.format ?? 'binary', log } = this.options;
    return new KafkaWriter({
      ...{ prefix, events: this.reader.partition.name, format, epoch, transactions, log },
      ...{ head: tail.position, offset: tail.offset },
      mustReach: (offset) => this.reading(() => this.mustReach(offset, topicId)),
      release: () => client.close(),
    });
  }

  /** Looks with the readers' connection, so that an append that is under way has its own. */
  private async mustReach(offset: number, topicId: string | undefined): Promise<void> {
    const { name } = this.reader.partition;
    const [{ first, end }, id] = await Promise.all([this.client.ends(name), this.client.topicId(name)]);
    if (id !== undefined && topicId !== undefined && id !== topicId)
      throw this.reader.lost('was deleted and made again');
    if (first > 0) throw await this.reader.withoutFront({ first, end });
    if (end < offset) throw this.reader.lost(`reached to offset ${offset}, and ends at ${end} now`);
  }

  private connect(): KafkaClient {
    const { connection, connect } = this.options;
    return connect === undefined ? new KafkaClient(connection) : connect(connection);
  }

  private partition(client: KafkaClient, topic: string): Partition {
    return new Partition(client, { topic, partition: this.options.shard });
  }

  private async reading<Value>(read: () => Promise<Value>): Promise<Value> {
    try {
      return await read();
    } catch (error) {
      throw this.explained(error);
    }
  }

  /** In the log's words. Where some of it has been seen, there is no topic that is only not made yet. */
  private explained(error: unknown, isKnown = this.writer !== undefined || this.seen > 0): unknown {
    if (isOfLog(error)) return error;
    if (error instanceof UnreadableBatchError) return this.reader.damaged(error.offset, -1, error.message);
    if (typeOf(error) === 'OFFSET_OUT_OF_RANGE') return this.reader.lost('lacks what it held when it was looked at');
    const isGone = typeOf(error) === 'UNKNOWN_TOPIC_OR_PARTITION' && isKnown;
    return isGone ? this.reader.lost('is gone') : kafkaError(error, this.options.connection);
  }
}
