import type { Explanation, Reason } from './reasons.js';

/** Nobody has this number. */
const HIDDEN = 0;

/**
 * An explanation without who the others were, for a participant in an instrument that hides counterparties: neither names nor intentions.
 * The ids of deals stay: they are what one’s own deals are asked for by.
 */
export function withoutCounterparties(explanation: Explanation): Explanation {
  return { ...explanation, reasons: explanation.reasons.map(withoutPartner) };
}

function withoutPartner(reason: Reason): Reason {
  return 'participantId' in reason ? { ...reason, participantId: HIDDEN, otherId: HIDDEN } : reason;
}
