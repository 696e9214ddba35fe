import type { DirectoryFold } from '../../directory/directory.js';
import { type DoubtView, doubtView } from '../../ledger/doubt-view.js';
import { UNDECIDED } from '../../ledger/open-deals.js';
import { named, type SqlDatabase } from '../database/database.js';
import { openDealColumns } from '../database/schema.js';
import { MAX_ROWS } from './query-terms.js';

/** The promises of a log that wait for their decision, oldest first; 1,000 at most. */
export function doubtsIn(database: SqlDatabase, directory: DirectoryFold, nowMs: number): readonly DoubtView[] {
  const rows = database.rows(
    `SELECT open_deals.*, instrument_id FROM open_deals
      JOIN intentions ON intention_id = CASE proposed_lots WHEN 0 THEN responder_id ELSE initiator_id END
      WHERE initiator_id > -1 AND outcome = ? ORDER BY promised_position LIMIT ?`,
    [UNDECIDED, MAX_ROWS],
  );
  return rows.map((row) => {
    const columns = [...openDealColumns, 'instrumentId'] as const;
    const deal = named(columns, row) as Record<(typeof columns)[number], number>; // all of them are INTEGERs
    return doubtView(directory, deal, deal.instrumentId, nowMs);
  });
}
