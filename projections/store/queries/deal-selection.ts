import type { SqlValue } from '../database/database.js';

/** Which deals to look at, as parts of a SELECT; `deal` is the table of deals. */
export interface DealSelection {
  /** The index that is walked along, joined with the deals. */
  readonly from: string;
  /** The column that the index is in the order of. */
  readonly position: string;
  readonly where: readonly string[];
  readonly values: readonly SqlValue[];
}

/** What deals are asked for by; undefined: any. */
interface WantedDeals {
  readonly participantId: number | undefined;
  readonly instrumentId: number | undefined;
  readonly intentionId: number | undefined;
}

/** Walks along the narrowest index there is for what is given: an intention's deals, a participant's, an instrument's, or all. */
export function selectDeals({ participantId, instrumentId, intentionId }: WantedDeals): DealSelection {
  if (intentionId !== undefined) {
    return along('deal_intentions', [
      ['key.intention_id = ?', intentionId],
      ['(deal.buyer_participant_id = ? OR deal.seller_participant_id = ?)', participantId, participantId],
      ['deal.instrument_id = ?', instrumentId],
    ]);
  }
  if (participantId !== undefined) {
    // A participant without a position in the instrument has no deal in it, and the walk ends before it begins.
    const hasPosition = 'EXISTS (SELECT 1 FROM positions WHERE instrument_id = ? AND participant_id = ?)';
    return along('deal_participants', [
      ['key.participant_id = ?', participantId],
      ['key.instrument_id = ?', instrumentId],
      [hasPosition, instrumentId, participantId],
    ]);
  }
  if (instrumentId !== undefined) return along('deal_instruments', [['key.instrument_id = ?', instrumentId]]);
  return { from: 'deals AS deal', position: 'deal.position', where: [], values: [] };
}

/** A condition that lacks one of its values is not asked for, and left out. */
function along(index: string, conditions: readonly [sql: string, ...values: (number | undefined)[]][]): DealSelection {
  const given = conditions.filter(([, ...values]) => !values.includes(undefined));
  return {
    from: `${index} AS key CROSS JOIN deals AS deal ON deal.position = key.position`, // CROSS keeps the index in front
    position: 'key.position',
    where: given.map(([sql]) => sql),
    values: given.flatMap(([, ...values]) => values.filter((value) => value !== undefined)),
  };
}
