import { setTimeout as sleep } from 'node:timers/promises';
import { LogHeldError, LogUnreachableError } from '../../../src/log/port.js';
import type { KafkaClient, PartitionName } from './client.js';
import { patienceOf } from '../patience.js';
import { type InBatch, readBatches } from './record-batch.js';
import { labelOf } from './requests.js';
import type { FetchedPartition } from './responses.js';

/** A record batch of a committed transaction, with where it begins. */
export type CommittedBatch = Pick<InBatch, 'baseOffset' | 'nextOffset' | 'count' | 'records'>;

/** What one fetch brought: the committed batches, and where to fetch next. */
export interface Chunk {
  readonly batches: readonly CommittedBatch[];
  readonly nextOffset: number;
}

/** The first offset that is there, and the one after the last. */
export interface Ends {
  readonly first: number;
  readonly end: number;
}

export interface HeldPatience {
  /** How long the end of other transactions is waited for. */
  readonly heldMs?: number;
  /** Told once what is waited for, when it is nothing that takes a moment only. */
  readonly onHeld?: (what: string) => void;
}

const FETCH_BYTES = 4 << 20;
const PROBE_BYTES = 1;
const SETTLE_MS = 1_000;
const SETTLE_POLL_MS = 3;
const SHOWN_POLL_MS = 100;

/**
 * A partition, as those see it who read committed records only. Transaction markers and aborted records have offsets too, so offsets
 * have gaps, and the highest one need not be a record's.
 */
export class Partition {
  constructor(
    private readonly client: KafkaClient,
    readonly name: PartitionName,
  ) {}

  /** As messages name it: `market.events[3]`. */
  get label(): string {
    return labelOf(this.name);
  }

  async exists(): Promise<boolean> {
    return (await this.client.partitionCount(this.name.topic)) > this.name.partition;
  }

  /**
   * As far as readers see it now, although more may stand there. A transaction whose commit was answered may be a few milliseconds from
   * being seen; this waits for those that are under way, but not for long.
   */
  async ends(): Promise<Ends> {
    const { first, stable } = await this.settled({});
    return { first, end: stable };
  }

  /** All of it. Throws LogHeldError when readers cannot see its end for longer than they need to see what was committed. */
  async wholeEnds(patience: HeldPatience = {}): Promise<Ends> {
    const { first, stable, end } = await this.settled(patience);
    if (stable >= end) return { first, end: stable };
    const ways = 'end that transaction (kafka-transactions.sh find-hanging, then abort), or wait for its timeout';
    throw new LogHeldError(`${this.describeHeld(stable, end)}: where the log ends cannot be known; ${ways}`);
  }

  /** Waits until readers see what stood there at first, or for as long as there is patience. */
  private async settled({ heldMs, onHeld }: HeldPatience): Promise<Ends & { readonly stable: number }> {
    const { first, end, stable: before } = await this.client.ends(this.name);
    let stable = before;
    const { patienceMs = SETTLE_MS } = this.client.connection;
    const startedAt = performance.now();
    for (let isTold = onHeld === undefined; stable < end;) {
      const waitedMs = performance.now() - startedAt;
      if (waitedMs >= (heldMs ?? patienceMs)) break;
      if (!isTold && waitedMs >= SETTLE_MS) {
        isTold = true;
        onHeld?.(this.describeHeld(stable, end));
      }
      await sleep(SETTLE_POLL_MS);
      stable = (await this.client.ends(this.name)).stable;
    }
    return { first, end, stable };
  }

  private describeHeld(stable: number, end: number): string {
    const records = `up to ${end - stable} records from offset ${stable} on`;
    return `${this.label}: an open transaction of another producer holds back ${records}`;
  }

  /** The committed batches from the one that holds `offset` on, as many as a fetch brings; waits so long for the first of them. */
  async chunk(offset: number, maxWaitMs = 0, maxBytes = FETCH_BYTES): Promise<Chunk> {
    const fetched = await this.client.fetch(this.name, offset, { maxBytes, maxWaitMs });
    return committed(fetched, offset);
  }

  /** The first committed batch at or after `offset` and before `end`. */
  async firstBatch(offset: number, end: number): Promise<CommittedBatch | undefined> {
    for (let at = offset; at < end;) {
      const { batches, nextOffset } = await this.someAt(at, PROBE_BYTES);
      const [first] = batches;
      if (first !== undefined) return first.baseOffset < end ? first : undefined;
      at = nextOffset;
    }
    return undefined;
  }

  /** The last committed batch before `end` that is wanted; any, unless said otherwise. */
  async lastBatch(
    first: number,
    end: number,
    isWanted: (batch: CommittedBatch) => boolean = () => true,
  ): Promise<CommittedBatch | undefined> {
    for (let back = 2; ; back *= 4) {
      const from = Math.max(first, end - back);
      let last: CommittedBatch | undefined;
      for await (const batch of this.batches(from, end)) if (isWanted(batch)) last = batch;
      if (last !== undefined || from === first) return last;
    }
  }

  /**
   * The committed batches from the one that holds `from` on, as far as they begin before `end`. While they are used, the broker is asked
   * for the next.
   */
  async *batches(from: number, end: number): AsyncGenerator<CommittedBatch, void, void> {
    let asked = this.someBefore(end, from);
    while (asked !== undefined) {
      const { batches, nextOffset } = await asked;
      asked = this.someBefore(end, nextOffset);
      asked?.catch(() => undefined); // told when it is awaited, if anybody still wants it
      yield* batches.filter(({ baseOffset }) => baseOffset < end);
    }
  }

  private someBefore(end: number, offset: number): Promise<Chunk> | undefined {
    return offset < end ? this.someAt(offset) : undefined;
  }

  /**
   * What stands at an offset before the end. A leader that has just become one may not show it yet; one that never does is not read as
   * if nothing were there.
   */
  private async someAt(offset: number, maxBytes = FETCH_BYTES): Promise<Chunk> {
    const givenUpAt = performance.now() + patienceOf(this.client.connection);
    for (let waitMs = 0; ; waitMs = SHOWN_POLL_MS) {
      const chunk = await this.chunk(offset, waitMs, maxBytes);
      if (chunk.nextOffset > offset) return chunk;
      if (performance.now() > givenUpAt) break;
    }
    throw new LogUnreachableError(`${this.label}: its leader shows nothing at offset ${offset}, before its end`);
  }
}

/** Leaves out markers and what was aborted, as the protocol has it: a list of aborted transactions comes with what was fetched. */
function committed({ bytes, aborted }: FetchedPartition, offset: number): Chunk {
  const waiting = [...aborted].sort((one, other) => one.firstOffset - other.firstOffset);
  const aborting = new Set<bigint>();
  const batches: CommittedBatch[] = [];
  let nextOffset = offset;
  for (const batch of readBatches(bytes)) {
    nextOffset = Math.max(nextOffset, batch.nextOffset);
    while (waiting[0] !== undefined && waiting[0].firstOffset < batch.nextOffset) {
      aborting.add(waiting[0].producerId);
      waiting.shift();
    }
    if (isRead(batch, aborting) && batch.nextOffset > offset) batches.push(batch);
  }
  return { batches, nextOffset };
}

function isRead(batch: InBatch, aborting: Set<bigint>): boolean {
  if (batch.isControl) {
    if (batch.isAbort) aborting.delete(batch.producerId);
    return false;
  }
  return !(batch.isTransactional && aborting.has(batch.producerId));
}
