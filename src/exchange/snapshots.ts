import { randomInt } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import type { DealInFlight } from '../domain/deals.js';
import type { HeardProposals } from '../domain/heard.js';
import type { InstrumentTerms } from '../domain/instrument.js';
import { Market } from '../domain/market.js';
import type { Timer } from '../domain/timers.js';
import { toHex } from '../events/bytes.js';
import { foldBatch } from '../events/fold.js';
import type { ShardLog } from '../log/port.js';
import { ClientIds, type ClientIdsDump } from './client-ids.js';
import { emptyState, MarketFold, type ShardState } from './market-fold.js';
import type { ShardLogger } from './logger.js';
import { nodeSnapshotFiles, type SnapshotFiles } from './snapshot-files.js';

/** Raised with every change of what a snapshot holds: an older one is then passed over and the log replayed. */
const FORMAT = 2;
const NAME = /^snapshot-(\d{20})\.bin$/;
const KEPT = 2;

const counters = [
  'shard',
  'epoch',
  'shardRevision',
  'nowMs',
  'lastIntentionId',
  'arrivingId',
  'auctionInstrumentId',
  'intentionsPosted',
  'dealsConfirmed',
  'dealsAborted',
  'lotsDealt',
  'lateDecisions',
] as const;

interface Dump {
  readonly format: number;
  readonly position: number;
  readonly digest: Uint8Array;
  readonly counters: Record<(typeof counters)[number], number>;
  readonly participants: readonly string[];
  readonly instruments: readonly (InstrumentTerms & {
    phase: number;
    auctionPriceTicks: number;
    auctionLeftLots: number;
  })[];
  readonly negotiators: { readonly words: Int32Array; readonly used: number; readonly firstFree: number };
  readonly deals: readonly (DealInFlight | undefined)[];
  readonly heard: ReturnType<HeardProposals['dump']>;
  readonly timers: readonly Timer[];
  readonly clientIds: ClientIdsDump;
}

export interface Snapshot {
  readonly state: ShardState;
  readonly position: number;
}

/** What a snapshot knows of the log that it was made of. */
export interface SeenSnapshot {
  /** Its file. */
  readonly name: string;
  readonly position: number;
  /** Of the batch that ends there, as 64 hexadecimal digits; undefined where the snapshot is not usable. */
  readonly digest?: string;
}

/**
 * Snapshots of a shard's state, one file each: `snapshot-<position>.bin`, a CRC-32 (little-endian) and then Node's structured
 * serialization. A snapshot is a projection of the log and nothing more: one that is damaged, too new or of another format is
 * passed over, and deleting them all costs time only. The shard itself never makes one.
 */
export class SnapshotStore {
  private readonly files: SnapshotFiles;

  /** Tests give their own files and choose the seed of the client ids. */
  constructor(
    folder: string,
    private readonly logger?: ShardLogger,
    private readonly options: { readonly files?: SnapshotFiles; readonly clientIdsSeed?: number } = {},
  ) {
    this.files = options.files ?? nodeSnapshotFiles(folder);
  }

  /** The newest usable snapshot at or before a position whose digest the log confirms. */
  async newest(until: number, log: Pick<ShardLog, 'read'>): Promise<Snapshot | undefined> {
    for (const position of (await this.positions()).reverse()) {
      if (position > until) continue;
      const snapshot = await this.load(position);
      if (snapshot !== undefined && (await isOf(log, snapshot))) return snapshot;
    }
    return undefined;
  }

  /** Where the newest file stands, usable or not; 0 where there is none. */
  async latest(): Promise<number> {
    return (await this.positions()).at(-1) ?? 0;
  }

  /** All that there are, usable or not. */
  async seen(): Promise<readonly SeenSnapshot[]> {
    const seen: SeenSnapshot[] = [];
    for (const position of await this.positions()) {
      const digest = (await this.load(position))?.state.digest;
      seen.push({ name: nameOf(position), position, ...(digest === undefined ? {} : { digest: toHex(digest) }) });
    }
    return seen;
  }

