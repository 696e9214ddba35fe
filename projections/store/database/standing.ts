/** What stands: the listed instruments and their books, both as of the checkpoint like every row. */
import { formatPrice, formatQuantity, type Instrument } from '../../../src/domain/instrument.js';
import { phaseNames, Side } from '../../../src/domain/terms.js';
import type { BookLevel, BookView } from '../../book/views.js';
import { nameOf } from '../../directory/views.js';
import { named, type Row, type SqlDatabase, type SqlValue } from './database.js';
import { limited } from '../queries/query-terms.js';
import { instrumentColumns } from './schema.js';
import type { StandingLevels } from './standing-levels.js';

/** Those with a larger number than this one, in the order of their numbers: that in which they were first listed. */
export function listedInstruments(database: SqlDatabase, afterId: number, limit: number): Instrument[] {
  const sql = 'SELECT * FROM instruments WHERE instrument_id > ? ORDER BY instrument_id LIMIT ?';
  return database.rows(sql, [afterId, limit]).map(instrumentFromRow);
}

/**
 * The best levels of an instrument's book; undefined where it is not listed. A level's quantity is what its open intentions have left,
 * reserved or not; market intentions have no level.
 */
export function standingBook(
  database: SqlDatabase,
  standing: Pick<StandingLevels, 'levels'>,
  symbol: string,
  depth: number,
): BookView | undefined {
  const row = database.row('SELECT * FROM instruments WHERE symbol = ?', [symbol]);
  if (row === undefined) return undefined;
  const instrument = instrumentFromRow(row);
  const levels = (side: number): BookLevel[] =>
    standing.levels(instrument.instrumentId, side, limited(depth)).map(({ priceTicks, lots, intentions }) => ({
      price: formatPrice(instrument, priceTicks),
      quantity: formatQuantity(instrument, lots),
      intentions,
    }));
  return {
    instrument: symbol,
    phase: nameOf(phaseNames, instrument.phase),
    position: Number(database.row('SELECT position FROM checkpoint')?.[0] ?? 0),
    bids: levels(Side.Buy),
    asks: levels(Side.Sell),
  };
}

function instrumentFromRow(row: Row): Instrument {
  return named(instrumentColumns, row) as Record<keyof Instrument, SqlValue> as Instrument; // the symbol is TEXT, all others INTEGERs
}
