import { LogLostError } from '../../../src/log/port.js';
import { asError } from '../../../src/log/message-of.js';
import type { KafkaClient, PartitionName } from './client.js';
import { typeOf } from '../connection.js';
import { patiently } from '../patience.js';
import { labelOf } from './requests.js';
import { isElecting } from './responses.js';
import type { RecordBatchWriter } from './record-batch-writer.js';

/** A transaction's outcome. `fenced`: nothing of it is in the log, nor ever will be. `unknown`: it may be in the log, or come. */
export type TransactionOutcome = 'committed' | 'fenced' | 'unknown';

/** A transaction that is being filled. */
export interface OpenTransaction {
  /**
   * Sends what the writer holds as one record batch, and clears it. Batches of one partition arrive in the order of these calls. Where
   * `at` is given, the transaction is not committed unless the first record gets this offset.
   */
  send(place: PartitionName, records: RecordBatchWriter, at?: number): Promise<void>;
  /** Commits a group's offset with the transaction. */
  commitOffset(groupId: string, place: PartitionName, offset: number): Promise<void>;
}

/** What goes into a transaction beside its events. */
export interface TransactionExtra {
  /** Partitions that it writes to. */
  readonly places: readonly PartitionName[];
  send(open: OpenTransaction): Promise<void>;
}

/** Where a writer finds what is to go along. */
export interface TransactionExtras {
  /** What has come together since the last time; undefined: nothing. */
  take(): TransactionExtra | undefined;
}

/** Brokers abort a transaction that takes longer; readers wait no longer than this for a producer that died. */
const TRANSACTION_TIMEOUT_MS = 10_000;
const IN_FLIGHT = 4;
/** Sequence numbers begin again after the largest 32-bit integer. */
const SEQUENCES = 2 ** 31;

/**
 * The transactions of one transactional id, one after the other.
 *
 * 1. `begin` fences: once it has resolved, every transaction of an older producer with this id has ended, and none will be committed.
 * 2. The commit is asked for once. A refusal of it that says "fenced" is certain, for nobody else could have committed; anything else
 *    that goes wrong then is `unknown`.
 * 3. After anything but `committed` this producer is of no more use. Its last transaction is then asked to be aborted, which is of no
 *    consequence where it was committed.
 */
export class Transactions {
  private readonly sequences = new Map<string, number>();
  /** Why the last one did not commit. */
  failure: Error | undefined;
  /** Whether a newer producer was the reason. */
  wasFenced = false;

  private constructor(
    private readonly client: KafkaClient,
    private readonly producer: { transactionalId: string; producerId: string; producerEpoch: number },
  ) {}

  static async begin(client: KafkaClient, transactionalId: string): Promise<Transactions> {
    const begin = (): ReturnType<KafkaClient['initProducerId']> =>
      client.initProducerId(transactionalId, TRANSACTION_TIMEOUT_MS);
    const identity = await patiently(client.connection, begin, isNotYet);
    return new Transactions(client, { transactionalId, ...identity });
  }

  /** One transaction over these partitions. Never rejects for reasons of the broker: `failure` has them. */
  async run(
    places: readonly PartitionName[],
    fill: (open: OpenTransaction) => Promise<void>,
  ): Promise<TransactionOutcome> {
    try {
      if (places.length > 0) await this.prepare(() => this.client.addPartitions(this.producer, places));
      await this.filled(fill);
      await this.client.endTransaction(this.producer, true);
      return 'committed';
    } catch (error) {
      this.failure = asError(error);
      this.wasFenced = isFencing(error);
      // Lets readers see behind it at once, and not only when its time is up. What the coordinator has committed it never aborts, so this
      // changes no outcome; a commit that comes later still is refused.
      if (!this.wasFenced) this.client.endTransaction(this.producer, false).catch(() => undefined);
      return this.wasFenced ? 'fenced' : 'unknown';
    }
  }

  private async filled(fill: (open: OpenTransaction) => Promise<void>): Promise<void> {
    const sending: Promise<void>[] = [];
    const queue = async (sent: Promise<void>): Promise<void> => {
      sent.catch(() => undefined); // is thrown below
      sending.push(sent);
      // The first finds the leader and its connection; only then is it certain that those after it arrive in their order.
      await (sending.length < IN_FLIGHT ? sending[0] : sending[sending.length - IN_FLIGHT]);
    };
    await fill({
      send: (place, records, at) =>
        queue(this.produce(place, records).then((offset) => mustStand(place, at ?? offset, offset))),
      commitOffset: (groupId, place, offset) =>
        this.prepare(() => this.client.addOffsets(this.producer, groupId, place, offset)),
    });
    await Promise.all(sending);
  }

  private prepare(ask: () => Promise<void>): Promise<void> {
    return patiently(this.client.connection, ask, isNotYet);
  }

  /** Resolves to the offset of the first record. */
  private produce(place: PartitionName, records: RecordBatchWriter): Promise<number> {
    const key = `${place.topic}/${place.partition}`;
    const sequence = this.sequences.get(key) ?? 0;
    this.sequences.set(key, (sequence + records.count) % SEQUENCES);
    const { transactionalId, producerId, producerEpoch } = this.producer;
    const bytes = records.finish(Date.now(), { producerId, producerEpoch, sequence });
    const sent = this.client.produce(transactionalId, place, bytes);
    records.clear(); // `produce` has taken a copy
    return sent;
  }
}

function mustStand(place: PartitionName, at: number, offset: number): void {
  if (offset === at) return;
  const what = `${labelOf(place)}: a batch that had to come to stand at offset ${at} came to stand at ${offset}`;
  const why = offset > at ? 'somebody else has written there' : 'what stood there is gone';
  throw new LogLostError(`${what}: ${why}. It was not committed`);
}

const FENCED = new Set<unknown>(['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED']);

function isFencing(error: unknown): boolean {
  return FENCED.has(typeOf(error));
}

/** The coordinator is busy with the end of the transaction before, or is only just taking over: nothing has been done. */
function isNotYet(error: unknown): boolean {
  return typeOf(error) === 'CONCURRENT_TRANSACTIONS' || isElecting(error);
}