  /** Brings the newest snapshot up to the log's head and writes it, keeping the one before. Returns its position. */
  async make(log: ShardLog): Promise<number> {
    const head = await log.head();
    const before = await this.newest(head, log);
    const state = before?.state ?? emptyState(this.options.clientIdsSeed ?? randomInt(0x7fff_ffff));
    const fold = new MarketFold(state);
    const from = before?.position ?? 0;
    let position = from;
    if (from < head) {
      for await (const batch of log.read(from)) {
        if (batch.firstPosition + batch.count > head) break;
        foldBatch(batch, fold, from);
        position = batch.firstPosition + batch.count;
        if (position === head) break;
      }
    }
    if (position > from) await this.write(dump(state, position));
    return position;
  }

  private async write(content: Dump): Promise<void> {
    const body = serialize(content);
    const sum = Buffer.alloc(4);
    sum.writeUInt32LE(crc32(body));
    await this.files.write(nameOf(content.position), [sum, body]);
    const old = (await this.positions()).slice(0, -KEPT);
    await Promise.all(old.map((position) => this.files.remove(nameOf(position))));
  }

  private async load(position: number): Promise<Snapshot | undefined> {
    try {
      const bytes = await this.files.read(nameOf(position));
      if (bytes.length < 4 || bytes.readUInt32LE(0) !== crc32(bytes.subarray(4)))
        throw new Error('its checksum is wrong');
      const content = deserialize(bytes.subarray(4)) as Dump; // the checksum says that `write` made it; the format is checked next
      if (content.format !== FORMAT || content.position !== position) throw new Error('it has another format');
      mustBeWhole(content);
      return { state: restore(content), position };
    } catch (error) {
      this.logger?.warn({ err: error, snapshot: nameOf(position) }, 'snapshot passed over');
      return undefined;
    }
  }

  private async positions(): Promise<number[]> {
    const names = await this.files.list();
    return names
      .map((name) => NAME.exec(name)?.[1])
      .filter((digits) => digits !== undefined)
      .map(Number)
      .sort((one, other) => one - other);
  }
}

function nameOf(position: number): string {
  return `snapshot-${String(position).padStart(20, '0')}.bin`;
}

/** Whoever changes what a snapshot holds may forget to raise FORMAT; what is not there would be restored as nothing at all. */
function mustBeWhole({ digest, counters: numbers, participants, instruments, deals, timers }: Dump): void {
  const isWhole =
    digest instanceof Uint8Array &&
    [participants, instruments, deals, timers].every((list) => Array.isArray(list)) &&
    counters.every((name) => Number.isSafeInteger(numbers[name]));
  if (!isWhole) throw new Error('something of it is missing');
}

/** Whether the batch that ends where the snapshot stands has the digest that the snapshot remembers: it is of this log, not of another. */
async function isOf(log: Pick<ShardLog, 'read'>, snapshot: Snapshot): Promise<boolean> {
  const last = snapshot.position - 1;
  const seen = emptyState(0);
  for await (const batch of log.read(last)) {
    if (batch.firstPosition + batch.count !== snapshot.position) return false;
    foldBatch(batch, new MarketFold(seen), last);
    return Buffer.compare(seen.digest, snapshot.state.digest) === 0;
  }
  return false;
}

function dump(state: ShardState, position: number): Dump {
  const { market, clientIds, digest } = state;
  market.placeArriving();
  return {
    format: FORMAT,
    position,
    digest,
    counters: Object.fromEntries(counters.map((name) => [name, market[name]])) as Dump['counters'], // the same names
    participants: market.participants,
    instruments: market.instruments.map(({ board: _board, ...terms }) => terms),
    negotiators: market.negotiators.dump(),
    deals: market.deals.dump(),
    heard: market.heard.dump(),
    timers: market.timers.entries(),
    clientIds: clientIds.dump(),
  };
}

function restore(content: Dump): ShardState {
  const market = new Market();
  content.instruments.forEach((instrument, index) => {
    market.applyInstrumentListed(index + 1, instrument, 0);
    const { phase, auctionPriceTicks, auctionLeftLots } = instrument;
    Object.assign(market.instrument(index + 1), { phase, auctionPriceTicks, auctionLeftLots });
  });
  content.participants.forEach((name, participantId) => {
    if (participantId > 0) market.applyParticipantAdmitted(participantId, name, 0);
  });
  market.negotiators.load(content.negotiators);
  market.deals.load(content.deals);
  market.heard.load(content.heard);
  for (const timer of content.timers) market.timers.add(timer);
  market.rebuildBoards();
  for (const name of counters) market[name] = content.counters[name];
  return { market, clientIds: ClientIds.restore(content.clientIds), digest: content.digest };
}
