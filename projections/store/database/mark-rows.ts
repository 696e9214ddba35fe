import type * as Recorded from '../../../src/domain/journal.generated.js';
import type { SqlDatabase } from './database.js';
import { auctionColumns } from './schema.js';

/** A row of `auctions`. */
export type StoredAuction = Record<(typeof auctionColumns)[number], number>;

/** Where and when something stands in the log. */
interface Placed {
  readonly position: number;
  readonly atMs: number;
}

/**
 * What a chunk of the log adds to what a time line marks: the writers that began, and the auctions.
 *
 * 1. An auction’s deals are those of its instrument that follow it, up to its volume, and before the instrument’s phase changes or it is
 *    uncrossed again: while it is in its call phase, nothing else deals. So an auction that a crash has cut in two has all of its deals.
 */
export class MarkRows {
  private restarts: number[][] = [];
  private readonly changed = new Set<StoredAuction>();
  /** By instrument, the auction whose deals may follow. */
  private readonly underWay = new Map<number, StoredAuction>();
  private restartCount = 0;
  private auctionCount = 0;

  /** Goes on where the tables end. */
  restore(restartCount: number, auctionCount: number, underWay: readonly StoredAuction[]): void {
    this.restartCount = restartCount;
    this.auctionCount = auctionCount;
    for (const auction of underWay) this.underWay.set(auction.instrumentId, auction);
  }

  shardStarted({ epoch }: Recorded.ShardStarted, { position, atMs }: Placed): void {
    this.restarts.push([this.restartCount++, position, atMs, epoch]);
  }

  auctionUncrossed(event: Recorded.AuctionUncrossed, { position, atMs }: Placed): void {
    const { instrumentId, priceTicks, volumeLots } = event;
    this.end(instrumentId);
    const placed = { number: this.auctionCount++, position, atMs };
    const auction = { ...placed, instrumentId, priceTicks, volumeLots, deals: 0, leftLots: volumeLots };
    this.changed.add(auction);
    if (volumeLots > 0) this.underWay.set(instrumentId, auction);
  }

  dealConfirmed({ instrumentId, quantityLots }: Recorded.DealConfirmed): void {
    const auction = this.underWay.get(instrumentId);
    if (auction === undefined) return;
    auction.deals++;
    auction.leftLots = Math.max(0, auction.leftLots - quantityLots);
    this.changed.add(auction);
    if (auction.leftLots === 0) this.underWay.delete(instrumentId);
  }

  phaseChanged({ instrumentId }: Recorded.PhaseChanged): void {
    this.end(instrumentId);
  }

  /** To be called within a transaction. */
  write(database: SqlDatabase): void {
    for (const row of this.restarts) database.run('INSERT OR REPLACE INTO restarts VALUES (?, ?, ?, ?)', row);
    const values = auctionColumns.map(() => '?').join(', ');
    for (const auction of this.changed) {
      const row = auctionColumns.map((column) => auction[column]);
      database.run(`INSERT OR REPLACE INTO auctions VALUES (${values})`, row);
    }
  }

  clear(): void {
    this.restarts = [];
    this.changed.clear();
  }

  /** No deal that follows is of the instrument’s auction. */
  private end(instrumentId: number): void {
    const auction = this.underWay.get(instrumentId);
    if (auction === undefined) return;
    auction.leftLots = 0;
    this.changed.add(auction);
    this.underWay.delete(instrumentId);
  }
}
