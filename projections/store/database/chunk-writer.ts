import { BulkStatement, type SqlDatabase, type SqlValue } from './database.js';
import { indexDeals, writeDeals } from '../rows/deal-rows.js';
import { IntentionsWriter } from '../rows/intention-rows.js';
import { PostingsWriter } from '../rows/postings.js';
import { instrumentColumns, openDealColumns } from './schema.js';
import type { StoreFold } from './store-fold.js';

/** Positions and ids that every row of a table is above. */
const BEFORE_ALL = -1;

/** Another process writes the same store. Nothing of this chunk was written. */
export class StoreInUseError extends Error {
  readonly code = 'STORE_IN_USE';
  constructor() {
    super('another process writes this query store');
    this.name = 'StoreInUseError';
  }
}

/** What writes the rows of each table, and the new states of intentions that have a row. */
function statementsFor(database: SqlDatabase) {
  const bulk = (columns: number, sqlFor: (values: string) => string): BulkStatement =>
    new BulkStatement(database, columns, sqlFor);
  const insert = (table: string, columns: number, onConflict = ''): BulkStatement =>
    bulk(columns, (values) => `INSERT INTO ${table} VALUES ${values} ${onConflict}`);
  const replace = (table: string, columns: number): BulkStatement =>
    bulk(columns, (values) => `INSERT OR REPLACE INTO ${table} VALUES ${values}`);
  return {
    aborts: insert('aborted_deals', 6, 'ON CONFLICT DO NOTHING'),
    openDeals: insert('open_deals', 11),
    instruments: replace('instruments', 12),
    participants: replace('participants', 2),
    positions: insert(
      'positions',
      8,
      `ON CONFLICT DO UPDATE SET
        bought_lots = bought_lots + excluded.bought_lots, sold_lots = sold_lots + excluded.sold_lots,
        bought_high = bought_high + excluded.bought_high, bought_low = bought_low + excluded.bought_low,
        sold_high = sold_high + excluded.sold_high, sold_low = sold_low + excluded.sold_low`,
    ),
    candles: insert(
      'candles',
      11,
      `ON CONFLICT DO UPDATE SET
        high_ticks = max(high_ticks, excluded.high_ticks), low_ticks = min(low_ticks, excluded.low_ticks),
        close_ticks = excluded.close_ticks, volume_lots = volume_lots + excluded.volume_lots, deals = deals + excluded.deals,
        last_position = excluded.last_position`,
    ),
  };
}

/** Puts what a fold has gathered into the tables. To be called within a transaction. */
export class ChunkWriter {
  private readonly into: ReturnType<typeof statementsFor>;
  /** Whether the table of open deals holds any. */
  private hasOpenDeals = true;

  private readonly postings: PostingsWriter;
  private readonly intentions: IntentionsWriter;

  constructor(private readonly database: SqlDatabase) {
    this.into = statementsFor(database);
    this.postings = new PostingsWriter(database);
    this.intentions = new IntentionsWriter(database, this.postings);
  }

  write(fold: StoreFold): void {
    this.writeDirectory(fold);
    fold.risk.write(this.database);
    fold.marks.write(this.database);
    this.intentions.write(fold.intentions);
    this.writeDeals(fold);
    this.writeHoldings(fold);
    this.writeCandles(fold);
    this.writeOpenDeals(fold);
    this.postings.write();
  }

  /** Moves the checkpoint on. Throws StoreInUseError when it is not where this process left it. */
  writeCheckpoint(fold: StoreFold, before: number, position: number, sealDigest: string): void {
    const changes = this.database.run(
      `UPDATE checkpoint SET position = ?, at_ms = ?, seal_digest = ?, deals_confirmed = ?, deals_aborted = ?, late_decisions = ?
        WHERE position = ?`,
      [position, fold.atMs, sealDigest, fold.dealsConfirmed, fold.dealsAborted, fold.lateDecisions, before],
    );
    if (changes !== 1) throw new StoreInUseError();
  }

  private writeDirectory({ directory, listed, admitted }: StoreFold): void {
    const instruments = [...listed].map((id) => directory.instrument(id)).filter((known) => known !== undefined);
    this.into.instruments.run(instruments.flatMap((listed) => instrumentColumns.map((column) => listed[column])));
    this.into.participants.run([...admitted].flatMap((id) => [id, directory.participantName(id)]));
  }

  private writeDeals({ deals, aborts }: StoreFold): void {
    writeDeals(this.database, deals);
    indexDeals(this.postings, deals);
    this.into.aborts.run(aborts);
  }

  private writeHoldings({ holdings }: StoreFold): void {
    const rows: SqlValue[] = [];
    holdings.forEach((instrumentId, participantId, held) => {
      const bought = held.boughtTurnover.value;
      const sold = held.soldTurnover.value;
      rows.push(participantId, instrumentId, held.boughtLots.value, held.soldLots.value);
      rows.push(bought >> 32n, bought & 0xffff_ffffn, sold >> 32n, sold & 0xffff_ffffn);
    });
    this.into.positions.run(rows);
  }

  private writeCandles({ candles }: StoreFold): void {
    const rows: SqlValue[] = [];
    candles.forEach((instrumentId, intervalMs, candle) => {
      rows.push(instrumentId, intervalMs, candle.startMs, candle.openTicks, candle.highTicks, candle.lowTicks);
      rows.push(candle.closeTicks, candle.volumeLots, candle.deals, candle.firstPosition, candle.lastPosition);
    });
    this.into.candles.run(rows);
  }

  /** Few are ever in flight between two batches, so the whole table is written each time. */
  private writeOpenDeals({ openDeals }: StoreFold): void {
    if (this.hasOpenDeals) this.database.run('DELETE FROM open_deals WHERE initiator_id > ?', [BEFORE_ALL]);
    this.hasOpenDeals = openDeals.size > 0;
    this.into.openDeals.run([...openDeals].flatMap((deal) => openDealColumns.map((column) => deal[column])));
  }
}
