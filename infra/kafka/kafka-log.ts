/**
 * A shard's log in Kafka: a partition of the topic of events. A batch is one transaction, an event one record.
 *
 * 1. One transactional id a shard. Opening the log initialises its producer, which ends and fences every transaction of an older one;
 *    only then is the partition read to its end and the new epoch claimed.
 * 2. Positions are in the records (`ce_id`), because offsets have gaps. What has no position, or not the next one, is damage.
 * 3. Readers see committed records only, and whole batches, for a transaction holds a whole one.
 */
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { RecordedEvent } from '../../src/events/event.js';
import type { EventBatch } from '../../src/events/fold.js';
import type { LogSink } from '../../src/log/log-sink.js';
import { LogLockedError, LogRefusedError, LogUnreachableError, type ShardLog } from '../../src/log/port.js';
import { eventsOfStream } from '../../src/log/stream-scan.js';
import { claim, lastClaim } from './claims.js';
import { KafkaClient, type PartitionName } from './client.js';
import { type KafkaConnection, kafkaError } from './connection.js';
import { Assembling, EventReader } from './event-reader.js';
import { KafkaWriter } from './kafka-writer.js';
import { Partition } from './partition.js';
import { ensureTopics, topicNames } from './topics.js';
import { Transactions } from './transactions.js';

export type { KafkaConnection };

export interface KafkaLogOptions {
  readonly connection: KafkaConnection;
  /** Prefix of the topics' names. */
  readonly topic: string;
  readonly shard: number;
  /** How many shards the topics get, should `open` have to make them. 1 more than `shard` unless said otherwise. */
  readonly shards?: number | undefined;
  /** Named in the claims. This host and process unless said otherwise. */
  readonly owner?: string | undefined;
  readonly log?: LogSink | undefined;
  /** Tests make connections of their own, which fail when they are told to. */
  readonly connect?: (connection: KafkaConnection) => KafkaClient;
}

const FOLLOW_WAIT_MS = 500;
const MISSING_POLL_MS = 200;
const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 2_000;

export class KafkaLog implements ShardLog {
  readonly shard: number;
  private readonly client: KafkaClient;
  private readonly reader: EventReader;
  private readonly followers = new Set<KafkaClient>();
  /** The one that the last `open` made. */
  writer: KafkaWriter | undefined;

  constructor(private readonly options: KafkaLogOptions) {
    this.shard = options.shard;
    this.client = this.connect();
    this.reader = new EventReader(this.partition(this.client, topicNames(options.topic).events));
  }

  /** Makes the topics where they are missing. Rejects with LogUnreachableError, LogRefusedError, or LogLockedError after a race. */
  async open(): Promise<KafkaWriter> {
    const { connection, topic, shard, shards, log } = this.options;
    const count = await ensureTopics(connection, { prefix: topic, shards });
    if (shard >= count) {
      throw new LogRefusedError(
        `there is no shard ${shard}: the topic ${topicNames(topic).events} has ${count} partitions`,
      );
    }
    const client = this.connect();
    try {
      const transactions = await Transactions.begin(client, `${topic}.shard-${shard}`);
      const epoch = await this.claimEpoch(client, transactions);
      const head = await this.reader.head();
      this.writer = new KafkaWriter({
        ...{ prefix: topic, events: this.reader.partition.name, epoch, head, transactions, log },
        release: () => client.close(),
      });
      return this.writer;
    } catch (error) {
      await client.close();
      throw error instanceof LogLockedError ? error : kafkaError(error, connection);
    }
  }

  async head(): Promise<number> {
    return this.reading(async () => ((await this.reader.partition.exists()) ? this.reader.head() : 0));
  }

  async *read(from: number): AsyncGenerator<EventBatch, void, void> {
    const { reader } = this;
    const place = await this.reading(async () => {
      if (!(await reader.partition.exists())) return undefined;
      const { first, end } = await reader.partition.ends();
      const entry = await reader.find(from, first, end);
      return entry === undefined ? undefined : { entry, end };
    });
    if (place === undefined) return;
    try {
      yield* reader.from(place.entry, place.end);
    } catch (error) {
      throw this.explained(error);
    }
  }

