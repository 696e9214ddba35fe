import type { Row, SqlDatabase } from '../database/database.js';
import { type DealKey, type DealRange, DealRows } from '../rows/deal-rows.js';
import { Kind } from '../rows/postings.js';

/** What deals are asked for by; undefined: any. */
interface WantedDeals extends DealRange {
  readonly participantId: number | undefined;
  readonly instrumentId: number | undefined;
  readonly intentionId: number | undefined;
  readonly limit: number;
}

/**
 * Rows in the order of their positions, or in the other. Walks along the narrowest list there is for what is given: an intention's deals, a
 * participant's, an instrument's, or all.
 */
export function selectDeals(database: SqlDatabase, wanted: WantedDeals): readonly Row[] {
  const deals = new DealRows(database);
  const key = hasNoPosition(database, wanted) ? undefined : keyOf(wanted);
  if (key === 'none') return first(deals.between(wanted), wanted);
  return key === undefined ? [] : first(deals.of(key, wanted), wanted);
}

function keyOf({ participantId, instrumentId, intentionId }: WantedDeals): DealKey | 'none' {
  if (intentionId !== undefined) return { kind: Kind.Intention, id: intentionId };
  if (participantId !== undefined) return { kind: Kind.Participant, id: participantId };
  return instrumentId === undefined ? 'none' : { kind: Kind.Instrument, id: instrumentId };
}

/** A participant without a position in the instrument has no deal in it, and the walk ends before it begins. */
function hasNoPosition(database: SqlDatabase, { participantId, instrumentId, intentionId }: WantedDeals): boolean {
  if (participantId === undefined || instrumentId === undefined || intentionId !== undefined) return false;
  const sql = 'SELECT 1 FROM positions WHERE instrument_id = ? AND participant_id = ?';
  return database.row(sql, [instrumentId, participantId]) === undefined;
}

function first(rows: Iterable<Row>, wanted: WantedDeals): readonly Row[] {
  const found: Row[] = [];
  for (const row of rows) if (isWanted(row, wanted) && found.push(row) === wanted.limit) break;
  return found;
}

function isWanted(row: Row, { participantId, instrumentId }: WantedDeals): boolean {
  if (participantId !== undefined && row[4] !== participantId && row[6] !== participantId) return false;
  return instrumentId === undefined || row[7] === instrumentId;
}
