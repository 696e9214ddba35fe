import { isCrossShard } from '../../../src/domain/ids.js';
import { formatPrice, formatQuantity } from '../../../src/domain/instrument.js';
import type { DirectoryFold } from '../../directory/directory.js';
import { shownInstrument, timeText } from '../../directory/views.js';
import { dealName } from '../../ledger/deal-name.js';
import { UNDECIDED } from '../../ledger/open-deals.js';
import { named, type SqlDatabase } from '../database/database.js';
import { openDealColumns } from '../database/schema.js';
import { MAX_ROWS } from './query-terms.js';

/** A promise without a decision. */
export interface DoubtView {
  /** The id that the deal has, or would have. */
  readonly deal: string;
  readonly initiatorIntention: string;
  readonly responderIntention: string;
  readonly instrument: string;
  /** As they were promised last. */
  readonly price: string;
  readonly quantity: string;
  /** Whose promise stands: the initiator’s alone, or the responder’s too. */
  readonly state: 'proposed' | 'accepted';
  /** Of the latest promise. */
  readonly position: number;
  readonly at: string;
  /** How long ago that was, by the clock of who asks. */
  readonly ageMs: number;
  /** Who has the next word; `initiatorsShard`: the decision stands in the log of another shard, or will. */
  readonly settledBy: 'responder' | 'initiator' | 'initiatorsShard';
}

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

type Promised = Readonly<Record<Exclude<(typeof openDealColumns)[number], 'outcome' | 'quantityLots'>, number>>;

/** A promise that waits for its decision, as people see it. */
export function doubtView(directory: DirectoryFold, deal: Promised, instrumentId: number, nowMs: number): DoubtView {
  const { initiatorId, responderId, proposedLots, acceptedLots, promisedAtMs } = deal;
  const instrument = shownInstrument(directory, instrumentId);
  const isAccepted = acceptedLots > 0;
  const isDecidedRemotely = proposedLots === 0 && isCrossShard(initiatorId, responderId);
  return {
    deal: dealName(deal),
    initiatorIntention: String(initiatorId),
    responderIntention: String(responderId),
    instrument: instrument.symbol,
    price: formatPrice(instrument, deal.priceTicks),
    quantity: formatQuantity(instrument, isAccepted ? acceptedLots : proposedLots),
    state: isAccepted ? 'accepted' : 'proposed',
    position: deal.promisedPosition,
    at: timeText(promisedAtMs),
    ageMs: Math.max(0, nowMs - promisedAtMs),
    settledBy: isDecidedRemotely ? 'initiatorsShard' : isAccepted ? 'initiator' : 'responder',
  };
}