  /** Goes on when brokers go away and come back. */
  async *follow(from: number, signal: AbortSignal): AsyncGenerator<EventBatch, void, void> {
    const client = this.connect();
    this.followers.add(client);
    const end = (): void => void client.close();
    signal.addEventListener('abort', end);
    const following = { position: from };
    let pauseMs = FIRST_PAUSE_MS;
    try {
      while (!isAborted(signal)) {
        try {
          for await (const batch of this.grow(client, following, signal)) {
            pauseMs = FIRST_PAUSE_MS;
            yield batch;
            if (isAborted(signal)) return;
          }
        } catch (error) {
          if (isAborted(signal)) return;
          const explained = this.explained(error);
          if (!(explained instanceof LogUnreachableError)) throw explained;
          this.options.log?.warn({ shard: this.shard, err: explained }, 'the log cannot be followed just now');
          await pause(pauseMs, signal);
          pauseMs = Math.min(2 * pauseMs, LAST_PAUSE_MS);
        }
      }
    } finally {
      signal.removeEventListener('abort', end);
      this.followers.delete(client);
      await client.close();
    }
  }

  readStream(stream: string, from = 0): AsyncIterable<RecordedEvent> {
    return eventsOfStream(this.read(from), stream, this.shard, from);
  }

  /** Closes the connections. A writer is closed by whoever has it. */
  async close(): Promise<void> {
    await Promise.all([this.client, ...this.followers].map((client) => client.close()));
  }

  private async claimEpoch(client: KafkaClient, transactions: Transactions): Promise<number> {
    const { topic, shard, owner = `${hostname()}:${process.pid}` } = this.options;
    const claims = this.partition(client, topicNames(topic).claims);
    const epoch = ((await lastClaim(claims))?.epoch ?? 0) + 1;
    const isClaimed = await claim(transactions, claims, { shard, epoch, owner, atMs: Date.now() });
    if (isClaimed) return epoch;
    throw transactions.wasFenced
      ? new LogLockedError(`shard ${shard} of ${topic} was opened by another process at the same time`)
      : (transactions.failure ?? new Error('the claim failed'));
  }

  /** From where it stands on, as the log grows; waits for a topic and for a position that are not there yet. */
  private async *grow(
    client: KafkaClient,
    following: { position: number },
    signal: AbortSignal,
  ): AsyncGenerator<EventBatch, void, void> {
    const partition = this.partition(client, this.reader.partition.name.topic);
    const reader = new EventReader(partition);
    while (!(await partition.exists())) {
      await pause(MISSING_POLL_MS, signal);
      if (isAborted(signal)) return;
    }
    const { first, end } = await partition.ends();
    const entry = (await reader.find(following.position, first, end)) ?? (await reader.end(first, end));
    const assembling = new Assembling(reader, entry.position);
    for (let { offset } = entry; !isAborted(signal);) {
      const { batches, nextOffset } = await partition.chunk(offset, FOLLOW_WAIT_MS);
      for (const batch of batches) {
        for (const whole of assembling.add(batch)) {
          const next = whole.firstPosition + whole.count;
          if (next <= following.position) continue;
          following.position = next;
          yield whole;
        }
      }
      offset = nextOffset;
    }
  }

  private connect(): KafkaClient {
    const { connection, connect } = this.options;
    return connect === undefined ? new KafkaClient(connection) : connect(connection);
  }

  private partition(client: KafkaClient, topic: string): Partition {
    const name: PartitionName = { topic, partition: this.options.shard };
    return new Partition(client, name);
  }

  private async reading<Value>(read: () => Promise<Value>): Promise<Value> {
    try {
      return await read();
    } catch (error) {
      throw this.explained(error);
    }
  }

  private explained(error: unknown): unknown {
    const isOwn = error instanceof Error && 'code' in error && error.code === 'LOG_DAMAGED';
    return isOwn ? error : kafkaError(error, this.options.connection);
  }
}

/** Aborting happens elsewhere, so no check of it tells anything about the next. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** Ends early when aborted. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
