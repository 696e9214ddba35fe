/** What stands: the listed instruments and their books, from the tables alone, so that both are as of the checkpoint like every row. */
import { formatPrice, formatQuantity, type Instrument } from '../../../src/domain/instrument.js';
import { phaseNames, Pricing, Side } from '../../../src/domain/terms.js';
import type { BookLevel, BookView } from '../../book/views.js';
import { nameOf } from '../../directory/views.js';
import { named, type Row, type SqlDatabase, type SqlValue } from './database.js';
import { limited } from '../queries/query-terms.js';
import { instrumentColumns, Status } from './schema.js';

/** Those with a larger number than this one, in the order of their numbers: that in which they were first listed. */
export function listedInstruments(database: SqlDatabase, afterId: number, limit: number): Instrument[] {
  const sql = 'SELECT * FROM instruments WHERE instrument_id > ? ORDER BY instrument_id LIMIT ?';
  return database.rows(sql, [afterId, limit]).map(instrumentFromRow);
}

/**
 * The best levels of an instrument's book; undefined where it is not listed. A level's quantity is what its open intentions have left,
 * reserved or not; market intentions have no level. Walks through all open intentions.
 */
export function standingBook(database: SqlDatabase, symbol: string, depth: number): BookView | undefined {
  const row = database.row('SELECT * FROM instruments WHERE symbol = ?', [symbol]);
  if (row === undefined) return undefined;
  const instrument = instrumentFromRow(row);
  return {
    instrument: symbol,
    phase: nameOf(phaseNames, instrument.phase),
    position: Number(database.row('SELECT position FROM checkpoint')?.[0] ?? 0),
    bids: levels(database, instrument, Side.Buy, depth),
    asks: levels(database, instrument, Side.Sell, depth),
  };
}

function levels(database: SqlDatabase, instrument: Instrument, side: number, depth: number): BookLevel[] {
  const rows = database.rows(
    // By the states of each participant, so that no intention that is closed is looked at.
    `SELECT intention.price_ticks, sum(intention.quantity_lots - intention.filled_lots), count(*)
      FROM participants CROSS JOIN intention_states AS state USING (participant_id)
      CROSS JOIN intentions AS intention ON intention.intention_id = state.intention_id
      WHERE state.status = ? AND intention.instrument_id = ? AND intention.side = ? AND intention.pricing = ?
      GROUP BY 1 ORDER BY 1 ${side === Side.Buy ? 'DESC' : 'ASC'} LIMIT ?`,
    [Status.Open, instrument.instrumentId, side, Pricing.Limit, limited(depth)],
  );
  return rows.map((row) => {
    const [priceTicks = 0, lots = 0, intentions = 0] = row.map(Number);
    return {
      price: formatPrice(instrument, priceTicks),
      quantity: formatQuantity(instrument, lots),
      intentions,
    };
  });
}

function instrumentFromRow(row: Row): Instrument {
  return named(instrumentColumns, row) as Record<keyof Instrument, SqlValue> as Instrument; // the symbol is TEXT, all others INTEGERs
}
