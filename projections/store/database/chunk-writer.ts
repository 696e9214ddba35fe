import { BulkStatement, type SqlDatabase, type SqlValue } from './database.js';
import type { StoredIntention } from '../queries/open-intentions.js';
import { instrumentColumns, openDealColumns } from './schema.js';
import type { StoreFold } from './store-fold.js';

const TERMS = 13;
const STATE = 8;
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
    intentions: insert('intentions', TERMS + STATE),
    changes: bulk(
      STATE + 1,
      (values) => `UPDATE intentions SET
        price_ticks = new.column2, quantity_lots = new.column3, filled_lots = new.column4, reserved_lots = new.column5,
        status = new.column6, closed_reason = new.column7, closed_at_ms = new.column8, closed_position = new.column9
        FROM (VALUES ${values}) AS new WHERE intention_id = new.column1`,
    ),
    states: insert('intention_states', 3),
    deals: insert('deals', 12),
    aborts: insert('aborted_deals', 6),
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

  constructor(private readonly database: SqlDatabase) {
    this.into = statementsFor(database);
  }

  write(fold: StoreFold): void {
    this.writeDirectory(fold);
    fold.risk.write(this.database);
    fold.marks.write(this.database);
    this.writeIntentions(fold);
    this.writeDeals(fold);
    this.writeHoldings(fold);
    this.writeCandles(fold);
    this.writeOpenDeals(fold);
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

  private writeIntentions({ intentions }: StoreFold): void {
    const { posted, changed, terms } = intentions;
    const rows: SqlValue[] = [];
    for (let index = 0; index < posted.length; index++) {
      for (let column = index * TERMS; column < (index + 1) * TERMS; column++) rows.push(terms[column] as SqlValue); // TERMS a row
      (posted[index] as StoredIntention).pushState(rows); // index is in range
    }
    this.into.intentions.run(rows);
    if (posted.length > 0) this.indexClientIds(terms);
    const changes: SqlValue[] = [];
    for (const intention of changed) {
      changes.push(intention.intentionId);
      intention.pushState(changes);
    }
    this.into.changes.run(changes);
    this.writeStates(posted, changed);
  }

  /** The first intention with a client's id keeps it. */
  private indexClientIds(terms: readonly SqlValue[]): void {
    let least = Number.POSITIVE_INFINITY;
    for (let index = 0; index < terms.length; index += TERMS) least = Math.min(least, terms[index] as number); // an id
    const firstPosition = terms[TERMS - 1] as number; // posted_position of the first row
    this.database.run(
      `INSERT OR IGNORE INTO intention_client_ids
        SELECT participant_id, client_id, intention_id FROM intentions
        WHERE intention_id >= ? AND posted_position >= ? ORDER BY 1, 2, 3`,
      [least, firstPosition],
    );
  }

  private writeStates(posted: readonly StoredIntention[], changed: readonly StoredIntention[]): void {
    const moved = changed.filter((intention) => intention.status !== intention.storedStatus);
    moved.sort(byState);
    for (const { participantId, storedStatus, intentionId } of moved) {
      this.database.run('DELETE FROM intention_states WHERE participant_id = ? AND status = ? AND intention_id = ?', [
        participantId,
        storedStatus,
        intentionId,
      ]);
    }
    const rows: number[] = [];
    for (const intention of [...posted, ...moved].sort(byState)) {
      rows.push(intention.participantId, intention.status, intention.intentionId);
    }
    this.into.states.run(rows);
  }

  private writeDeals({ deals, aborts }: StoreFold): void {
    this.into.deals.run(deals);
    this.into.aborts.run(aborts);
    const since = [Math.min(deals[0] ?? Number.POSITIVE_INFINITY, aborts[0] ?? Number.POSITIVE_INFINITY)];
    if (since[0] === Number.POSITIVE_INFINITY) return;
    const initiator = 'CASE initiator_side WHEN 0 THEN buyer_id ELSE seller_id END';
    this.index('deal_ids', `SELECT ${initiator}, deal_number, position FROM deals`, since, 2);
    this.index('deal_ids', 'SELECT initiator_id, deal_number, position FROM aborted_deals', since, 2);
    this.index('deal_intentions', 'SELECT buyer_id, position FROM deals', since, 1);
    this.index('deal_intentions', 'SELECT seller_id, position FROM deals', since, 1);
    this.index('deal_participants', 'SELECT buyer_participant_id, position, instrument_id FROM deals', since, 1);
    this.index('deal_participants', 'SELECT seller_participant_id, position, instrument_id FROM deals', since, 1);
    this.index('deal_instruments', 'SELECT instrument_id, position FROM deals', since, 1);
  }

  /** Adds the rows from a position on to an index table, in the order of its keys. Who deals with oneself is one entry. */
  private index(table: string, select: string, since: readonly number[], keyColumns: number): void {
    const order = keyColumns === 1 ? '1, position' : '1, 2';
    this.database.run(`INSERT OR IGNORE INTO ${table} ${select} WHERE position >= ? ORDER BY ${order}`, since);
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

function byState(one: StoredIntention, other: StoredIntention): number {
  return one.participantId - other.participantId || one.status - other.status || one.intentionId - other.intentionId;
}
