import { Index } from '../ids.js';
import type { DealInFlight, DealsInFlight } from './deals.js';
import { BrokenHistoryError } from '../market-directory.js';
import type { NegotiatorTable } from '../negotiators/negotiator-table.js';

/** Where negotiators remember what they have promised. */
interface Promises {
  readonly negotiators: NegotiatorTable;
  readonly deals: DealsInFlight;
}

/** The deal in flight that a responder has accepted and not settled yet, or Index.None. */
export function inDoubt(
  { negotiators, deals }: Promises,
  row: number,
  initiatorId: number,
  dealNumber: number,
): number {
  let index = negotiators.firstInDoubt(row);
  while (index !== Index.None) {
    const deal = deals.at(index);
    if (deal.initiatorId === initiatorId && deal.dealNumber === dealNumber) return index;
    index = deal.nextInDoubt;
  }
  return Index.None;
}

/** An initiator settles its proposal. Returns the lots that it had reserved for it. */
export function endProposal(negotiators: NegotiatorTable, row: number, deal: DealInFlight): number {
  negotiators.setOpenProposal(row, Index.None);
  deal.initiatorRow = Index.None;
  return deal.proposedLots;
}

/** A responder settles a deal that it was in doubt about. Returns the lots that it had reserved for it. */
export function endDoubt({ negotiators, deals }: Promises, row: number, index: number): number {
  const deal = deals.at(index);
  if (deal.responderRow !== row) {
    throw new BrokenHistoryError(`intention ${negotiators.id(row)} has no part in that deal`);
  }
  if (negotiators.firstInDoubt(row) === index) {
    negotiators.setFirstInDoubt(row, deal.nextInDoubt);
  } else {
    let before = deals.at(negotiators.firstInDoubt(row));
    while (before.nextInDoubt !== index) before = deals.at(before.nextInDoubt);
    before.nextInDoubt = deal.nextInDoubt;
  }
  deal.responderRow = Index.None;
  return deal.acceptedLots;
}
