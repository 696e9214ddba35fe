import type { DirectoryFold } from '../../directory/directory.js';
import { type DoubtView, doubtView } from '../../ledger/doubt-view.js';
import { UNDECIDED } from '../../ledger/open-deals.js';
import { named, type SqlDatabase } from '../database/database.js';
import { openDealColumns } from '../database/schema.js';
import { IntentionRows } from '../rows/intention-rows.js';
import { MAX_ROWS } from './query-terms.js';

/** The promises of a log that wait for their decision, oldest first; 1,000 at most. */
export function doubtsIn(database: SqlDatabase, directory: DirectoryFold, nowMs: number): readonly DoubtView[] {
  const sql = `SELECT * FROM open_deals WHERE initiator_id > -1 AND outcome = ? ORDER BY promised_position LIMIT ?`;
  const intentions = new IntentionRows(database);
  return database.rows(sql, [UNDECIDED, MAX_ROWS]).flatMap((row) => {
    const deal = named(openDealColumns, row) as Record<(typeof openDealColumns)[number], number>; // all of them are INTEGERs
    const own = intentions.row(deal.proposedLots === 0 ? deal.responderId : deal.initiatorId);
    return own === undefined ? [] : [doubtView(directory, deal, Number(own[3]), nowMs)];
  });
}
