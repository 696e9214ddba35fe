import type { SqlValue } from './database.js';

/** Which deals to look at, as parts of a SELECT; `deal` is the table of deals. */
export interface DealSelection {
  /** The index that is walked along, joined with the deals. */
  readonly from: string;
  /** The column that the index is in the order of. */
  readonly position: string;
  readonly where: readonly string[];
  readonly values: readonly SqlValue[];
}

const WITH_DEALS = 'CROSS JOIN deals AS deal ON deal.position = key.position'; // CROSS keeps the index in front

/** What deals are asked for by; undefined: any. */
interface WantedDeals {
  readonly participantId: number | undefined;
  readonly instrumentId: number | undefined;
  readonly intentionId: number | undefined;
}

/** Walks along the narrowest index there is for what is given: an intention's deals, a participant's, an instrument's, or all. */
export function selectDeals({ participantId, instrumentId, intentionId }: WantedDeals): DealSelection {
  if (intentionId !== undefined) return ofIntention(intentionId, participantId, instrumentId);
  if (participantId !== undefined) return ofParticipant(participantId, instrumentId);
  if (instrumentId !== undefined) {
    const from = `deal_instruments AS key ${WITH_DEALS}`;
    return { from, position: 'key.position', where: ['key.instrument_id = ?'], values: [instrumentId] };
  }
  return { from: 'deals AS deal', position: 'deal.position', where: [], values: [] };
}

function ofIntention(
  intentionId: number,
  participantId: number | undefined,
  instrumentId: number | undefined,
): DealSelection {
  const where = ['key.intention_id = ?'];
  const values = [intentionId];
  if (participantId !== undefined) {
    where.push('(deal.buyer_participant_id = ? OR deal.seller_participant_id = ?)');
    values.push(participantId, participantId);
  }
  if (instrumentId !== undefined) {
    where.push('deal.instrument_id = ?');
    values.push(instrumentId);
  }
  return { from: `deal_intentions AS key ${WITH_DEALS}`, position: 'key.position', where, values };
}

function ofParticipant(participantId: number, instrumentId: number | undefined): DealSelection {
  const from = `deal_participants AS key ${WITH_DEALS}`;
  if (instrumentId === undefined) {
    return { from, position: 'key.position', where: ['key.participant_id = ?'], values: [participantId] };
  }
  // A participant without a position in the instrument has no deal in it, and the walk ends before it begins.
  const where = [
    'key.participant_id = ?',
    'key.instrument_id = ?',
    'EXISTS (SELECT 1 FROM positions WHERE participant_id = ? AND instrument_id = ?)',
  ];
  return { from, position: 'key.position', where, values: [participantId, instrumentId, participantId, instrumentId] };
}
